"""What the TensorFlow process keeps in memory: lanes that predict, their times, and tracers."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from models.lanes import YARDSTICK, Lane, Probabilities, Times
from models.runtimes import activations, litert, probabilities, tensorflow
from models.runtimes.activations import Tracer
from models.runtimes.tensorflow import LoadedLane
from models.runtimes.worker.messages import Answer, Request, TraceAnswer, TraceRequest

RENEW_SECONDS = 1.0  # younger times of a lane are recent enough for the next visitor's digit
ENOUGH = 3  # predictions: fewer were slowed by something, such as a page that was loading
_TRACERS = 6  # models kept in memory to be looked into; rarely asked for, so few

# A model may be replaced on disk while the process lives: then its manifest has another time, and
# what was loaded of it is another's.
Key = tuple[Path, int, Lane]


@dataclass
class Ready:
    """A loaded lane, and the steady times of the last digit that it was timed with."""

    lane: LoadedLane
    first_ms: float
    steady_ms: Sequence[float] = ()
    timed_at: float = 0.0

    @property
    def wants_time(self) -> bool:
        """Whether the times are old, or of too few predictions to go by."""
        old = time.monotonic() - self.timed_at > RENEW_SECONDS
        return old or len(self.steady_ms) < ENOUGH

    def answer(self, request: Request) -> Answer:
        """The probabilities and what they cost. Raises ModelError where they are none."""
        if request.recent and self.steady_ms:
            values, steady = self.lane.predict(request.pixels), self.steady_ms
        else:
            values, steady = self.measure(request)
        times = Times(self.lane.load_ms, self.first_ms, tuple(steady))
        return Answer(request.number, probabilities.check(values), times)

    def measure(self, request: Request) -> tuple[Probabilities, Sequence[float]]:
        """Predict again and again; what is asked for with ``recent`` is kept for the next digit."""
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
    """What of the memory it needs."""
    try:
        stamp = (request.folder / "manifest.json").stat().st_mtime_ns
    except OSError:  # loading it says what is wrong
        stamp = 0
    return request.folder, stamp, request.lane


def load(lanes: dict[Key, Ready], key: Key) -> Ready:
    """The lane of ``lanes``, loaded if it is not there. Raises what ``tensorflow.load`` raises."""
    if key not in lanes:
        _forget_replaced(lanes, key)
        folder, _, lane = key
        if lane == YARDSTICK:
            loaded = litert.load(folder)
        else:
            loaded = tensorflow.load(folder, lane.format, lane.weights)
        start = time.perf_counter()
        loaded.predict(np.zeros((1, 28, 28), np.float32))
        lanes[key] = Ready(loaded, (time.perf_counter() - start) * 1e3)
    return lanes[key]


def trace(tracers: dict[Key, Tracer], key: Key, request: TraceRequest) -> TraceAnswer:
    """What each layer gives; the model that was loaded first makes room for a new one."""
    if key not in tracers:
        _forget_replaced(tracers, key)
        folder, _, lane = key
        tracers[key] = activations.load(folder, lane.format, lane.weights)
        if len(tracers) > _TRACERS:
            del tracers[next(iter(tracers))]
    return TraceAnswer(request.number, tracers[key].trace(request.pixels))


def _forget_replaced(memory: dict[Key, Any], key: Key) -> None:
    folder, stamp, _ = key
    for other in [each for each in memory if each[0] == folder and each[1] != stamp]:
        del memory[other]
