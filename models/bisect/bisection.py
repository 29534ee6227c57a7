"""Finds the first layer at which a stored format diverges from the reference."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from pathlib import Path

from models.bisect import layer_difference
from models.bisect.layer_difference import ATOL, RTOL, LayerDifference
from models.errors import ModelError
from models.formats import anatomy
from models.formats import manifest as manifests
from models.lanes import Lane, Pixels
from models.runtimes import activations, node_activations
from models.runtimes.activations import Trace

_LOG = logging.getLogger(__name__)


@dataclass(frozen=True)
class Bisection:
    """The result for one lane. ``first`` is the first layer that diverges; None if none does.

    ``together`` names the layers that the lane computes in one operation with ``first``, including
    itself; ``suspects`` says in words what differs there in the files. ``error`` says why the lane
    could not be run; ``suspects`` then covers every layer.
    """

    lane: Lane
    reference: Lane
    differences: tuple[LayerDifference, ...] = ()
    first: LayerDifference | None = None
    together: tuple[str, ...] = ()
    suspects: tuple[str, ...] = ()
    unmatched: tuple[str, ...] = ()
    error: str | None = None

    @property
    def smallest_rtol(self) -> float:
        """The smallest tolerance that would pass."""
        return layer_difference.smallest_rtol(self.differences)


def judge(
    pairing: anatomy.Pairing,
    reference: Trace,
    other: Trace,
    *,
    atol: float = ATOL,
    rtol: float = RTOL,
) -> Bisection:
    """Compare two traces of a paired model and name the first layer that diverges."""
    differences = layer_difference.compare(reference, other, pairing.pairs, atol=atol, rtol=rtol)
    first = layer_difference.first_divergent(differences)
    return Bisection(
        other.lane,
        reference.lane,
        differences,
        first,
        pairing.together_with(first.layer) if first else (),
        pairing.suspects(first.layer) if first else (),
        pairing.unmatched,
    )


def bisect(
    folder: Path,
    lane: Lane,
    pixels: Pixels,
    *,
    reference: Trace | None = None,
    atol: float = ATOL,
    rtol: float = RTOL,
) -> Bisection:
    """Run digits (n, 28, 28) through ``lane`` and the reference of the model in ``folder``.

    ``reference`` is the reference's trace of the same digits, if there is one already. Raises
    ModelError when the reference cannot be run or a file cannot be read.
    """
    _LOG.info("%s: every layer", lane)
    form = manifests.read(folder).reference.format
    if form == "graph":
        raise ModelError(
            f"{folder} has neither a Keras file nor a layers model, so no layers to follow."
        )
    if reference is None:
        reference = activations.load(folder, form).trace(pixels)
    other = anatomy.read(folder, lane.format, lane.weights)
    pairing = anatomy.pair(anatomy.read(folder, form), other)
    try:
        trace = _trace(folder, lane, pixels)
    except ModelError as error:
        suspects = [suspect for layer, _ in pairing.pairs for suspect in pairing.suspects(layer)]
        return Bisection(lane, reference.lane, suspects=tuple(suspects), error=str(error))
    return judge(pairing, reference, trace, atol=atol, rtol=rtol)


def _trace(folder: Path, lane: Lane, pixels: Pixels) -> Trace:
    if lane.in_browser:
        return node_activations.trace(folder, lane, pixels)
    return activations.load(folder, lane.format, lane.weights).trace(pixels)
