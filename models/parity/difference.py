"""How far apart two lanes' values are."""

from __future__ import annotations

from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

F = TypeVar("F", bound=np.floating[Any])


def absolute(base: NDArray[F], other: NDArray[F]) -> NDArray[F]:
    """``|other − base|`` of arrays that broadcast, in their own precision.

    Equal infinities do not differ; NaN on either side stays NaN.
    """
    with np.errstate(invalid="ignore"):
        apart: NDArray[F] = np.where(base == other, base.dtype.type(0), np.abs(other - base))
    return apart
