let placeholderOfTrainer = 0
