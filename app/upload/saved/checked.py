"""Checks of a report's lists and numbers. Each returns the values or raises ValueError."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from app.frontend import report_values as values
from models.dataset import UNKNOWN

MAX_NAME = 200  # characters; more are cut off


def texts(raw: Any, most: int, what: str) -> tuple[str, ...]:
    """At most so many texts; ``what`` names them in a message."""
    return tuple(values.text(each, MAX_NAME) for each in values.listed(raw, most, what))


def places(raw: Any, count: int, classes: int) -> NDArray[np.int64]:
    """(count,) classes; UNKNOWN where there is none."""
    listed = values.listed(raw, count, "classes of images")
    found = [UNKNOWN if each is None else values.count(each) for each in listed]
    if len(found) != count or any(each >= classes for each in found):
        raise ValueError("images and their classes do not fit")
    return np.array(found, np.int64)


def shares(raw: Any, count: int) -> NDArray[np.float32]:
    """(count,) numbers from 0 to 1; NaN where there is none."""
    found = [number(each) for each in values.listed(raw, count, "shares")]
    if len(found) != count or any(each is not None and each > 1.001 for each in found):
        raise ValueError("images and their numbers do not fit")
    return np.array([np.nan if each is None else each for each in found], np.float32)


def number(raw: Any) -> float | None:
    """A finite number of 0 or more; None for none."""
    if raw is None:
        return None
    if isinstance(raw, bool) or not isinstance(raw, int | float) or not 0 <= raw < 1e300:
        raise ValueError("a figure is no number of 0 or more")
    return float(raw)


def needed(raw: Any) -> float:
    """A finite number of 0 or more."""
    found = number(raw)
    if found is None:
        raise ValueError("a figure is missing")
    return found
