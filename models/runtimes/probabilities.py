"""What can be an answer: one finite share of 1 for each class."""

from __future__ import annotations

import numpy as np

from models.errors import ModelError
from models.lanes import Probabilities

ROUNDING = 1e-3  # beyond 0 and 1 there is room for rounding and no more


def check(values: Probabilities) -> Probabilities:
    """Return the answers (n, classes) as they are. Raises ModelError where they cannot be any.

    A network gives NaN where a number overflowed: float16 ends at 65,504.
    """
    broken = int((~np.isfinite(values)).any(axis=1).sum())
    if broken:
        where = "" if len(values) == 1 else f", to {broken:,} of {len(values):,} digits,"
        raise ModelError(
            f"The lane's answer{where} holds values that are no numbers (NaN or infinite). "
            "The Inspect page, or `python -m models.bisect`, shows the layer where that begins."
        )
    if values.size and not -ROUNDING <= values.min() <= values.max() <= 1 + ROUNDING:
        raise ModelError(
            f"The model gives values from {values.min():g} to {values.max():g}. Expected "
            "probabilities, from 0 to 1: put a Softmax layer at its end."
        )
    return values
