let placeholderOfOptimizer = 0
