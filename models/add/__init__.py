"""``python -m models.add``: adds a model of your own."""
