let placeholderOfObjective = 0
