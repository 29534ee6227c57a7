"""Runs lanes in a browser without a window, with the modules that pages use."""
