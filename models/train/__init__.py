"""``python -m models.train``: train the model that ships."""
