"""As many digits as a measured time deserves: those that its 95 % interval leaves certain.

app/benchmark/frontend/precision.js writes the same while the browser measures.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Sequence
from decimal import ROUND_HALF_UP, Decimal

from models.parity import figures
from models.parity.timing import CONFIDENCE, by_turn, median

MOST = 3  # significant figures: more are never compared by eye
MICROSECOND = 1e-3  # finer differences of two clock readings are their rounding


def time(times: Sequence[float], turns: Sequence[int] = ()) -> str:
    """The median of at least one time in milliseconds, with its unit: 0.21 ms, 310 ms."""
    return f"{_written(median(times), interval(times, turns), _finest(times))} ms"


def rate(times: Sequence[float], turns: Sequence[int] = ()) -> str:
    """Pictures per second, of times per picture with a median of more than 0: 14,400 pictures/s."""
    low, high = interval(times, turns)
    value, finest = 1e3 / median(times), _finest(times) / median(times) ** 2 * 1e3
    fastest = 1e3 / low if low > 0 else 2 * value  # where the clock is too coarse for it
    return f"{_written(value, (1e3 / high, fastest), finest)} pictures/s"


def interval(times: Sequence[float], turns: Sequence[int] = ()) -> tuple[float, float]:
    """The 95 % interval of the median, exact for any distribution (order statistics of the turns'
    medians); of fewer than six turns it is all of them.
    """
    found, middle = sorted(by_turn(times, turns)), median(times)
    at = _rank(len(found))
    return min(found[at], middle), max(found[-1 - at], middle)


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


def _rank(count: int) -> int:
    """How many of so many sorted values lie below the interval of their median."""
    below, at = 0.0, -1
    while at * 2 < count:
        below += math.comb(count, at + 1) * 0.5**count
        if below > (1 - CONFIDENCE) / 2:
            break
        at += 1
    return max(0, at)
