"""Training on a GPU, by PyTorch, which nothing else here needs: see ``../requirements.txt``."""
