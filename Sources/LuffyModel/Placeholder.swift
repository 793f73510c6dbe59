let placeholderOfModel = 0
