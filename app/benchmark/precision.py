"""As many digits as a measured time deserves: those that its 95 % interval leaves certain.

app/benchmark/frontend/precision.js writes the same while the browser measures.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Sequence
from decimal import ROUND_HALF_UP, Decimal

from models.parity import figures
from models.parity.timing import median, median_interval

MOST = 3  # significant figures: more are never compared by eye
MICROSECOND = 1e-3  # finer differences of two clock readings are their rounding


def time(times: Sequence[float], turns: Sequence[int] = ()) -> str:
    """The median of at least one time in milliseconds, with its unit: 0.21 ms, 310 ms."""
    return f"{_written(median(times), median_interval(times, turns), _finest(times))} ms"


def rate(times: Sequence[float], turns: Sequence[int] = ()) -> str:
    """Pictures per second, of times per picture with a median of more than 0: 14,400 pictures/s."""
    low, high = median_interval(times, turns)
    value, finest = 1e3 / median(times), _finest(times) / median(times) ** 2 * 1e3
    fastest = 1e3 / low if low > 0 else 2 * value  # where the clock is too coarse for it
    return f"{_written(value, (1e3 / high, fastest), finest)} pictures/s"


def written(value: float, low: float, high: float) -> str:
    """``value`` without the digits that are uncertain if it may as well be ``low`` or ``high``."""
    return _written(value, (low, high), 0.0)


def _written(value: float, between: tuple[float, float], finest: float) -> str:
    width = max(between[1] - between[0], finest)
    if value <= 0 or width <= 0:
        return figures.time(value)
    own = math.floor(math.log10(value))
    last = min(own, max(math.floor(math.log10(width)), own - MOST + 1))
    step = Decimal(1).scaleb(last)
    rounded = (Decimal(value) / step).quantize(Decimal(1), ROUND_HALF_UP) * step
    return f"{rounded:,.{max(0, -last)}f}"


def _finest(times: Sequence[float]) -> float:
    """The smallest step between two times: that of the clock, where it is coarse; 0 if all are
    equal.
    """
    known = sorted(set(times))
    gaps = [b - a for a, b in itertools.pairwise(known) if b - a >= MICROSECOND]
    return min(gaps, default=0.0)
