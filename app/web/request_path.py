"""Numbers in an address. Starlette's own raises for one of thousands of digits."""

from __future__ import annotations

_DIGITS = 6


def place(text: str) -> int | None:
    """A whole number from 0 on; None for anything else, which is nowhere."""
    return int(text) if text.isdecimal() and len(text) <= _DIGITS else None
