"""Compares every lane of a model with its reference on digits, and judges it by a tolerance."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from models.dataset import Dataset
from models.errors import InputError, ModelError
from models.formats import manifest as manifests
from models.formats.manifest import Manifest
from models.lanes import CONVERTED, TENSORFLOW, WEIGHTS, Lane, Weights
from models.parity import agreement
from models.parity.agreement import ATOL, RTOL, Agreement
from models.parity.scores import Scores
from models.runtimes import node
from models.runtimes.predict_set import predict

Outcome = Literal["PASSED", "FAILED", "NO ANSWER", "not judged"]
RUNTIMES = (TENSORFLOW, *node.RUNTIMES)
SAME, DIFFERS, NOT_COMPARED = 0, 1, 2  # exit codes


@dataclass(frozen=True)
class Check:
    """One lane against the reference: their agreement, or the reason why there is none."""

    lane: Lane
    agreement: Agreement | None
    judged: bool
    seconds: float = 0.0
    error: str | None = None

    @property
    def outcome(self) -> Outcome:
        """A lane that is judged has to answer; others are only listed."""
        if not self.judged:
            return "not judged"
        if self.agreement is None:
            return "NO ANSWER"
        return "PASSED" if self.agreement.passed else "FAILED"


@dataclass(frozen=True)
class Verification:
    """The result of comparing all lanes on ``images`` digits.

    ``changed`` lists files that are missing or differ from the manifest's. They do not change the
    outcome: converting a model again may write the same numbers in other bytes.
    """

    manifest: Manifest
    images: int
    atol: float
    rtol: float
    checks: tuple[Check, ...]
    changed: tuple[str, ...]

    def lanes(self, outcome: Outcome) -> list[Check]:
        """The checks with this outcome."""
        return [check for check in self.checks if check.outcome == outcome]

    @property
    def exit_code(self) -> int:
        """``DIFFERS`` before ``NOT_COMPARED`` before ``SAME``."""
        if self.lanes("FAILED"):
            return DIFFERS
        return NOT_COMPARED if self.lanes("NO ANSWER") else SAME


def verify(
    folder: Path,
    digits: Dataset,
    *,
    runtimes: Sequence[str] = RUNTIMES,
    judged: Sequence[Weights] = ("float32",),
    atol: float = ATOL,
    rtol: float = RTOL,
) -> Verification:
    """Compare every lane of the model in ``folder`` with its reference on ``digits``.

    Kinds of weights that are not in ``judged`` are compared on TensorFlow only and not judged:
    quantised weights are rounded on purpose. Raises ModelError without a readable manifest, without
    another lane, or when the reference cannot answer; InputError without digits, or when a
    tolerance is negative or not finite.
    """
    manifest = manifests.read(folder)
    agreement.check_tolerance(atol, rtol)
    if not len(digits):
        raise InputError("No digit could be read, so there is nothing to compare on.")
    lanes = _lanes(manifest, runtimes, judged)
    if not lanes:
        raise ModelError(
            f"Model {manifest.name!r} has no lane beside {manifest.reference} on "
            f"{' or '.join(runtimes)}: there is nothing to compare."
        )
    reference, *others = predict(digits, [manifest.reference, *lanes], folder)
    if reference.error is not None:
        raise ModelError(f"The reference {reference.lane} cannot answer. {reference.error}")
    checks = [
        _check(reference, other, other.lane.weights in judged, atol, rtol) for other in others
    ]
    changed = manifests.changed(manifest, folder)
    return Verification(manifest, len(digits), atol, rtol, tuple(checks), tuple(changed))


def _lanes(manifest: Manifest, runtimes: Sequence[str], judged: Sequence[Weights]) -> list[Lane]:
    """The stored formats on every runtime that can run them, judged ones first."""
    lanes = [
        Lane(form, runtime, weights)
        for weights in sorted(WEIGHTS, key=lambda each: each not in judged)
        for runtime in sorted(set(runtimes), key=RUNTIMES.index)
        for form in CONVERTED
        if manifests.stored_form(form, weights) in manifest.lanes
        and (weights in judged or runtime == TENSORFLOW)
    ]
    return [lane for lane in lanes if lane != manifest.reference]


def _check(reference: Scores, other: Scores, judged: bool, atol: float, rtol: float) -> Check:
    if other.error is not None:
        return Check(other.lane, None, judged, error=other.error)
    try:
        agreed = agreement.compare(
            reference.probabilities, other.probabilities, atol=atol, rtol=rtol
        )
    except InputError as error:  # another number of classes
        return Check(other.lane, None, judged, other.seconds, str(error))
    return Check(other.lane, agreed, judged, other.seconds)


def as_json(result: Verification) -> dict[str, Any]:
    """The verification as JSON values."""
    return {
        "model": result.manifest.name,
        "reference": str(result.manifest.reference),
        "images": result.images,
        "atol": result.atol,
        "rtol": result.rtol,
        "passed": result.exit_code == SAME,
        "exit_code": result.exit_code,
        "changed_files": list(result.changed),
        "lanes": [_lane_json(check) for check in result.checks],
    }


def _lane_json(check: Check) -> dict[str, Any]:
    lane = {"lane": str(check.lane), **vars(check.lane), "verdict": check.outcome}
    lane |= {"error": check.error, "seconds": check.seconds}
    if check.agreement is not None:
        lane |= agreement.as_json(check.agreement)
    return lane
