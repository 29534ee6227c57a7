"""``python -m models.verify``: does every lane give what the reference gives?"""
