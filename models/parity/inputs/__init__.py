"""Judges answers to inputs that were made in another way."""
