"""Strokes or a picture to the 28x28 digit that the models read."""
