"""Formats figures for the screen, the same in every sentence, card and table.

The float's exact value is rounded, halves up. JavaScript's ``toFixed``, which ``app/ui/figures.js``
uses for the browser's lanes, does the same; Python's ``format`` would round 2.25 to 2.2.
"""

from __future__ import annotations

import math
from decimal import ROUND_HALF_UP, Context, Decimal

LEAST = 1e-9  # a sentence writes no smaller share
_TWO_FIGURES = Context(prec=2, rounding=ROUND_HALF_UP)


def milliseconds(value: float) -> str:
    """A time with its unit: 0.23 ms, 12 ms, 1,250 ms. ``value`` is finite and not negative."""
    return f"{time(value)} ms"


def time(value: float) -> str:
    """Milliseconds with two significant figures or more, but no more than three decimals.

    ``value`` is finite and not negative.
    """
    if value >= 9.95:
        return fixed(value, 0)
    if value >= 0.995:
        return fixed(value, 1)
    return fixed(value, 2 if value >= 0.0995 else 3).rstrip("0").rstrip(".")


def percent(share: float) -> str:
    """A finite share of 1 as a percentage with one decimal: 99.6 %."""
    return f"{fixed(100 * share, 1)} %"


def fixed(value: float, decimals: int) -> str:
    """A finite number with ``decimals`` decimals and thousands separators: 1,250.0."""
    return f"{Decimal(value).quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP):,f}"


def kilobytes(size: int) -> str:
    """Bytes of a download: 481 kB, 16,900 kB."""
    return f"{fixed(size / 1e3, 0)} kB"


def plain(value: float) -> str:
    """A share for a sentence, in two significant figures and never with an exponent: 0.00000012,
    1.7, 200,000. Less than ``LEAST`` is rounded up to that; NaN and infinity are words.

    ``value`` is not negative.
    """
    if not math.isfinite(value):
        return "NaN" if math.isnan(value) else "infinity"
    if value == 0:
        return "0"
    rounded = _TWO_FIGURES.create_decimal_from_float(max(value, LEAST))
    text = f"{rounded:,f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def share(value: float) -> str:
    """A share of 1 in two significant figures: 3.3e-7, 0.31, 1.7; NaN as it is written."""
    if math.isnan(value):
        return "NaN"
    return f"{value:.2g}" if 0.01 <= value < 1e4 else short(value)


def short(value: float) -> str:
    """A small number in short scientific notation: 1.2e-7; 0 stays 0."""
    if value == 0:
        return "0"
    if not math.isfinite(value):
        return str(value)
    mantissa, _, exponent = f"{value:.1e}".partition("e")
    return f"{mantissa.removesuffix('.0')}e{int(exponent)}"
