let placeholderOfKernels = 0
