"""One digit through every lane, layer by layer: requested once, collected as lanes answer."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from concurrent.futures import Future
from dataclasses import dataclass, field

from app.inspect import shared as inspect_shared
from app.inspect.browser_lanes import BrowserTraces
from app.inspect.results.judged import Answers
from app.session import shared
from models.bisect.bisection import Bisection, judge
from models.digit.digit import Digit
from models.errors import ModelError
from models.formats import anatomy, store
from models.lanes import CONVERTED, TENSORFLOW, Format, Lane, Weights
from models.runtimes.activations import Trace
from models.runtimes.worker.messages import TraceAnswer


@dataclass
class Inspection:
    """What was requested, and what the lanes have answered so far."""

    model: str
    digit: Digit
    weights: Weights
    reference: Lane
    server: Mapping[Lane, Future[TraceAnswer]]
    browser: BrowserTraces | None = None
    answers: Answers = field(default_factory=dict)  # of the browser, to the ready digits
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

    def compared(self, runtime: str) -> list[Lane]:
        """All lanes except the reference. ``runtime`` is assumed until the browser answers."""
        answered = self.browser and (*self.browser.traces, *self.browser.errors)
        in_browser = answered or [Lane(form, runtime, self.weights) for form in CONVERTED]
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
        return [
            judge(pairing(self.model, lane.format, lane.weights), base, trace, rtol=rtol)
            for lane, trace in traces.items()
        ]


def begin(model: str, digit: Digit, weights: Weights) -> Inspection:
    """Ask the server's lanes. Raises ModelError if there is no such model."""
    folder, reference = store.folder(model), store.manifest(model).reference
    lanes = [reference, *(Lane(form, TENSORFLOW, weights) for form in CONVERTED)]
    worker = shared.tensorflow()
    answers = {
        lane: worker.trace(folder, lane, digit.pixels[None]) for lane in dict.fromkeys(lanes)
    }
    return Inspection(model, digit, weights, reference, answers)


def pairing(model: str, form: Format, weights: Weights) -> anatomy.Pairing:
    """The reference's files matched with those of a stored form. Raises ModelError."""
    return inspect_shared.pairing(model, store.manifest(model).reference.format, form, weights)


def layers(model: str, weights: Weights) -> list[str]:
    """The layers in which lanes can be compared, in order; empty if the files do not tell."""
    try:
        return [layer for layer, _ in pairing(model, "layers", weights).pairs]
    except ModelError:
        return []


def operations(model: str, weights: Weights) -> list[str]:
    """The operations to request from the browser's graph model."""
    try:
        return [part.name for part in pairing(model, "graph", weights).other if not part.hidden]
    except ModelError:
        return []
