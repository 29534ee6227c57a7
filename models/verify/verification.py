"""Judges every lane of a model by itself, on digits, and recommends what to ship."""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from models.dataset import Dataset
from models.errors import InputError, ModelError
from models.formats import manifest as manifests
from models.formats import safety
from models.formats.anatomy.numbers import Numbers
from models.formats.manifest import Manifest
from models.lanes import CONVERTED, TENSORFLOW, WEIGHTS, Format, Lane, Weights
from models.parity import cautions, explanation, file_numbers, judgement, recommendation
from models.parity.agreement import check_tolerance
from models.parity.judgement import ByTolerance, Judgement, Kind
from models.parity.recommendation import Recommendation
from models.runtimes import node, references
from models.runtimes.predict_set import predict, scale_caution
from models.runtimes.process import trials
from models.runtimes.references import Reference
from models.tfjs import built
from models.verify import numbers

_LOG = logging.getLogger(__name__)

RUNTIMES = (TENSORFLOW, *node.RUNTIMES)
PLAIN_JAVASCRIPT = "tfjs/cpu"
SAMPLE = 64  # digits for plain JavaScript, which takes a hundred times as long as wasm
SAME, DIFFERS, NOT_COMPARED = 0, 1, 2  # exit codes


@dataclass(frozen=True, eq=False)
class Verification:
    """The judgements of all lanes of a model on ``images`` digits.

    ``cautions`` are sentences on what this comparison could not show. ``changed`` lists files that
    are missing or differ from the manifest's. They do not change the outcome: converting a model
    again may write the same numbers in other bytes. ``required`` are formats that have to run;
    ``source`` says where the digits are from; ``numbers`` are those in the files of each format.
    ``official`` judges what the official converter alone makes, where our conversion changed that.
    """

    manifest: Manifest
    images: int
    reference: Reference
    judgements: tuple[Judgement, ...]
    recommendation: Recommendation
    cautions: tuple[str, ...] = ()
    changed: tuple[str, ...] = ()
    required: tuple[Format, ...] = ()
    numbers: tuple[Numbers, ...] = ()
    source: str = "examples and variations of them"
    official: tuple[Judgement, ...] = ()

    def lanes(self, kind: Kind) -> list[Judgement]:
        """The lanes that are judged so."""
        return [each for each in self.judgements if each.kind == kind]

    @property
    def missing(self) -> list[Format]:
        """The required formats that TensorFlow.js, or here nothing, can run.

        TensorFlow is only one way to run a graph: what it lacks is not held against the conversion.
        """
        return [form for form in self.required if not self._runs(form)]

    def _runs(self, form: Format) -> bool:
        lanes = [each for each in self.judgements if each.lane.format == form]
        failed = [each for each in lanes if each.kind == "cannot run" and each.lane.in_browser]
        return not failed and any(each.distance is not None for each in lanes)

    @property
    def exit_code(self) -> int:
        """``DIFFERS`` before ``NOT_COMPARED`` before ``SAME``."""
        if self.lanes("differs"):
            return DIFFERS
        return NOT_COMPARED if self.missing or not self.lanes("passed") else SAME


