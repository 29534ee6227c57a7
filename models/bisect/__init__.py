"""``python -m models.bisect``: the first layer at which two formats differ."""
