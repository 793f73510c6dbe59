let placeholderOfCheckpoint = 0
