let placeholderOfKernelsPortable = 0
