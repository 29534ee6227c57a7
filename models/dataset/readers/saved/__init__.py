"""Arrays as NumPy and MATLAB save them."""
