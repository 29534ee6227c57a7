"""Compares two lanes layer by layer, to find where they diverge.

What a layer gives in the two differs by what it inherited and by what it adds itself: its *own*
difference, that of what it gives from the reference's inputs.

A layer may differ by ``RTOL`` times the largest magnitude that the reference has there; ``ATOL``
is for layers that are all zero. A tolerance for each value, as in numpy.allclose, would be too
strict: small activations are sums of terms as large as those of large ones, and float32's rounding
grows with the terms. On probabilities, whose largest is near 1, it is the verdict's tolerance.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from models.parity.difference import absolute
from models.runtimes.activations import Feeds, Own, Trace

ATOL = 1e-8
RTOL = 1e-5
JUMP = 10.0  # how many times as far from the reference as its inputs a layer is that adds to it

Values = NDArray[np.float32]


@dataclass(frozen=True)
class LayerDifference:
    """How far another lane is from the reference after one layer.

    ``part`` is the counterpart in the other lane. ``max_abs`` and ``mean_abs`` are of the absolute
    differences, ``relative`` is ``max_abs`` over ``scale``, the largest finite magnitude in the
    reference, and ``worst`` the index of the largest difference, digit first. Where the two cannot
    be compared, the differences are NaN and ``problem`` says why. ``atol`` is the term of
    ``allowed`` that does not grow with ``scale``.

    ``own`` is the layer's own difference over ``scale``, NaN where what it gives has another shape
    or is NaN itself, and ``own_allowed`` what it may be. It is None where the layer could not be
    asked alone; ``own_problem`` may say why. ``step_of`` names the layer of which this is the first
    of two steps.
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
    own: float | None = None
    own_allowed: float = RTOL
    own_problem: str | None = None
    step_of: str = ""

    @property
    def of(self) -> str:
        """The layer, also where this is the first of its two steps."""
        return self.step_of or self.layer

    @property
    def faulty(self) -> bool:
        """Whether the layer itself adds more than it may; NaN is always more."""
        return self.own is not None and not self.own <= self.own_allowed

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
    steps_of: Mapping[str, str] | None = None,
) -> tuple[LayerDifference, ...]:
    """Compare the reference's layer with the other lane's part for every pair, in order.

    ``steps_of`` maps first steps to their layers. Pairs that are missing from one of the traces are
    left out.
    """
    found = (
        _difference((layer, part), reference.outputs[layer], other.outputs[part], atol, rtol)
        for layer, part in pairs
        if layer in reference.outputs and part in other.outputs
    )
    known = steps_of or {}
    return tuple(replace(each, step_of=known.get(each.layer, "")) for each in found)


def smallest_rtol(differences: Iterable[LayerDifference]) -> float:
    """The smallest tolerance that every layer would pass; NaN where one cannot be compared."""
    return float(np.max([each.smallest_rtol for each in differences], initial=0.0))


def first_divergent(differences: Iterable[LayerDifference]) -> LayerDifference | None:
    """The first layer that is beyond the tolerance."""
    return next((each for each in differences if not each.passed), None)


def with_own(
    differences: Iterable[LayerDifference],
    reference: Trace,
    own: Own,
    allowed: Mapping[str, float],
) -> tuple[LayerDifference, ...]:
    """The differences with what each layer adds itself. ``allowed`` is by the lane's parts."""
    return tuple(_with_own(each, reference, own, allowed) for each in differences)


def first_faulty(differences: Iterable[LayerDifference], feeds: Feeds) -> LayerDifference | None:
    """The first layer that adds more than it may.

    One that could not be asked alone counts where it is beyond the tolerance and much farther from
    the reference than the parts in ``feeds`` that it is computed from.
    """
    known: dict[str, LayerDifference] = {}
    for each in differences:
        before = [known[part] for part in feeds.get(each.part, ()) if part in known]
        if each.faulty or (each.own is None and _jumps(each, before)):
            return each
        known[each.part] = each
    return None


def _jumps(each: LayerDifference, before: Iterable[LayerDifference]) -> bool:
    inherited = max((one.relative for one in before), default=0.0)
    return not each.passed and not each.relative <= JUMP * inherited


def _with_own(
    each: LayerDifference, reference: Trace, own: Own, allowed: Mapping[str, float]
) -> LayerDifference:
    if each.part not in own.outputs:
        return replace(each, own_problem=own.errors.get(each.part))
    rtol = allowed.get(each.part, RTOL)
    names = (each.layer, each.part)
    alone = _difference(names, reference.outputs[each.layer], own.outputs[each.part], 0.0, rtol)
    return replace(each, own=alone.relative, own_allowed=rtol, own_problem=alone.problem)


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
