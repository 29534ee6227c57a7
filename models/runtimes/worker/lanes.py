"""The models that TensorFlow's process keeps in memory: lanes with their times, and tracers."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np

from models.errors import ModelError
from models.formats import manifest as manifests
from models.formats import model_limits, model_output
from models.formats.model_output import AnswerKind
from models.formats.tensors import typed
from models.lanes import Lane, Pixels, Probabilities, Times
from models.runtimes import activations, probabilities, server_lane
from models.runtimes.activations import Tracer
from models.runtimes.loaded_lane import LoadedLane
from models.runtimes.worker import thinning
from models.runtimes.worker.messages import Answer, Request, TraceAnswer, TraceRequest

RENEW_SECONDS = 1.0  # times younger than this are recent enough for the next visitor's digit
ENOUGH = 3  # predictions: fewer may all have been slowed, say by a page that was loading
_MAX_TRACERS = 6  # rarely asked for, so few are kept

# Folder, modification time of the manifest, lane. A model may be replaced on disk while the process
# lives: its manifest then has another time.
Key = tuple[Path, int, Lane]


@dataclass
class TimedLane:
    """A loaded lane, the steady times of the last picture that it was timed with, when it was used
    last, what its answers are, and the first one, to a ``blank`` picture.
    """

    lane: LoadedLane
    first_ms: float
    steady_ms: Sequence[float] = ()
    timed_at: float = 0.0
    kind: AnswerKind = "probabilities"
    used: float = 0.0
    blank: Probabilities | None = None

    @property
    def wants_time(self) -> bool:
        """Whether the times are old, or too few."""
        old = time.monotonic() - self.timed_at > RENEW_SECONDS
        return old or len(self.steady_ms) < ENOUGH

    def answer(self, request: Request) -> Answer:
        """The model's answers and their times. Raises ModelError when what pages show of them are
        no probabilities, unless every answer is wanted, whatever it is.
        """
        self.used = time.monotonic()
        if request.pixels is None:
            return Answer(request.number, times=Times(self.lane.load_ms, self.first_ms))
        if request.recent and self.steady_ms:
            answers, steady = [self.lane.predict(request.pixels)], self.steady_ms
        else:
            answers, steady = self.measure(request, request.pixels)
        values, times = answers[-1], Times(self.lane.load_ms, self.first_ms, tuple(steady))
        if request.every:
            every = tuple(_shared(answers))
            return Answer(request.number, values, times, every=every, blank=self.blank)
        probabilities.check(model_output.probabilities(values, self.kind))
        return Answer(request.number, values, times)

    def measure(
        self, request: Request, pixels: Pixels
    ) -> tuple[list[Probabilities], Sequence[float]]:
        """Predict repeatedly; keep the times for the next picture if the request is ``recent``.

        The answers are all of them if ``every`` one is wanted, else the last.
        """
        answers: list[Probabilities] = []
        steady: list[float] = []
        begin = time.perf_counter()
        while True:
            start = time.perf_counter()
            values = self.lane.predict(pixels)
            end = time.perf_counter()
            steady.append((end - start) * 1e3)
            answers = [*answers, values] if request.every else [values]
            if len(steady) > request.repeats or (end - begin) * 1e3 >= request.budget_ms:
                break
        if request.recent:
            self.steady_ms, self.timed_at = steady, time.monotonic()
        return answers, steady


def _shared(answers: Sequence[Probabilities]) -> Iterator[Probabilities]:
    """The same, where neighbours that are equal in every bit are one array, which is sent once."""
    before: Probabilities | None = None
    for each in answers:
        if before is None or each.tobytes() != before.tobytes():
            before = each
        yield before


def key_of(request: Request | TraceRequest) -> Key:
    """The key of the lane that a request needs."""
    try:
        stamp = (request.folder / "manifest.json").stat().st_mtime_ns
    except OSError:  # loading the model reports this
        stamp = 0
    return request.folder, stamp, request.lane


def load(lanes: dict[Key, TimedLane], key: Key) -> TimedLane:
    """Get a lane from ``lanes``, or load it. Raises what ``server_lane.load`` raises."""
    known = lanes.get(key)
    if known is None:
        _forget_replaced(lanes, key)
        folder, _, lane = key
        loaded = server_lane.load(folder, lane)
        manifest = manifests.read(folder)
        blank = np.zeros((1, *manifest.pictures().picture), np.float32)
        start = time.perf_counter()
        first = loaded.predict(blank)
        first_ms = (time.perf_counter() - start) * 1e3
        used = time.monotonic()
        known = TimedLane(loaded, first_ms, kind=manifest.answers, used=used, blank=first)
        lanes[key] = known
        by_use = sorted(lanes.items(), key=lambda each: each[1].used)
        _forget_oldest(lanes, [each for each, _ in by_use])
    return known


def exact(lanes: dict[Key, TimedLane], key: Key, request: Request) -> Answer:
    """How far the reference is from exact arithmetic. Raises ModelError when it cannot answer."""
    from models.runtimes import references  # most processes are never asked for this

    assert request.pixels is not None
    manifest = manifests.read(request.folder)
    given = typed((manifest.pictures().tensor(request.pixels),), manifest.takes)
    answers = load(lanes, key).lane.run(given)
    found = references.of(manifest, request.folder, given, answers)
    return Answer(request.number, reference=found)


def trace(tracers: dict[Key, Tracer], key: Key, request: TraceRequest) -> TraceAnswer:
    """Each layer's output. A new model takes the place of the one that was used longest ago.

    Raises ModelError for a model that takes no pictures, InputError for others than it takes.
    """
    if key not in tracers:
        _forget_replaced(tracers, key)
        folder, _, lane = key
        tracers[key] = activations.load(folder, lane.format, lane.weights)
        if len(tracers) > _MAX_TRACERS:
            del tracers[next(iter(tracers))]
    tracers[key] = tracers.pop(key)  # the last one from now on
    _forget_oldest(tracers, list(tracers))
    manifest = manifests.read(request.folder)
    given = typed((manifest.pictures().tensor(request.pixels),), manifest.takes)
    found, shapes = tracers[key].trace(given), {}
    if (most := request.most) is not None:
        shapes = {name: values.shape for name, values in found.outputs.items()}
        kept = {name: thinning.thinned(values, most) for name, values in found.outputs.items()}
        found = replace(found, outputs=kept)
    return TraceAnswer(request.number, found, shapes=shapes)


def _forget_oldest(memory: dict[Key, Any], order: Sequence[Key]) -> None:
    """Keep what has room, see ``model_limits.KEPT``, and the last in ``order`` always."""
    most, sizes = model_limits.KEPT.value * 1_000_000, [_bytes(key) for key in order]
    for place, key in enumerate(order[:-1]):
        if sum(sizes[place:]) <= most:
            return
        memory.pop(key, None)


def _bytes(key: Key) -> int:
    """Of the files of a lane; those of a model that is gone are not known any more."""
    folder, _, lane = key
    try:
        return manifests.read(folder).size(lane.format, lane.weights)
    except (ModelError, KeyError):
        return 0


def _forget_replaced(memory: dict[Key, Any], key: Key) -> None:
    folder, stamp, _ = key
    for old in [each for each in tuple(memory) if each[0] == folder and each[1] != stamp]:
        memory.pop(old, None)
