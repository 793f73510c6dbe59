let placeholderOfRollout = 0
