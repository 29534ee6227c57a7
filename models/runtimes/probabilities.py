"""Checks that a lane's answer is one of probabilities: finite, and from 0 to 1."""

from __future__ import annotations

import numpy as np

from models.errors import ModelError
from models.lanes import NOT_NUMBERS, Probabilities

ROUNDING = 1e-3  # how far beyond 0 and 1 a rounded probability may lie


def check(values: Probabilities) -> Probabilities:
    """Return the answers (n, classes) unchanged. Raises ModelError when one is no probability.

    A network gives NaN where a number overflowed: float16 ends at 65,504.
    """
    broken = int((~np.isfinite(values)).any(axis=1).sum())
    if broken:
        where = "" if len(values) == 1 else f", to {broken:,} of {len(values):,} inputs,"
        raise ModelError(
            f"The lane's answer{where} holds {NOT_NUMBERS}. "
            "The Inspect page, or `digit-parity bisect`, shows the layer where that begins."
        )
    if values.size and not -ROUNDING <= values.min() <= values.max() <= 1 + ROUNDING:
        raise ModelError(
            f"The model gives values from {values.min():g} to {values.max():g}. Expected "
            "probabilities, from 0 to 1: put a Softmax layer at its end."
        )
    return values
