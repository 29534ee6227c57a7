"""The fixed tolerances that other converters' tools and tutorials compare outputs by."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np
from numpy.typing import ArrayLike

Passes = Callable[[ArrayLike, ArrayLike], bool]


def _close(atol: float, rtol: float) -> Passes:
    return lambda base, other: bool(np.allclose(other, base, rtol=rtol, atol=atol))


def _either(atol: float, rtol: float) -> Passes:
    """Each value has to keep one of the two tolerances, as Polygraphy's default has it."""

    def passes(base: ArrayLike, other: ArrayLike) -> bool:
        own, apart = np.asarray(base), np.abs(np.asarray(other) - np.asarray(base))
        return bool(((apart <= atol) | (apart <= rtol * np.abs(own))).all())

    return passes


# docs/rounding.md says where each is from.
FIXED: Mapping[str, Passes] = {
    "Polygraphy": _either(1e-5, 1e-5),
    "ONNX tutorials": _close(1e-5, 1e-3),
    "coremltools": _close(1e-4, 1e-5),
}
