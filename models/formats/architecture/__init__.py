"""What a model is made of, read from its file alone and without running anything in it."""
