"""``python -m models.add``: add a model of your own."""
