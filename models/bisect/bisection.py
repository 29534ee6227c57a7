"""Finds the layer at which a stored format diverges from the reference."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal

from models.bisect import layer_difference
from models.bisect.layer_difference import ATOL, RTOL, LayerDifference
from models.bisect.rounding import Rounding
from models.errors import ModelError
from models.formats import anatomy
from models.formats import manifest as manifests
from models.formats.anatomy import Pairing
from models.formats.manifest import Manifest
from models.lanes import Format, Lane, Pixels
from models.runtimes import activations, node_activations
from models.runtimes.activations import Feeds, Outputs, Own, Trace

_LOG = logging.getLogger(__name__)


@dataclass(frozen=True)
class Bisection:
    """The result for one lane. ``first`` is the first layer that diverges; None if none does.

    ``by`` says what showed it: what the layer adds itself, given the reference's inputs ("own
    error"), or that it is much farther from the reference than what it takes ("jump").
    ``also`` names further layers with errors of their own. ``together`` names the layers that the
    lane computes in one operation with ``first``, including itself; ``suspects`` says in words what
    differs there in the files, of whose arrays ``same`` hold the same numbers and ``not_compared``
    are those without a counterpart. ``limited`` are layers that a known limit is about. ``error``
    says why the lane could not be run; ``suspects`` then covers every layer.
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
    differences = layer_difference.compare(
        reference, other, pairing.pairs, atol=atol, rtol=rtol, steps_of=pairing.steps_of
    )
    first = layer_difference.first_divergent(differences)
    return _found(Bisection(other.lane, reference.lane, differences), pairing, first)


def bisect(
    folder: Path,
    lane: Lane,
    pixels: Pixels,
    *,
    reference: Trace | None = None,
    rounding: Rounding | None = None,
    rtol: float | None = None,
) -> Bisection:
    """Run digits (n, 28, 28) through ``lane`` and the reference of the model in ``folder``, and
    each step of the lane alone, from what the reference gives before it.

    ``reference`` is the reference's trace of the same digits, ``rounding`` that of its model, if
    they are there already. What a step may add follows from ``rounding``; ``rtol`` takes its place
    where a person gives it. Raises ModelError when the reference cannot be run or a file cannot be
    read.
    """
    _LOG.info("%s: every layer", lane)
    manifest = manifests.read(folder)
    form = with_layers(manifest)
    if reference is None:
        reference = activations.load(folder, form).trace(pixels)
    if rounding is None and rtol is None:
        rounding = rounding_of(folder, manifest)
    pairing = anatomy.pair(
        anatomy.read(folder, form), anatomy.read(folder, lane.format, lane.weights)
    )
    batch = manifest.pictures().tensor(pixels)
    given = _given(pairing, reference, batch)
    try:
        trace, own, feeds = _run(folder, lane, pixels, given, pairing)
        if not_shown := [part for part in feeds if part not in trace.outputs]:
            # As where a graph computes the steps of a sequence in one batch.
            for part in not_shown:
                given.pop(part)
            trace, own, feeds = _run(folder, lane, pixels, given, pairing)
    except ModelError as error:
        return _not_run(lane, reference.lane, pairing, str(error))
    tolerance = RTOL if rtol is None else rtol
    if rtol is None:
        allowed = _allowed(rounding, batch, given, pairing)
    else:
        allowed = dict.fromkeys(given, rtol)
    compared = layer_difference.compare(
        reference, trace, pairing.pairs, rtol=tolerance, steps_of=pairing.steps_of
    )
    differences = layer_difference.with_own(compared, reference, own, allowed)
    first = layer_difference.first_faulty(differences, feeds)
    also = tuple(each.layer for each in differences if each.faulty and each is not first)
    result = replace(Bisection(lane, reference.lane, differences), also=also)
    if first is not None:
        result = replace(result, by="own error" if first.faulty else "jump")
    return _found(result, pairing, first)


def cannot_run(folder: Path, lane: Lane, reason: str) -> Bisection:
    """A lane that gives no answer, and what differs in its files. Raises ModelError when a file
    cannot be read.
    """
    manifest = manifests.read(folder)
    pairing = anatomy.pair(
        anatomy.read(folder, with_layers(manifest)),
        anatomy.read(folder, lane.format, lane.weights),
    )
    return _not_run(lane, manifest.reference, pairing, reason)


def with_layers(manifest: Manifest) -> Format:
    """The format of the reference. Raises ModelError where that has no layers to follow."""
    form = manifest.reference.format
    if form == "graph":
        raise ModelError(
            f"Model {manifest.name!r} has neither a Keras file nor a layers model, so no layers to "
            "follow."
        )
    return form


def _found(result: Bisection, pairing: Pairing, first: LayerDifference | None) -> Bisection:
    shown = {each.layer for each in result.differences}
    hidden = (layer for layer, _ in pairing.pairs if layer not in shown)
    result = replace(result, first=first, unmatched=(*pairing.unmatched, *hidden))
    if first is None:
        return result
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


def _given(pairing: Pairing, reference: Trace, batch: Pixels) -> dict[str, Pixels]:
    """What the reference gives, under the names of the lane's parts, and the model's input."""
    inputs = [part.name for part in pairing.other if anatomy.is_input(part)]
    paired = {
        part: reference.outputs[layer]
        for layer, part in pairing.pairs
        if layer in reference.outputs and not pairing.other[part].hidden
    }
    return paired | dict.fromkeys(inputs, batch)


def _run(
    folder: Path, lane: Lane, pixels: Pixels, given: Outputs, pairing: Pairing
) -> tuple[Trace, Own, Feeds]:
    """What the lane's parts give, what each adds to the given values, and which those are."""
    feeds = anatomy.feeds(pairing.other, given)
    if lane.in_browser:
        tensors = (manifests.read(folder).pictures().tensor(pixels),)
        return *node_activations.trace_and_own(folder, lane, tensors, given, feeds), feeds
    loaded = activations.load(folder, lane.format, lane.weights)
    return loaded.trace(pixels), loaded.own(pixels, given, feeds), feeds


def rounding_of(folder: Path, manifest: Manifest) -> Rounding | None:
    """What rounding does in the reference's layers; None where float64 cannot be had."""
    try:
        return Rounding(folder, manifest)
    except ModelError as error:
        _LOG.info("each layer is allowed %g: %s", RTOL, error)
        return None


def _allowed(
    rounding: Rounding | None, batch: Pixels, given: Outputs, pairing: Pairing
) -> Mapping[str, float]:
    """What each part may add; nothing where rounding cannot be had, for which RTOL stands in."""
    if rounding is None:
        return {}
    parts = {layer: part for layer, part in pairing.pairs if part in given}
    try:
        allowed = rounding.allowed(batch, {layer: given[part] for layer, part in parts.items()})
    except ModelError as error:
        _LOG.info("each layer is allowed %g: %s", RTOL, error)
        return {}
    return {parts[layer]: share for layer, share in allowed.items()}