def verify(
    folder: Path,
    digits: Dataset,
    *,
    runtimes: Sequence[str] = RUNTIMES,
    judged: Sequence[Weights] = ("float32",),
    tolerance: ByTolerance | None = None,
    required: Sequence[Format] = (),
    unmade: Mapping[str, str] | None = None,
    again: str = "the same command",
) -> Verification:
    """Judge every lane of the model in ``folder`` on ``digits``.

    Kinds of weights that are not in ``judged`` are listed and not tried: quantised weights are
    rounded on purpose. ``tolerance`` takes the place of the rule. ``unmade`` maps stored forms that
    the converter could not make to what it said; ``again`` is what to run with another ``--scale``.
    Raises ModelError without a readable manifest, without another lane, when a file may not be
    loaded or the reference cannot answer; InputError without digits, or when a tolerance is
    negative or not finite.
    """
    manifest = manifests.read(folder)
    if tolerance is not None:
        check_tolerance(tolerance.atol, tolerance.rtol)
    if not len(digits):
        raise InputError("No digit could be read, so there is nothing to compare on.")
    lanes = _lanes(manifest, runtimes, judged, unmade or {})
    if not lanes:
        raise ModelError(
            f"Model {manifest.name!r} has no lane beside {manifest.reference} on "
            f"{' or '.join(runtimes)}: there is nothing to compare."
        )
    safety.check_model(folder, manifest)
    reference = references.find(manifest, folder, digits, tolerance)
    asked = [
        each if isinstance(each, Judgement) else judge(each, reference, digits, folder)
        for each in lanes
    ]
    judgements = list(explanation.explained(asked, manifest, folder))
    found = numbers.find(manifest, folder)
    if tolerance is None:  # a person's tolerance replaces all of the rule
        judgements = [file_numbers.judged(each, found, reference.own) for each in judgements]
    scale = scale_caution(digits, reference.lane, folder, reference.answers, again)
    return Verification(
        manifest,
        len(digits),
        reference,
        tuple(judgements),
        recommendation.recommend(
            judgements, _sizes(manifest), original=reference.lane.format == "keras"
        ),
        cautions=(
            *filter(None, [scale]),
            *cautions.find(reference.base, reference.judge, digits),
        ),
        changed=tuple(manifests.changed(manifest, folder)),
        required=tuple(required),
        numbers=found,
    )


def _lanes(
    manifest: Manifest,
    runtimes: Sequence[str],
    judged: Sequence[Weights],
    unmade: Mapping[str, str],
) -> list[Lane | Judgement]:
    """The stored formats on every runtime, judged ones first; those that need no try are judged."""
    lanes = (
        Lane(form, runtime, weights)
        for weights in sorted(WEIGHTS, key=lambda each: each not in judged)
        for runtime in sorted(set(runtimes), key=RUNTIMES.index)
        for form in CONVERTED
        if weights in judged or runtime == TENSORFLOW
    )
    listed = (_listed(lane, manifest, judged, unmade) for lane in lanes)
    return [each for each in listed if each is not None]


def _listed(
    lane: Lane, manifest: Manifest, judged: Sequence[Weights], unmade: Mapping[str, str]
) -> Lane | Judgement | None:
    stored = manifests.stored_form(lane.format, lane.weights)
    if stored in unmade:
        return judgement.cannot_run(lane, f"{recommendation.UNMADE}{unmade[stored]}")
    if stored not in manifest.lanes or lane == manifest.reference:
        return None
    if lane.weights not in judged:
        way = f"--judge {lane.weights}"
        return judgement.not_tried(lane, f"Its weights are rounded on purpose; {way} judges it.")
    if lane.in_browser and not node.SCRIPT.is_file():
        return judgement.not_tried(lane, f"TensorFlow.js is not bundled here. {built.remedy()}")
    return lane


def judge(lane: Lane, reference: Reference, digits: Dataset, folder: Path) -> Judgement:
    """Ask a lane, in a process of its own where that is Node's: one that dies takes none along."""
    count = SAMPLE if lane.runtime == PLAIN_JAVASCRIPT else len(digits)
    at = np.unique(np.linspace(0, len(digits) - 1, min(count, len(digits))).astype(np.int64))
    asked = digits if len(at) == len(digits) else digits.take(at)
    try:
        with trials.trial(str(lane)):
            (scores,) = predict(asked, [lane], folder, checked=False)
    except ModelError as error:  # it ended the process before
        return judgement.cannot_run(lane, str(error))
    if scores.error is not None:
        return judgement.cannot_run(lane, scores.error)
    judged = reference.judge.judge(lane, reference.base[at], scores.probabilities)
    worst = judged.worst and (int(at[judged.worst[0]]), judged.worst[1])
    return replace(judged, worst=worst, seconds=scores.seconds, inputs=len(at))


def _sizes(manifest: Manifest) -> dict[Format, int]:
    return {form: manifest.size(form) for form in CONVERTED if form in manifest.lanes}
