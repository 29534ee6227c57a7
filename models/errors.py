"""Errors whose message is meant for the person at the screen: what is wrong, what to do."""


class DigitParityError(Exception):
    """Base of all errors that this project raises on purpose."""


class InputError(DigitParityError):
    """A picture, drawing or file of digits that cannot be used."""


class ModelError(DigitParityError):
    """A model's files that cannot be read, converted or run."""
