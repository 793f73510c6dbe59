let placeholderOfVerifier = 0
