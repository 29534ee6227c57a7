"""Makes a bug report of what was found: the operation at which a converted model goes wrong."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from models.bisect import bisection, lane_steps
from models.bisect.bisection import Bisection
from models.bisect.bug_report import cut_graph, cut_layers, original, places, shrink, versions
from models.bisect.bug_report.case import Operation, Values
from models.bisect.bug_report.original import Original
from models.bisect.bug_report.places import Place
from models.bisect.bug_report.trials import Trial, Trials
from models.bisect.search import Search
from models.dataset.samples import Samples
from models.errors import ModelError
from models.formats import anatomy
from models.formats import manifest as manifests
from models.formats.anatomy import Pairing
from models.formats.manifest import Manifest
from models.formats.tensors import Tensors
from models.lanes import Lane
from models.runtimes import activations
from models.runtimes.activations import Tracer
from models.storage import plain_files

if TYPE_CHECKING:
    from models.runtimes.browser.program import Program

_CUTTERS = {"graph": cut_graph.cut_out, "layers": cut_layers.cut_out}


@dataclass(frozen=True, eq=False)
class Found:
    """A fault by itself, seen in ``place``.

    ``whole`` is the operation as it is in the model, on one input, ``trial`` its smallest cut that
    fails; ``exact`` is what float64 gives for that, where it can be had, and ``allowed`` the share
    of the largest value that may be rounding. ``versions`` are those of what was compared, by name.
    """

    lane: Lane
    place: Place
    bisection: Bisection
    operation: Operation
    whole: Trial
    trial: Trial
    exact: Values | None
    allowed: float
    versions: Mapping[str, str]


def find(folder: Path, samples: Samples, result: Search, browser: Program | None = None) -> Found:
    """The fault of the first lane that differs, one in TensorFlow.js before one in TensorFlow.

    ``samples`` are the inputs that were looked into. TensorFlow.js runs in ``browser``, in Node
    without one. Raises ModelError with the reason where there is none that could be shown by
    itself, BundleError where a browser has no TensorFlow.js to run.
    """
    found = _parting(result)
    lane, first = found.lane, found.first
    assert first is not None
    manifest = manifests.read(folder)
    along = bisection.followed(manifest)
    pairing = anatomy.pair(
        anatomy.read(folder, along.format), anatomy.read(folder, lane.format, lane.weights)
    )
    part = pairing.other[first.part]
    whole_part = lane.format == "layers" and set(part.inputs) == set(found.fed)
    taken = _Places(pairing, manifest, part.inputs if whole_part else found.fed)
    path = folder / manifest.path(lane.format, lane.weights)
    try:
        operation = _CUTTERS[lane.format](path, part.name, taken.parts)
    except (OSError, ValueError, KeyError, TypeError, IndexError, AttributeError) as error:
        why = plain_files.line(error)
        raise ModelError(f"{found.layer} cannot be taken out of the model: {why}.") from error
    inputs, expected = taken.values(activations.load(folder, along.format), samples, first.layer)
    truth = original.as_read(folder, manifest, first.layer, taken.layers)
    try:
        with places.of(lane, browser) as place:
            trials = Trials(operation, place.run, truth)
            whole, trial = shrink.smallest(trials, inputs, expected, first.own_allowed)
    except ModelError as error:
        why = str(error).rstrip(".")
        raise ModelError(f"{found.layer} of {lane} is not shown: {why}.") from error
    exact = _exact(truth, whole, trial)
    made_by = versions.of(path)
    return Found(lane, place, found, operation, whole, trial, exact, first.own_allowed, made_by)


def _parting(result: Search) -> Bisection:
    """The bisection to show. Raises ModelError, in words, where there is none."""
    looked = sorted(result.bisections.values(), key=lambda each: not each.lane.in_browser)
    parted = [each for each in looked if each.first is not None]
    if alone := [each for each in parted if each.by == "own error" and each.fed]:
        return alone[0]
    if parted:
        raise ModelError(
            f"{parted[0].layer} of {parted[0].lane} cannot be run alone, so it cannot be shown by "
            "itself."
        )
    if failed := [each for each in looked if each.error is not None]:
        raise ModelError(f"{failed[0].lane} cannot be run: {failed[0].error}")
    if result.failed:
        raise ModelError("No layer has an error of its own that could be shown by itself.")
    raise ModelError("No lane differs: there is no fault to show.")


class _Places:
    """Where an operation's inputs are: the lane's ``parts``, and the reference's ``layers``."""

    def __init__(self, pairing: Pairing, manifest: Manifest, parts: Sequence[str]) -> None:
        names = [each.name for each in manifest.takes]
        self._given = lane_steps.in_order(pairing.other, names)
        theirs = lane_steps.in_order(pairing.reference, names)
        known = {part: layer for layer, part in pairing.pairs}
        known |= dict(zip(self._given, theirs, strict=False))
        self.parts = tuple(parts)
        self.layers = tuple(known[each] for each in parts)

    def values(self, reference: Tracer, samples: Samples, layer: str) -> tuple[Tensors, Values]:
        """What the parts give by the reference, and what it gives at ``layer``; one input at a
        time is run through it, since everything that a model computes is large.
        """
        rows: list[list[Values]] = []
        for at in range(len(samples)):
            tensors = samples.tensors(at, at + 1)
            outputs = reference.trace(tensors).outputs
            own = dict(zip(self._given, tensors, strict=False))
            taken = zip(self.parts, self.layers, strict=True)
            inputs = [own[part] if part in own else outputs[name] for part, name in taken]
            rows.append([*inputs, outputs[layer]])
        *inputs, expected = (np.concatenate(each) for each in zip(*rows, strict=True))
        return tuple(inputs), expected


def _exact(truth: Original | None, whole: Trial, trial: Trial) -> Values | None:
    """What float64 gives for a trial, if it can compute that."""
    if truth is None:
        return None
    try:
        found = truth.answer(whole.inputs, trial.cut, "float64")
    except ModelError:
        return None
    return found if found.shape == trial.expected.shape else None
