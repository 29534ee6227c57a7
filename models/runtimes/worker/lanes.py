"""The models that TensorFlow's process keeps in memory: lanes with their times, and tracers."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from models.formats.tensors import typed
from models.lanes import Lane, Probabilities, Times
from models.runtimes import activations, probabilities, server_lane
from models.runtimes.activations import Tracer
from models.runtimes.loaded_lane import LoadedLane
from models.runtimes.worker.messages import Answer, Request, TraceAnswer, TraceRequest

RENEW_SECONDS = 1.0  # times younger than this are recent enough for the next visitor's digit
ENOUGH = 3  # predictions: fewer may all have been slowed, say by a page that was loading
_MAX_TRACERS = 6  # rarely asked for, so few are kept

# Folder, modification time of the manifest, lane. A model may be replaced on disk while the process
# lives: its manifest then has another time.
Key = tuple[Path, int, Lane]


@dataclass
class TimedLane:
    """A loaded lane, and the steady times of the last digit that it was timed with."""

    lane: LoadedLane
    first_ms: float
    steady_ms: Sequence[float] = ()
    timed_at: float = 0.0

    @property
    def wants_time(self) -> bool:
        """Whether the times are old, or too few."""
        old = time.monotonic() - self.timed_at > RENEW_SECONDS
        return old or len(self.steady_ms) < ENOUGH

    def answer(self, request: Request) -> Answer:
        """The probabilities and their times. Raises ModelError when they are no probabilities."""
        if request.recent and self.steady_ms:
            values, steady = self.lane.predict(request.pixels), self.steady_ms
        else:
            values, steady = self.measure(request)
        times = Times(self.lane.load_ms, self.first_ms, tuple(steady))
        return Answer(request.number, probabilities.check(values), times)

    def measure(self, request: Request) -> tuple[Probabilities, Sequence[float]]:
        """Predict repeatedly; keep the times for the next digit if the request is ``recent``."""
        steady: list[float] = []
        begin = time.perf_counter()
        while True:
            start = time.perf_counter()
            values = self.lane.predict(request.pixels)
            end = time.perf_counter()
            steady.append((end - start) * 1e3)
            if len(steady) > request.repeats or (end - begin) * 1e3 >= request.budget_ms:
                break
        if request.recent:
            self.steady_ms, self.timed_at = steady, time.monotonic()
        return values, steady


def key_of(request: Request | TraceRequest) -> Key:
    """The key of the lane that a request needs."""
    try:
        stamp = (request.folder / "manifest.json").stat().st_mtime_ns
    except OSError:  # loading the model reports this
        stamp = 0
    return request.folder, stamp, request.lane


def load(lanes: dict[Key, TimedLane], key: Key) -> TimedLane:
    """Get a lane from ``lanes``, or load it. Raises what ``server_lane.load`` raises."""
    if key not in lanes:
        _forget_replaced(lanes, key)
        folder, _, lane = key
        loaded = server_lane.load(folder, lane)
        start = time.perf_counter()
        loaded.predict(np.zeros((1, 28, 28), np.float32))
        lanes[key] = TimedLane(loaded, (time.perf_counter() - start) * 1e3)
    return lanes[key]


def exact(lanes: dict[Key, TimedLane], key: Key, request: Request) -> Answer:
    """How far the reference is from exact arithmetic. Raises ModelError when it cannot answer."""
    from models.formats import manifest as manifests  # most processes are never asked for this
    from models.runtimes import references

    manifest = manifests.read(request.folder)
    given = typed((manifest.pictures().tensor(request.pixels),), manifest.takes)
    answers = load(lanes, key).lane.run(given)
    found = references.of(manifest, request.folder, given, answers)
    return Answer(request.number, reference=found)


def trace(tracers: dict[Key, Tracer], key: Key, request: TraceRequest) -> TraceAnswer:
    """Each layer's output. A new model takes the place of the one that was loaded first.

    Raises ModelError for a model that takes no pictures, InputError for others than it takes.
    """
    from models.formats import manifest as manifests  # as above

    if key not in tracers:
        _forget_replaced(tracers, key)
        folder, _, lane = key
        tracers[key] = activations.load(folder, lane.format, lane.weights)
        if len(tracers) > _MAX_TRACERS:
            del tracers[next(iter(tracers))]
    given = manifests.read(request.folder).pictures().tensor(request.pixels)
    return TraceAnswer(request.number, tracers[key].trace((given,)))


def _forget_replaced(memory: dict[Key, Any], key: Key) -> None:
    folder, stamp, _ = key
    for old in [each for each in memory if each[0] == folder and each[1] != stamp]:
        del memory[old]
