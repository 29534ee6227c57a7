"""The picture on which a model's two formats differ most, searched in the visitor's browser."""
