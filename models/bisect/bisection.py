"""Finds the layer at which a stored format diverges from the reference."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from models.bisect import layer_difference, rounding, tally
from models.bisect.lane_steps import LaneSteps
from models.bisect.layer_difference import ATOL, RTOL, LayerDifference
from models.bisect.rounding import Rounding
from models.bisect.tally import Tally
from models.dataset.samples import Samples
from models.errors import ModelError
from models.formats import anatomy
from models.formats import manifest as manifests
from models.formats.anatomy import Pairing
from models.formats.manifest import Manifest
from models.formats.tensors import Tensors
from models.lanes import Lane
from models.runtimes import activations
from models.runtimes.activations import Trace, Tracer
from models.runtimes.graph_steps import Outputs

if TYPE_CHECKING:
    from models.runtimes.browser.program import Program

_LOG = logging.getLogger(__name__)


@dataclass(frozen=True)
class Bisection:
    """The result for one lane. ``first`` is the first layer that diverges; None if none does.

    ``by`` says what showed it: what the layer adds itself, given the reference's inputs ("own
    error"), or that it is much farther from the reference than what it takes ("jump").
    ``fed`` are the lane's parts whose values ``first`` was then given.
    ``also`` names further layers with errors of their own. ``together`` names the layers that the
    lane computes in one operation with ``first``, including itself. ``suspects`` says in words what
    differs there in the files, or anywhere where no layer diverges. Of the arrays there, ``same``
    hold the same numbers, and ``not_compared`` are without a counterpart. ``limited`` are layers
    that a known limit is about. ``error`` says why the lane could not be run; ``suspects`` then
    covers every layer.
    """

    lane: Lane
    reference: Lane
    differences: tuple[LayerDifference, ...] = ()
    first: LayerDifference | None = None
    together: tuple[str, ...] = ()
    suspects: tuple[str, ...] = ()
    unmatched: tuple[str, ...] = ()
    error: str | None = None
    by: Literal["own error", "jump"] | None = None
    also: tuple[str, ...] = ()
    same: int = 0
    not_compared: tuple[str, ...] = ()
    limited: tuple[str, ...] = ()
    fed: tuple[str, ...] = ()

    @property
    def layer(self) -> str | None:
        """The layer to name: of those that are computed together the one that a known limit is
        about, and without a step's name.
        """
        if self.first is None:
            return None
        return next((each for each in self.together if each in self.limited), self.first.of)

    @property
    def smallest_rtol(self) -> float:
        """The smallest tolerance that would pass."""
        return layer_difference.smallest_rtol(self.differences)


def judge(
    pairing: Pairing,
    reference: Trace,
    other: Trace,
    *,
    atol: float = ATOL,
    rtol: float = RTOL,
) -> Bisection:
    """Compare two traces of a paired model and name the first layer that diverges."""
    differences = tally.compare(
        reference, other, pairing.pairs, atol=atol, rtol=rtol, steps_of=pairing.steps_of
    )
    first = layer_difference.first_divergent(differences)
    return _found(Bisection(other.lane, reference.lane, differences), pairing, first)


def bisect(
    folder: Path,
    lane: Lane,
    samples: Samples,
    *,
    reference: Tracer | None = None,
    bound: Rounding | None = None,
    rtol: float | None = None,
    at_once: int | None = None,
    browser: Program | None = None,
) -> Bisection:
    """Run inputs through ``lane`` and the reference of the model in ``folder``, and each step of
    the lane alone, from what the reference gives before it.

    ``reference`` is the reference, loaded, and ``bound`` the rounding of its model, if they are
    there already. What a step may add follows from ``bound``; ``rtol`` takes its place where a
    person gives it. ``at_once`` is how many inputs' outputs are held at a time, all unless given.
    TensorFlow.js runs in ``browser``, in Node without one.
    Raises ModelError when the reference cannot be run or a file cannot be read.
    """
    _LOG.info("%s: every layer", lane)
    manifest = manifests.read(folder)
    form = followed(manifest).format
    reference = reference or activations.load(folder, form)
    if bound is None and rtol is None:
        bound = rounding_of(folder, manifest)
    pairing = anatomy.pair(
        anatomy.read(folder, form), anatomy.read(folder, lane.format, lane.weights)
    )
    counted = Tally(pairing.pairs, pairing.steps_of, rtol=RTOL if rtol is None else rtol)
    steps = LaneSteps(folder, lane, pairing.other, manifest, browser)
    size = at_once or len(samples)
    for start in range(0, len(samples), size):
        tensors = samples.tensors(start, start + size)
        trace = reference.trace(tensors)
        given = _given(pairing, trace)
        try:
            found, own = steps.run(tensors, given)
        except ModelError as error:
            return _not_run(lane, reference.lane, pairing, str(error))
        counted.add(trace, found, own, _rounded(bound, tensors, given, pairing))

    def allowed(share: float | None) -> float:
        if rtol is not None:
            return rtol
        return RTOL if share is None else rounding.allowed(share)

    differences = counted.differences(allowed)
    first = layer_difference.first_faulty(differences, steps.feeds, steps.inputs)
    also = tuple(each.layer for each in differences if each.faulty and each is not first)
    result = replace(Bisection(lane, reference.lane, differences), also=also)
    if first is not None:
        fed = tuple(steps.feeds.get(first.part, ()))
        result = replace(result, by="own error" if first.faulty else "jump", fed=fed)
    return _found(result, pairing, first)


def followed(manifest: Manifest) -> Lane:
    """The lane that others are followed along with: the reference, or the graph model on TensorFlow
    where the original was exported, and has no layers. Raises ModelError where there is neither.
    """
    reference = manifest.reference
    if reference.format == "keras" and manifest.exported:
        manifest.path("graph")  # raises where there is none
        return manifest.server_lane("graph")
    return reference


def cannot_run(folder: Path, lane: Lane, reason: str) -> Bisection:
    """A lane that gives no answer, and what differs in its files. Raises ModelError when a file
    cannot be read.
    """
    manifest = manifests.read(folder)
    pairing = anatomy.pair(
        anatomy.read(folder, followed(manifest).format),
        anatomy.read(folder, lane.format, lane.weights),
    )
    return _not_run(lane, manifest.reference, pairing, reason)


def _found(result: Bisection, pairing: Pairing, first: LayerDifference | None) -> Bisection:
    shown = {each.layer for each in result.differences}
    hidden = (
        layer
        for layer, _ in pairing.pairs
        if layer not in shown and not anatomy.is_input(pairing.reference[layer])
    )
    result = replace(result, first=first, unmatched=(*pairing.unmatched, *hidden))
    if first is None:
        # Where the answers show no fault, the files still may.
        rounded = result.lane.weights != "float32"
        return result if rounded else replace(result, suspects=pairing.different)
    there = pairing.stored(first.layer)
    return replace(
        result,
        together=pairing.together_with(first.layer),
        suspects=pairing.suspects(first.layer),
        same=sum(each.equal for each in there),
        not_compared=tuple(", ".join(each.weights) for each in there if each.max_abs is None),
    )


def _not_run(lane: Lane, reference: Lane, pairing: Pairing, reason: str) -> Bisection:
    suspects = [suspect for layer, _ in pairing.pairs for suspect in pairing.suspects(layer)]
    return Bisection(lane, reference, suspects=tuple(suspects), error=reason)


def _given(pairing: Pairing, reference: Trace) -> Outputs:
    """What the reference gives, under the names of the lane's parts."""
    return {
        part: reference.outputs[layer]
        for layer, part in pairing.pairs
        if layer in reference.outputs and not pairing.other[part].hidden
    }


def rounding_of(folder: Path, manifest: Manifest) -> Rounding | None:
    """What rounding does in the reference's layers; None where float64 cannot be had."""
    try:
        return Rounding(folder, manifest)
    except ModelError as error:
        _LOG.info("each layer is allowed %g: %s", RTOL, error)
        return None


def _rounded(
    bound: Rounding | None, tensors: Tensors, given: Outputs, pairing: Pairing
) -> Mapping[str, float] | None:
    """How far rounding takes each layer; None where it cannot be had, and RTOL stands in."""
    if bound is None:
        return None
    known = {layer: given[part] for layer, part in pairing.pairs if part in given}
    try:
        return bound.apart(tensors, known)
    except ModelError as error:
        _LOG.info("each layer is allowed %g: %s", RTOL, error)
        return None
