"""Counts and shares in words."""

from __future__ import annotations

from models.parity import figures


def many(count: int, word: str) -> str:
    """A count in words: ``1 image``, ``10,000 images``."""
    return f"{count:,} {word}" if count == 1 else f"{count:,} {word}s"


def percent(share: float) -> str:
    """A share from 0 to 1 in words: ``99.2 %``. Only all is 100 %, and only none is 0 %."""
    if share in (0, 1):
        return "100 %" if share else "0 %"
    for decimals in range(1, 5):
        text = figures.fixed(100 * share, decimals)
        if 0 < float(text) < 100:
            return f"{text} %"
    return f"{text} %"
