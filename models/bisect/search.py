"""Judges a model's lanes as ``verify`` does, and looks into those that fail, layer by layer."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from models.bisect import bisection
from models.bisect.bisection import Bisection
from models.dataset.sample_inputs import ComparedOn
from models.dataset.samples import Samples
from models.errors import InputError, ModelError
from models.formats import manifest as manifests
from models.formats import safety
from models.formats.manifest import Manifest
from models.lanes import CONVERTED, Lane, Weights
from models.parity import explanation
from models.parity.judgement import Judgement
from models.runtimes import activations
from models.runtimes.activations import Tracer
from models.verify import verification
from models.verify.listing import RUNTIMES

if TYPE_CHECKING:
    from models.runtimes.browser.program import Program

INPUTS = 10  # that are looked into, unless a person says how many
# Values that a model computes for one input, all layers together: MobileNetV2 of 224×224 has 22
# million. Of so many at once, some five copies of each lie in memory, one of them in float64.
_AT_ONCE = 1 << 25
_IN_ALL = 1 << 27  # of a large model fewer inputs are looked into
FAITHFUL, DIVERGES, NOT_COMPARED = 0, 1, 2  # exit codes


@dataclass(frozen=True, eq=False)
class Search:
    """What was found on ``images`` inputs. ``bisections`` are of the lanes that were looked into:
    those that fail, or all that run where none does; of lanes that cannot run, what their files
    tell. ``judgements`` is empty where a person gave a tolerance, which judges each layer.
    ``assumed`` are sentences on what was guessed of a model that was not added; ``inputs`` says
    what all lanes were judged on, ``few`` are those that were looked into.
    """

    reference: Lane
    images: int
    judgements: tuple[Judgement, ...]
    bisections: Mapping[Lane, Bisection]
    assumed: tuple[str, ...] = ()
    inputs: ComparedOn | None = None
    few: Samples | None = None

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
    samples: Samples,
    *,
    form: str = "all",
    runtimes: Sequence[str] = RUNTIMES,
    weights: Weights = "float32",
    count: int | None = None,
    rtol: float | None = None,
    unmade: Mapping[str, str] | None = None,
    browser: Program | None = None,
) -> Search:
    """Look into the lanes of the model in ``folder`` that fail on ``samples``, on ``count`` of
    them: those where these lanes are farthest off, and the first. Unless given, it is ``INPUTS``,
    and fewer for a large model.

    ``form`` is a format or "all". With ``rtol`` nothing is judged before: each layer of every lane
    may add that share of its largest magnitude. ``unmade`` maps stored forms that the converter
    could not make to what it said; TensorFlow.js runs in ``browser``, in Node without one. Raises
    ModelError when the reference cannot answer or nothing is there to compare; InputError without
    inputs.
    """
    if not len(samples) or (count is not None and count < 1):
        wanted = INPUTS if count is None else count
        raise InputError(f"There are no inputs to compare with: {wanted} of {len(samples)}.")
    manifest = manifests.read(folder)
    safety.check_model(folder, manifest)
    judgements: tuple[Judgement, ...] = ()
    if rtol is None:
        verified = verification.verify(
            folder,
            samples,
            runtimes=runtimes,
            judged=(weights,),
            unmade=unmade,
            browser=browser,
        )
        judgements = tuple(
            each
            for each in verified.judgements
            if form in (each.lane.format, "all") and each.lane.weights == weights
        )
        lanes = _worth_a_look(judgements)
    else:
        lanes = _all(manifest, form, runtimes, weights)
    along = bisection.followed(manifest)
    lanes = [lane for lane in lanes if lane not in (manifest.reference, along)]
    if not judgements and not lanes:
        what = "other" if form == "all" else form
        raise ModelError(
            f"Model {manifest.name!r} has no {what} model with {weights} weights to compare."
        )
    worst = [each.worst[0] for each in judgements if each.kind == "differs" and each.worst]
    found, few = _look_into(folder, lanes, samples, _Few(worst, count, rtol), browser)
    for each in judgements:
        stored_form = manifests.stored_form(each.lane.format, weights)
        if each.kind == "cannot run" and stored_form in manifest.lanes:
            found[each.lane] = _not_run(folder, each, along)
        if each.lane in found and each.limit is not None:
            limited = explanation.layers(each, manifest, folder)
            found[each.lane] = replace(found[each.lane], limited=limited)
    images = 0 if few is None else len(few)
    return Search(along, images, judgements, found, few=few)


def _all(manifest: Manifest, form: str, runtimes: Sequence[str], weights: Weights) -> list[Lane]:
    """Every lane of what is stored so."""
    return [
        Lane(each, runtime, weights)
        for each in CONVERTED
        for runtime in runtimes
        if form in (each, "all") and manifests.stored_form(each, weights) in manifest.lanes
    ]


def _worth_a_look(judgements: Sequence[Judgement]) -> list[Lane]:
    """The lanes that differ; where there is none, all that answered."""
    differing = [each.lane for each in judgements if each.kind == "differs"]
    return differing or [each.lane for each in judgements if each.distance is not None]


@dataclass(frozen=True)
class _Few:
    """The inputs where lanes that differ are farthest off, and how many to look into."""

    worst: Sequence[int]
    count: int | None
    rtol: float | None

    def chosen(self, there: int, values: int) -> NDArray[np.int64]:
        """Which of so many inputs to look into, where the model computes ``values`` for one."""
        count = min(INPUTS, max(1, _IN_ALL // values)) if self.count is None else self.count
        first = list(dict.fromkeys([*self.worst, *range(there)]))[: min(count, there)]
        return np.array(sorted(first), np.int64)


def _look_into(
    folder: Path,
    lanes: Sequence[Lane],
    samples: Samples,
    wanted: _Few,
    browser: Program | None = None,
) -> tuple[dict[Lane, Bisection], Samples | None]:
    """What was found in each lane, and on which inputs."""
    if not lanes:
        return {}, None
    manifest = manifests.read(folder)
    reference = activations.load(folder, bisection.followed(manifest).format)
    values = _values(reference, samples)
    few = samples.take(wanted.chosen(len(samples), values))
    bound = bisection.rounding_of(folder, manifest) if wanted.rtol is None else None
    found: dict[Lane, Bisection] = {}
    for lane in lanes:
        try:
            found[lane] = bisection.bisect(
                folder,
                lane,
                few,
                reference=reference,
                bound=bound,
                rtol=wanted.rtol,
                at_once=reference.batch or max(1, _AT_ONCE // values),
                browser=browser,
            )
        except ModelError as error:  # its files cannot be taken apart
            found[lane] = Bisection(lane, reference.lane, error=str(error))
    return found, few


def _values(reference: Tracer, samples: Samples) -> int:
    """How many values the model computes for one input."""
    outputs = reference.trace(samples.tensors(0, 1)).outputs
    return max(1, sum(each.size for each in outputs.values()))


def _not_run(folder: Path, judged: Judgement, reference: Lane) -> Bisection:
    """What the files of a lane tell that cannot run, if they can be read."""
    reason = judged.reason or ""
    try:
        return bisection.cannot_run(folder, judged.lane, reason)
    except ModelError:
        return Bisection(judged.lane, reference, error=reason)
