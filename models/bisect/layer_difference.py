"""How far two lanes are apart at a layer, and which layer is the first to diverge.

What a layer gives in the two differs by what it inherited and by what it adds itself: its *own*
difference, that of what it gives from the reference's inputs.

A layer may differ by ``RTOL`` times the largest magnitude that the reference has there; ``ATOL``
is for layers that are all zero. A tolerance for each value, as in numpy.allclose, would be too
strict: small activations are sums of terms as large as those of large ones, and float32's rounding
grows with the terms. On probabilities, whose largest is near 1, it is the verdict's tolerance.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass

import numpy as np

from models.runtimes.graph_steps import Feeds

ATOL = 1e-8
RTOL = 1e-5
JUMP = 10.0  # how many times as far from the reference as its inputs a layer is that adds to it


@dataclass(frozen=True)
class LayerDifference:
    """How far another lane is from the reference after one layer.

    ``part`` is the counterpart in the other lane. ``max_abs`` and ``mean_abs`` are of the absolute
    differences, ``relative`` is ``max_abs`` over ``scale``, the largest finite magnitude in the
    reference, and ``worst`` the index of the largest difference, input first. Where the two cannot
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


def smallest_rtol(differences: Iterable[LayerDifference]) -> float:
    """The smallest tolerance that every layer would pass; NaN where one cannot be compared."""
    return float(np.max([each.smallest_rtol for each in differences], initial=0.0))


def first_divergent(differences: Iterable[LayerDifference]) -> LayerDifference | None:
    """The first layer that is beyond the tolerance."""
    return next((each for each in differences if not each.passed), None)


def first_faulty(
    differences: Iterable[LayerDifference], feeds: Feeds, inputs: Collection[str] = ()
) -> LayerDifference | None:
    """The first layer that adds more than it may.

    The model's ``inputs`` compute nothing, though a graphics card may round them.
    One that could not be asked alone counts where it is beyond the tolerance and much farther from
    the reference than the parts in ``feeds`` that it is computed from.
    """
    known: dict[str, LayerDifference] = {}
    for each in differences:
        before = [known[part] for part in feeds.get(each.part, ()) if part in known]
        if each.faulty or (each.own is None and each.part not in inputs and _jumps(each, before)):
            return each
        known[each.part] = each
    return None


def _jumps(each: LayerDifference, before: Iterable[LayerDifference]) -> bool:
    inherited = max((one.relative for one in before), default=0.0)
    return not each.passed and not each.relative <= JUMP * inherited
