"""Compares two lanes layer by layer, to find where they diverge.

A layer may differ by ``RTOL`` times the largest magnitude that the reference has there; ``ATOL``
is for layers that are all zero. A tolerance for each value, as in numpy.allclose, would be too
strict: small activations are sums of terms as large as those of large ones, and float32's rounding
grows with the terms. On probabilities, whose largest is near 1, it is the verdict's tolerance.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from models.parity.difference import absolute
from models.runtimes.activations import Trace

ATOL = 1e-8
RTOL = 1e-5

Values = NDArray[np.float32]


@dataclass(frozen=True)
class LayerDifference:
    """How far another lane is from the reference after one layer.

    ``part`` is the counterpart in the other lane. ``max_abs`` and ``mean_abs`` are of the absolute
    differences, ``relative`` is ``max_abs`` over ``scale``, the largest finite magnitude in the
    reference, and ``worst`` the index of the largest difference, digit first. Where the two cannot
    be compared, the differences are NaN and ``problem`` says why. ``atol`` is the term of
    ``allowed`` that does not grow with ``scale``.
    """

    layer: str
    part: str
    shape: tuple[int, ...]
    max_abs: float
    mean_abs: float
    scale: float
    worst: tuple[int, ...]
    allowed: float
    problem: str | None = None
    atol: float = ATOL

    @property
    def relative(self) -> float:
        """The largest difference as a share of the layer's largest magnitude."""
        if self.max_abs == 0:
            return 0.0
        return self.max_abs / self.scale if self.scale else float("inf")

    @property
    def smallest_rtol(self) -> float:
        """The smallest ``rtol`` that the layer would pass; NaN where it cannot be compared."""
        beyond = self.max_abs - self.atol
        if beyond <= 0:
            return 0.0
        return beyond / self.scale if self.scale else beyond * float("inf")  # NaN stays NaN

    @property
    def passed(self) -> bool:
        """Whether the layer is within the tolerance; NaN never is."""
        return self.max_abs <= self.allowed


def compare(
    reference: Trace,
    other: Trace,
    pairs: Iterable[tuple[str, str]],
    *,
    atol: float = ATOL,
    rtol: float = RTOL,
) -> tuple[LayerDifference, ...]:
    """Compare the reference's layer with the other lane's part for every pair, in order.

    Pairs that are missing from one of the traces are left out.
    """
    return tuple(
        _difference((layer, part), reference.outputs[layer], other.outputs[part], atol, rtol)
        for layer, part in pairs
        if layer in reference.outputs and part in other.outputs
    )


def smallest_rtol(differences: Iterable[LayerDifference]) -> float:
    """The smallest tolerance that every layer would pass; NaN where one cannot be compared."""
    return float(np.max([each.smallest_rtol for each in differences], initial=0.0))


def first_divergent(differences: Iterable[LayerDifference]) -> LayerDifference | None:
    """The first layer that is beyond the tolerance."""
    return next((each for each in differences if not each.passed), None)


def _difference(
    names: tuple[str, str], base: Values, other: Values, atol: float, rtol: float
) -> LayerDifference:
    # Only finite values count: one infinity would allow all others to differ.
    scale = float(np.abs(base).max(initial=0.0, where=np.isfinite(base)))
    allowed = atol + rtol * scale
    if base.shape != other.shape:
        problem = f"its shape is {_shape(other)} where the reference has {_shape(base)}"
        nan = float("nan")
        return LayerDifference(*names, base.shape, nan, nan, scale, (), allowed, problem, atol)
    apart = absolute(base.astype(np.float64), other.astype(np.float64))
    worst = np.unravel_index(int(np.argmax(apart)), apart.shape)  # NaN counts as the largest
    return LayerDifference(
        *names,
        base.shape,
        float(apart[worst]),
        float(apart.mean()),
        scale,
        tuple(map(int, worst)),
        allowed,
        atol=atol,
    )


def _shape(values: Values) -> str:
    return "×".join(map(str, values.shape[1:]))
