let placeholderOfKernelsAVX512 = 0
