"""One picture through every lane, layer by layer: requested once, collected as lanes answer."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from concurrent.futures import Future
from dataclasses import dataclass, field, replace

from app.frontend import lane_wire
from app.inspect import shared as inspect_shared
from app.inspect.browser_lanes import BrowserTraces
from app.inspect.results.judged import Answers
from models.bisect.bisection import Bisection, judge
from models.bisect.layer_difference import LayerDifference
from models.digit.digit import Digit
from models.errors import ModelError
from models.formats import anatomy, store
from models.lanes import TENSORFLOW, Format, Lane, Weights
from models.runtimes.activations import Trace
from models.runtimes.worker import thinning
from models.runtimes.worker.messages import TraceAnswer

# Of a lane's layers together: five lanes of a large model take 20 MB of a visitor's session.
KEPT_VALUES = 1_000_000


@dataclass
class Inspection:
    """What was requested, and what the lanes have answered so far."""

    model: str
    digit: Digit
    weights: Weights
    reference: Lane
    server: Mapping[Lane, Future[TraceAnswer]]
    each: int  # numbers of a layer, at most: of a larger one some rows and columns are compared
    browser: BrowserTraces | None = None
    answers: Answers = field(default_factory=dict)  # of the browser, to the ready pictures
    token: str = field(default_factory=lambda: secrets.token_urlsafe(12))

    @property
    def server_done(self) -> bool:
        """Whether every lane of the server has answered or failed."""
        return all(future.done() for future in self.server.values())

    def traces(self) -> dict[Lane, Trace]:
        """All traces so far, the server's lanes first."""
        traces: dict[Lane, Trace] = {}
        for lane, future in self.server.items():
            if future.done() and future.exception() is None:
                trace = future.result().trace
                assert trace is not None
                traces[lane] = trace
        return traces | dict(self.browser.traces if self.browser else {})

    def shapes(self, lane: Lane) -> Mapping[str, tuple[int, ...]]:
        """The shapes of a lane's whole layers; none before it has answered."""
        future = self.server.get(lane)
        if future is not None:
            answered = future.done() and future.exception() is None
            return future.result().shapes if answered else {}
        return self.browser.shapes.get(lane, {}) if self.browser else {}

    @property
    def thinned(self) -> bool:
        """Whether not all rows and columns of every layer are compared."""
        known = self.shapes(self.reference).values()
        return any(thinning.step(shape, self.each) > 1 for shape in known)

    def compared(self, runtime: str) -> list[Lane]:
        """All lanes except the reference. ``runtime`` is assumed until the browser answers."""
        answered = self.browser and (*self.browser.traces, *self.browser.errors)
        known = lane_wire.formats(store.manifest(self.model))
        in_browser = answered or [Lane(form, runtime, self.weights) for form in known]
        return [lane for lane in (*self.server, *in_browser) if lane != self.reference]

    def errors(self) -> dict[Lane, str]:
        """Why lanes could not answer."""
        errors = {
            lane: str(future.exception())
            for lane, future in self.server.items()
            if future.done() and future.exception() is not None
        }
        return errors | dict(self.browser.errors if self.browser else {})

    def bisections(self, rtol: float) -> list[Bisection]:
        """Every answered lane compared with the reference; empty until the reference answers."""
        traces = self.traces()
        base = traces.pop(self.reference, None)
        if base is None:
            return []
        found = (
            judge(pairing(self.model, lane.format, lane.weights), base, trace, rtol=rtol)
            for lane, trace in traces.items()
        )
        return [
            replace(each, differences=tuple(map(self._placed, each.differences))) for each in found
        ]

    def _placed(self, row: LayerDifference) -> LayerDifference:
        """The same, its worst place that in the whole layer."""
        shape = self.shapes(self.reference).get(row.layer, ())
        if not row.worst or len(shape) != len(row.worst):
            return row
        every, inner = thinning.step(shape, self.each), range(1, len(shape) - 1)
        worst = tuple(at * (every if axis in inner else 1) for axis, at in enumerate(row.worst))
        return replace(row, worst=worst)


def begin(model: str, digit: Digit, weights: Weights, *, is_ready: bool = False) -> Inspection:
    """Ask the server's lanes; for all visitors at once where these are offered the digit. Raises
    ModelError if there is no such model.
    """
    manifest = store.manifest(model)
    known = lane_wire.formats(manifest)
    lanes = [manifest.reference, *(Lane(form, TENSORFLOW, weights) for form in known)]
    each = most_of_a_layer(model, weights)
    ask = inspect_shared.ready_traces if is_ready else inspect_shared.traces
    answers = ask(model, tuple(dict.fromkeys(lanes)), digit, each)
    return Inspection(model, digit, weights, manifest.reference, answers, each)


def most_of_a_layer(model: str, weights: Weights) -> int:
    """How many numbers of a layer are compared, so that those of all layers are not too many."""
    counts = [1]
    for form in lane_wire.formats(store.manifest(model)):
        try:
            pair = pairing(model, form, weights)
        except ModelError:  # it is said when the lane is asked
            continue
        counts += [len(pair.reference.parts), len(pair.other.parts)]
    return KEPT_VALUES // max(counts)


def pairing(model: str, form: Format, weights: Weights) -> anatomy.Pairing:
    """The reference's files matched with those of a stored form. Raises ModelError."""
    return inspect_shared.pairing(model, store.manifest(model).reference.format, form, weights)


def layers(model: str, weights: Weights) -> list[str]:
    """The layers in which lanes can be compared, in order; empty if the files do not tell."""
    known = lane_wire.formats(store.manifest(model))
    try:
        return [layer for layer, _ in pairing(model, known[-1], weights).pairs] if known else []
    except ModelError:
        return []


def operations(model: str, weights: Weights) -> list[str]:
    """The operations to request from the browser's graph model, if there is one."""
    if "graph" not in lane_wire.formats(store.manifest(model)):
        return []
    try:
        return [part.name for part in pairing(model, "graph", weights).other if not part.hidden]
    except ModelError:
        return []
