"""How large a model may be, which the operator sets."""

from __future__ import annotations

import os

VARIABLE = "DIGIT_PARITY_MODEL_MB"
_USUAL = 1_024  # megabytes; EfficientNetB7 has 256
_MOST = 1 << 20


def most() -> int:
    """The most bytes that the files of one model may have. Raises ValueError, in words, for a
    variable that is no number of megabytes.
    """
    said = os.environ.get(VARIABLE, "").strip() or str(_USUAL)
    if not (said.isascii() and said.isdigit() and len(said) < 9 and 1 <= int(said) <= _MOST):
        raise ValueError(
            f"cannot be looked at while the environment variable {VARIABLE} is {said[:60]!r}: set "
            f"it to a number of megabytes, from 1 to {_MOST:,}"
        )
    return int(said) << 20


def check(size: int, what: str = "files") -> None:
    """Raise ValueError, in words, for a model of more bytes."""
    if size > most():
        raise ValueError(
            f"has {what} of {size >> 20:,} MB; {most() >> 20:,} MB is the most here, and the "
            f"environment variable {VARIABLE} sets another"
        )
