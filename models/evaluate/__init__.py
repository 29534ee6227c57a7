"""``python -m models.evaluate``: how well each format reads a labelled test set."""
