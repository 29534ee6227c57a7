"""Judges every lane of a model by itself, on inputs, and recommends what to ship."""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from models.dataset.samples import Samples
from models.errors import InputError, ModelError
from models.formats import manifest as manifests
from models.formats import safety
from models.formats.anatomy.numbers import Numbers
from models.formats.manifest import Manifest
from models.lanes import CONVERTED, Format, Lane, Weights
from models.parity import cautions, explanation, file_numbers, judgement
from models.parity.advice import recommendation
from models.parity.advice.recommendation import Recommendation
from models.parity.agreement import check_tolerance
from models.parity.judgement import ByTolerance, Judgement, Kind
from models.runtimes import ask, references
from models.runtimes.ask import Answered
from models.runtimes.cautions import input_caution
from models.runtimes.process import trials
from models.runtimes.references import Reference
from models.verify import listing, numbers
from models.verify.listing import RUNTIMES

if TYPE_CHECKING:
    from models.runtimes.browser.program import Program

_LOG = logging.getLogger(__name__)

PLAIN_JAVASCRIPT = "tfjs/cpu"
# Inputs for plain JavaScript, which takes a hundred times as long as wasm, and for what draws: in
# software that takes as long.
SAMPLE = 64
SAMPLED = ("cpu", "webgl", "webgpu")
SAME, DIFFERS, NOT_COMPARED = 0, 1, 2  # exit codes


@dataclass(frozen=True, eq=False)
class Verification:
    """The judgements of all lanes of a model on ``images`` inputs.

    ``cautions`` are sentences on what this comparison could not show. ``changed`` lists files that
    are missing or differ from the manifest's. They do not change the outcome: converting a model
    again may write the same numbers in other bytes. ``required`` are formats that have to run,
    ``given`` those whose files a person gave, which may not fail to; ``source`` says where the
    inputs are from; ``numbers`` are those in the files of each format.
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
    given: tuple[Format, ...] = ()
    numbers: tuple[Numbers, ...] = ()
    source: str = "examples and variations of them"
    official: tuple[Judgement, ...] = ()

    def lanes(self, kind: Kind) -> list[Judgement]:
        """The lanes that are judged so."""
        return [each for each in self.judgements if each.kind == kind]

    @property
    def missing(self) -> list[Format]:
        """The formats that are required and that TensorFlow.js cannot run on each backend that was
        asked, or that are given and that it can run on none.

        TensorFlow is only one way to run a graph: what it lacks is not held against the conversion.
        """
        return [
            form
            for form in CONVERTED
            if (form in self.required and not self._runs(form))
            or (form in self.given and self._runs_nowhere(form))
        ]

    def _runs(self, form: Format) -> bool:
        lanes = self._of(form)
        failed = [each for each in lanes if each.kind == "cannot run" and each.lane.in_browser]
        return not failed and any(each.distance is not None for each in lanes)

    def _runs_nowhere(self, form: Format) -> bool:
        lanes = [each for each in self._of(form) if each.kind != "not tried"]
        lanes = [each for each in lanes if each.lane.in_browser] or lanes
        return bool(lanes) and all(each.kind == "cannot run" for each in lanes)

    def _of(self, form: Format) -> list[Judgement]:
        return [each for each in self.judgements if each.lane.format == form]

    @property
    def exit_code(self) -> int:
        """``DIFFERS`` before ``NOT_COMPARED`` before ``SAME``."""
        if self.lanes("differs"):
            return DIFFERS
        decided = self.lanes("passed") and not self.lanes("cannot be judged")
        return SAME if decided and not self.missing else NOT_COMPARED


def verify(
    folder: Path,
    samples: Samples,
    *,
    runtimes: Sequence[str] = RUNTIMES,
    judged: Sequence[Weights] = ("float32",),
    tolerance: ByTolerance | None = None,
    required: Sequence[Format] = (),
    unmade: Mapping[str, str] | None = None,
    again: str = "the same command",
    browser: Program | None = None,
) -> Verification:
    """Judge every lane of the model in ``folder`` on ``samples``; those of TensorFlow.js in
    ``browser``, where one is given.

    Kinds of weights that are not in ``judged`` are listed and not tried: quantised weights are
    rounded on purpose. ``tolerance`` takes the place of the rule. ``unmade`` maps stored forms that
    the converter could not make to what it said; ``again`` is what to run with another ``--range``.
    Raises ModelError without a readable manifest, without another lane, when a file may not be
    loaded or the reference cannot answer; InputError without inputs, or when a tolerance is
    negative or not finite.
    """
    manifest = manifests.read(folder)
    if tolerance is not None:
        check_tolerance(tolerance.atol, tolerance.rtol)
    if not len(samples):
        raise InputError("No input could be read, so there is nothing to compare on.")
    lanes = listing.lanes(manifest, runtimes, judged, unmade or {})
    safety.check_model(folder, manifest)
    reference = references.find(manifest, folder, samples, tolerance)
    answered = (
        each if isinstance(each, Judgement) else judge(each, reference, samples, folder, browser)
        for each in lanes
    )
    judgements = explanation.explained(answered, manifest, folder)
    found = numbers.find(manifest, folder)
    if tolerance is None:  # a person's tolerance replaces all of the rule
        judgements = tuple(file_numbers.judged(each, found, reference.own) for each in judgements)
    advice = recommendation.recommend(
        judgements, _sizes(manifest), original=reference.lane.format == "keras"
    )
    other = input_caution.find(samples, reference.lane, folder, reference.answers[0], again)
    return Verification(
        manifest,
        len(samples),
        reference,
        judgements,
        advice,
        cautions=(
            *filter(None, [other]),
            *cautions.find(reference.base[0], reference.judge, samples.labels, manifest.answers),
        ),
        changed=tuple(manifests.changed(manifest, folder)),
        required=tuple(required),
        numbers=found,
    )


def judge(
    lane: Lane,
    reference: Reference,
    samples: Samples,
    folder: Path,
    browser: Program | None = None,
) -> Judgement:
    """Ask a lane, in a process of its own where that is Node's or a browser's: one that dies takes
    none along.
    """
    count = SAMPLE if lane.backend in SAMPLED else len(samples)
    at = np.unique(np.linspace(0, len(samples) - 1, min(count, len(samples))).astype(np.int64))
    asked = samples if len(at) == len(samples) else samples.take(at)
    try:
        # A browser that gets nowhere is ended by who started it.
        with trials.trial(str(lane), patient=browser is not None and lane.in_browser):
            (answered,) = ask.ask(asked, [lane], folder, browser)
    except ModelError as error:  # it ended the process before
        return judgement.cannot_run(lane, str(error))
    if answered.error is not None:
        return judgement.cannot_run(lane, answered.error)
    judged = reference.judged(lane, answered.outputs, at)
    worst = judged.worst and (int(at[judged.worst[0]]), judged.worst[1])
    judged = replace(judged, worst=worst, seconds=answered.seconds, inputs=len(at))
    return judged if browser is None else _in_browser(judged, answered, reference)


def _in_browser(judged: Judgement, answered: Answered, reference: Reference) -> Judgement:
    """The same, by what a browser told beside the answers."""
    from models.runtimes.browser.answers import BrowserRun
    from models.verify import steadiness

    if not isinstance(answered.ran, BrowserRun):  # TensorFlow answered
        return judged
    found = steadiness.judged(judged, answered.ran, reference)
    # What software draws says nothing about the time that a graphics card takes.
    return replace(found, inputs=0) if answered.ran.software else found


def _sizes(manifest: Manifest) -> dict[Format, int]:
    return {form: manifest.size(form) for form in CONVERTED if form in manifest.lanes}
