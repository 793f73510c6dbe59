let placeholderOfKernelsAVX2 = 0
