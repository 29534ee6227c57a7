"""One digit through every lane, layer by layer: asked once, collected as the lanes answer."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from concurrent.futures import Future
from dataclasses import dataclass, field

from app.inspect import shared as inspect_shared
from app.inspect.browser_lanes import Looked
from app.session import shared
from models.bisect.bisection import Bisection, judge
from models.digit.digit import Digit
from models.errors import ModelError
from models.formats import anatomy, store
from models.lanes import CONVERTED, TENSORFLOW, Format, Lane, Weights
from models.runtimes.activations import Trace
from models.runtimes.worker.messages import TraceAnswer


@dataclass
class Look:
    """What was asked for, and what has come of it by now."""

    model: str
    digit: Digit
    weights: Weights
    reference: Lane
    server: Mapping[Lane, Future[TraceAnswer]]
    browser: Looked | None = None
    token: str = field(default_factory=lambda: secrets.token_urlsafe(12))

    @property
    def server_done(self) -> bool:
        """Whether every lane of the server has answered or failed."""
        return all(future.done() for future in self.server.values())

    def traces(self) -> dict[Lane, Trace]:
        """What has come by now, the server's lanes first."""
        found: dict[Lane, Trace] = {}
        for lane, future in self.server.items():
            if future.done() and future.exception() is None:
                trace = future.result().trace
                assert trace is not None
                found[lane] = trace
        return found | dict(self.browser.traces if self.browser else {})

    def compared(self, runtime: str) -> list[Lane]:
        """All lanes but the reference, the browser's on ``runtime`` until it has said on which."""
        answered = self.browser and (*self.browser.traces, *self.browser.errors)
        inside = answered or [Lane(form, runtime, self.weights) for form in CONVERTED]
        return [lane for lane in (*self.server, *inside) if lane != self.reference]

    def errors(self) -> dict[Lane, str]:
        """Why lanes could not be looked into."""
        found = {
            lane: str(future.exception())
            for lane, future in self.server.items()
            if future.done() and future.exception() is not None
        }
        return found | dict(self.browser.errors if self.browser else {})

    def bisections(self, rtol: float) -> list[Bisection]:
        """Every lane that has answered, compared with the reference; empty before that has."""
        traces = self.traces()
        base = traces.pop(self.reference, None)
        if base is None:
            return []
        return [
            judge(pairing(self.model, lane.format, lane.weights), base, trace, rtol=rtol)
            for lane, trace in traces.items()
        ]


def begin(model: str, digit: Digit, weights: Weights) -> Look:
    """Ask the server's lanes. Raises ModelError for a model that is not there."""
    folder, reference = store.folder(model), store.manifest(model).reference
    lanes = [reference, *(Lane(form, TENSORFLOW, weights) for form in CONVERTED)]
    worker = shared.tensorflow()
    asked = {lane: worker.trace(folder, lane, digit.pixels[None]) for lane in dict.fromkeys(lanes)}
    return Look(model, digit, weights, reference, asked)


def pairing(model: str, form: Format, weights: Weights) -> anatomy.Pairing:
    """The reference's files beside those of a stored form. Raises ModelError."""
    return inspect_shared.pairing(model, store.manifest(model).reference.format, form, weights)


def layers(model: str, weights: Weights) -> list[str]:
    """What a lane can be compared in, in order; nothing where the files do not say."""
    try:
        return [layer for layer, _ in pairing(model, "layers", weights).pairs]
    except ModelError:
        return []


def operations(model: str, weights: Weights) -> list[str]:
    """What to ask the browser's graph model for."""
    try:
        return [part.name for part in pairing(model, "graph", weights).other]
    except ModelError:
        return []
