"""``python -m models.verify.hunt``: the input on which two lanes are farthest apart."""
