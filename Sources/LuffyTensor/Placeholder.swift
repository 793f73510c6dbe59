let placeholderOfTensor = 0
