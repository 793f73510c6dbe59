let placeholderOfSampler = 0
