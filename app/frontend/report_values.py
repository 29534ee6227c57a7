"""Checks of single values from a browser or a dropped file.

Every function returns the value, or raises ValueError with text for a message.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

MAX_TEXT = 500  # characters; more are cut off
MAX_MS = 3_600_000.0  # an hour
MAX_COUNT = 2**53


def text(raw: Any, most: int = MAX_TEXT) -> str:
    """A string, cut off after ``most`` characters."""
    if not isinstance(raw, str):
        raise ValueError(f"{type(raw).__name__} is there where a text is expected")
    return raw[:most]


def listed(raw: Any, at_most: int, what: str = "something") -> list[Any]:
    """A list of at most ``at_most`` items. ``what`` names it in the message."""
    if not isinstance(raw, list) or len(raw) > at_most:
        raise ValueError(f"{what} must be a list of at most {at_most}")
    return raw


def mapping(raw: Any, at_most: int) -> Mapping[Any, Any]:
    """A mapping with at most ``at_most`` entries."""
    if not isinstance(raw, Mapping) or len(raw) > at_most:
        raise ValueError(f"an object with at most {at_most} entries is expected")
    return raw


def flag(raw: Any, what: str) -> bool:
    """True or false. ``what`` names it in the message."""
    if not isinstance(raw, bool):
        raise ValueError(f"{what} is neither true nor false")
    return raw


def count(raw: Any) -> int:
    """An integer from 0 to ``MAX_COUNT``."""
    if isinstance(raw, bool) or not isinstance(raw, int) or not 0 <= raw <= MAX_COUNT:
        raise ValueError("a count is not a whole number of 0 or more")
    return raw


def milliseconds(raw: Any) -> float:
    """A time in milliseconds, from 0 to ``MAX_MS``."""
    if isinstance(raw, bool) or not isinstance(raw, int | float):
        raise ValueError(f"a time is {type(raw).__name__} where a number is expected")
    if not (math.isfinite(raw) and 0 <= raw <= MAX_MS):
        raise ValueError("a time is not between 0 and an hour")
    return float(raw)
