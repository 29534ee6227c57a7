"""Training on a GPU, by PyTorch, which nothing else here needs: install it where there is one."""
