"""The Upload page's results of a test set."""
