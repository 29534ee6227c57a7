"""Judges a model's lanes as ``verify`` does, and looks into those that fail, layer by layer."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from models.bisect import bisection
from models.bisect.bisection import Bisection
from models.dataset import Dataset, samples
from models.errors import InputError, ModelError
from models.formats import manifest as manifests
from models.formats import safety
from models.lanes import CONVERTED, Lane, Weights
from models.parity import explanation
from models.parity.judgement import Judgement
from models.runtimes import activations
from models.verify import verification

FAITHFUL, DIVERGES, NOT_COMPARED = 0, 1, 2  # exit codes


@dataclass(frozen=True, eq=False)
class Search:
    """What was found on ``images`` digits. ``bisections`` are of the lanes that were looked into:
    those that fail, or all that run where none does; of lanes that cannot run, what their files
    tell. ``judgements`` is empty where a person gave a tolerance, which judges each layer.
    """

    reference: Lane
    images: int
    judgements: tuple[Judgement, ...]
    bisections: Mapping[Lane, Bisection]

    @property
    def failed(self) -> tuple[Judgement, ...]:
        """The lanes that differ."""
        return tuple(each for each in self.judgements if each.kind == "differs")

    @property
    def exit_code(self) -> int:
        """``DIVERGES`` before ``NOT_COMPARED`` before ``FAITHFUL``."""
        if self.failed or any(each.first for each in self.bisections.values()):
            return DIVERGES
        compared = any(each.error is None for each in self.bisections.values())
        return FAITHFUL if compared else NOT_COMPARED


def search(
    folder: Path,
    digits: Dataset,
    *,
    form: str = "all",
    runtimes: Sequence[str] = verification.RUNTIMES,
    weights: Weights = "float32",
    count: int,
    rtol: float | None = None,
    unmade: Mapping[str, str] | None = None,
) -> Search:
    """Look into the lanes of the model in ``folder`` that fail on ``digits``, on ``count`` of them:
    those where these lanes are farthest off, and the first.

    ``form`` is a format or "all". With ``rtol`` nothing is judged before: each layer of every lane
    may add that share of its largest magnitude. ``unmade`` maps stored forms that the converter
    could not make to what it said. Raises ModelError when the reference cannot answer, has no
    layers or nothing is there to compare; InputError without digits.
    """
    if count < 1 or not len(digits):
        raise InputError(f"There are no digits to compare with: {count} of {len(digits)}.")
    manifest = manifests.read(folder)
    safety.check_model(folder, manifest)
    bisection.with_layers(manifest)
    judgements: tuple[Judgement, ...] = ()
    if rtol is None:
        verified = verification.verify(
            folder,
            samples.of_pictures(digits, manifest.pictures()),
            runtimes=runtimes,
            judged=(weights,),
            unmade=unmade,
        )
        judgements = tuple(
            each
            for each in verified.judgements
            if form in (each.lane.format, "all") and each.lane.weights == weights
        )
        lanes = _worth_a_look(judgements)
    else:
        stored = {each: manifests.stored_form(each, weights) for each in CONVERTED}
        lanes = [
            Lane(each, runtime, weights)
            for each in CONVERTED
            for runtime in runtimes
            if form in (each, "all") and stored[each] in manifest.lanes
        ]
    lanes = [lane for lane in lanes if lane != manifest.reference]
    if not judgements and not lanes:
        what = "other" if form == "all" else form
        raise ModelError(
            f"Model {manifest.name!r} has no {what} model with {weights} weights to compare."
        )
    pixels = digits.pixels()[_chosen(judgements, len(digits), count)]
    found = _look_into(folder, lanes, pixels, rtol)
    for each in judgements:
        stored_form = manifests.stored_form(each.lane.format, weights)
        if each.kind == "cannot run" and stored_form in manifest.lanes:
            found[each.lane] = _not_run(folder, each, manifest.reference)
    for each in judgements:
        if each.lane in found and each.limit is not None:
            limited = explanation.layers(each, manifest, folder)
            found[each.lane] = replace(found[each.lane], limited=limited)
    return Search(manifest.reference, len(pixels), judgements, found)


def _worth_a_look(judgements: Sequence[Judgement]) -> list[Lane]:
    """The lanes that differ; where there is none, all that passed."""
    kinds = {each.kind for each in judgements}
    kind = "differs" if "differs" in kinds else "passed"
    return [each.lane for each in judgements if each.kind == kind]


def _chosen(judgements: Sequence[Judgement], images: int, count: int) -> list[int]:
    """Which digits to look into: those where a lane that differs is farthest off, and the first."""
    worst = (each.worst[0] for each in judgements if each.kind == "differs" and each.worst)
    return sorted(list(dict.fromkeys([*worst, *range(images)]))[: min(count, images)])


def _look_into(
    folder: Path, lanes: Sequence[Lane], pixels: np.ndarray, rtol: float | None
) -> dict[Lane, Bisection]:
    if not lanes:
        return {}
    manifest = manifests.read(folder)
    reference = activations.load(folder, manifest.reference.format).trace(pixels)
    rounding = bisection.rounding_of(folder, manifest) if rtol is None else None
    found: dict[Lane, Bisection] = {}
    for lane in lanes:
        try:
            found[lane] = bisection.bisect(
                folder, lane, pixels, reference=reference, rounding=rounding, rtol=rtol
            )
        except ModelError as error:  # its files cannot be taken apart
            found[lane] = Bisection(lane, reference.lane, error=str(error))
    return found


def _not_run(folder: Path, judged: Judgement, reference: Lane) -> Bisection:
    """What the files of a lane tell that cannot run, if they can be read."""
    reason = judged.reason or ""
    try:
        return bisection.cannot_run(folder, judged.lane, reason)
    except ModelError:
        return Bisection(judged.lane, reference, error=reason)
