"""Counts and shares in words."""

from __future__ import annotations

from models.parity import figures


def many(count: int, word: str) -> str:
    """A count in words: ``1 image``, ``10,000 images``."""
    return f"{count:,} {word}" if count == 1 else f"{count:,} {word}s"


def percent(part: int, whole: int) -> str:
    """A share in words: ``99.2 %``. Only all is 100 %, only none is 0 %; ``whole`` is not 0."""
    if part in (0, whole):
        return "100 %" if part else "0 %"
    for decimals in range(1, 5):
        text = figures.fixed(100 * part / whole, decimals)
        if 0 < float(text) < 100:
            return f"{text} %"
    return f"{text} %"
