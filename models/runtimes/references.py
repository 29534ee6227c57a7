"""What lanes are compared with: the reference's answers, exact's, and the bound between them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from models.dataset import Dataset
from models.errors import ModelError
from models.formats.manifest import Manifest
from models.formats.manifest_fields import Rounding
from models.lanes import Lane, Pixels, Probabilities
from models.parity import rule
from models.parity.judgement import ByRule, ByTolerance
from models.runtimes import exact, predict_set, server_lane
from models.runtimes.process import trials

_SEED = 9
_STEP = 2.0**-22  # a rounding error of a pixel, generously
_DRAWS = 2


@dataclass(frozen=True, eq=False)
class Reference:
    """The reference's answers, what lanes are compared with (``base``), both (n, classes), and how.

    ``base`` is exact, or the reference itself where exact cannot be had, which ``estimated`` then
    explains, or was not asked for. ``own`` is how far the reference is from exact, or its estimate;
    None where a person gave a tolerance.
    """

    lane: Lane
    answers: Probabilities
    base: NDArray[np.floating[Any]]
    judge: ByRule | ByTolerance
    own: float | None = None
    estimated: str | None = None

    @property
    def rounding(self) -> Rounding | None:
        """What a manifest keeps of this; None where a person gave a tolerance."""
        if not isinstance(self.judge, ByRule):
            return None
        scale = float(np.abs(self.base).max()) if self.judge.head == "values" else None
        return Rounding(self.judge.head, self.judge.bound, scale)


def find(
    manifest: Manifest, folder: Path, digits: Dataset, tolerance: ByTolerance | None = None
) -> Reference:
    """Ask the reference of the model in ``folder``, and derive its bound unless there is a
    tolerance.

    Raises ModelError when it cannot answer, or answers NaN.
    """
    lane = manifest.reference
    answers = _answers(digits, lane, folder)
    if broken := int((~np.isfinite(answers)).any(axis=1).sum()):
        raise ModelError(
            f"The reference {lane} itself gives NaN for {broken:,} of {len(digits):,} inputs, so "
            "there is nothing to compare with."
        )
    if tolerance is not None:
        return Reference(lane, answers, answers, tolerance)
    return of(manifest, folder, digits.pixels(), answers)


def of(manifest: Manifest, folder: Path, pixels: Pixels, answers: Probabilities) -> Reference:
    """The reference of the model in ``folder``, which gave these ``answers`` (n, classes) to
    ``pixels`` (n, 28, 28) in [0, 1], and its bound.

    Raises ModelError when exact cannot be had and the reference cannot be loaded.
    """
    lane = manifest.reference
    given = exact.inputs(manifest, pixels)
    try:
        model, library = exact.reference_model(manifest, folder)
    except ModelError as error:
        loaded = server_lane.load(folder, lane)
        return _estimated(lane, pixels, answers, loaded.predict, str(error))
    try:
        with trials.trial("exact arithmetic"):
            return _exact(lane, model, library, given, answers)
    except ModelError as error:
        ask = partial(exact.predict, model, dtype="float32")
        return _estimated(lane, given, answers, ask, str(error))


def _answers(digits: Dataset, lane: Lane, folder: Path) -> Probabilities:
    try:
        with trials.trial(f"the reference {lane}"):
            (scores,) = predict_set.predict(digits, [lane], folder, checked=False)
        if scores.error is None:
            return scores.probabilities
        why = scores.error
    except ModelError as error:  # it ended the process before
        why = str(error)
    raise ModelError(f"The reference {lane} cannot answer. {why}")


def _exact(
    lane: Lane, model: Any, library: Any, given: Pixels, answers: Probabilities
) -> Reference:
    base = exact.answers(model, given, library)
    head = rule.head_of(base)
    own = rule.distance(base, answers, head).largest
    float32 = None
    if not exact.is_float32(model):
        twin = exact.as_dtype(model, "float32", library)
        float32 = rule.distance(base, exact.predict(twin, given, "float32"), head).largest
    return Reference(lane, answers, base, ByRule(head, rule.bound(own, float32)), own)


def _estimated(
    lane: Lane,
    given: Pixels,
    answers: Probabilities,
    ask: Callable[[Pixels], NDArray[np.floating[Any]]],
    why: str,
) -> Reference:
    """How far a rounding error in its inputs takes the reference stands for its distance from
    exact. On 26 networks that have both, it was 0.3 to 2.6 times that.
    """
    random = np.random.default_rng(_SEED)
    head = rule.head_of(answers)
    own = 0.0
    for _ in range(_DRAWS):
        moved = given * (1 + random.uniform(-_STEP, _STEP, given.shape))
        own = max(own, rule.distance(answers, ask(moved.astype(np.float32)), head).largest)
    return Reference(lane, answers, answers, ByRule(head, rule.bound(own)), own, why)
