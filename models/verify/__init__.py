"""``python -m models.verify``: does every lane answer like the reference?"""
