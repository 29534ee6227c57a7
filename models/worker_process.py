"""TensorFlow answering what ``models.worker`` sends it, in a process of its own."""

from __future__ import annotations

import contextlib
import os
import pickle
import queue
import sys
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

import numpy as np

from models import activations, lean, litert, processors, runtimes
from models.activations import Tracer
from models.lanes import YARDSTICK, Lane, Probabilities, Times
from models.runtimes import LoadedLane
from models.worker_messages import Answer, Request, TraceAnswer, TraceRequest

RENEW_SECONDS = 1.0  # younger times of a lane are recent enough for the next visitor's digit
ENOUGH = 3  # predictions: fewer were slowed by something, such as a page that was loading
_TRACERS = 6  # models kept in memory to be looked into; rarely asked for, so few


@dataclass
class _Ready:
    """A loaded lane, and the steady times of the last digit that it was timed with."""

    lane: LoadedLane
    first_ms: float
    steady_ms: Sequence[float] = ()
    timed_at: float = 0.0

    def wants_time(self) -> bool:
        """Whether the times are old, or of too few predictions to go by."""
        old = time.monotonic() - self.timed_at > RENEW_SECONDS
        return old or len(self.steady_ms) < ENOUGH


def serve(requests: IO[bytes], answers: IO[bytes]) -> None:
    """Answer pickled requests until their stream ends. Runs in the worker process."""
    loaded: dict[tuple[Path, Lane], _Ready] = {}
    tracers: dict[tuple[Path, Lane], Tracer] = {}
    stamps: dict[Path, int] = {}
    untimed: dict[tuple[Path, Lane], Request] = {}
    inbox = _inbox(requests)
    while True:
        if inbox.empty() and untimed:
            key, late = untimed.popitem()
            if key in loaded:
                _timed(loaded[key], late)
            continue
        request = inbox.get()
        if request is None:
            return
        answer: Answer | TraceAnswer
        try:
            key = (request.folder, request.lane)
            _forget_replaced(request.folder, stamps, loaded, tracers)
            if isinstance(request, TraceRequest):
                answer = TraceAnswer(request.number, _tracer(key, tracers).trace(request.pixels))
            else:
                if key not in loaded:
                    loaded[key] = _load(request.folder, request.lane)
                answer = _answer(request, loaded[key])
                if request.recent and loaded[key].wants_time():
                    untimed[key] = request
        except Exception as error:  # whatever went wrong belongs to this request alone
            answer = Answer(request.number, error=str(error) or type(error).__name__)
        pickle.dump(answer, answers)
        answers.flush()


def _inbox(requests: IO[bytes]) -> queue.SimpleQueue[Request | TraceRequest | None]:
    """What was asked, in order, and None at the end. It shows whether anyone waits."""
    inbox: queue.SimpleQueue[Request | TraceRequest | None] = queue.SimpleQueue()

    def read() -> None:
        with contextlib.suppress(EOFError):
            while True:
                inbox.put(pickle.load(requests))
        inbox.put(None)

    threading.Thread(target=read, daemon=True, name="requests").start()
    return inbox


def _forget_replaced(
    folder: Path, stamps: dict[Path, int], *kept: dict[tuple[Path, Lane], Any]
) -> None:
    """A model may be replaced on disk while this process lives: then what it loaded is another."""
    manifest = folder / "manifest.json"
    now = manifest.stat().st_mtime_ns if manifest.is_file() else 0
    if stamps.setdefault(folder, now) != now:
        stamps[folder] = now
        for models in kept:
            for key in [key for key in models if key[0] == folder]:
                del models[key]


def _load(folder: Path, lane: Lane) -> _Ready:
    if lane == YARDSTICK:
        loaded = litert.load(folder)
    else:
        loaded = runtimes.load(folder, lane.format, lane.weights)
    start = time.perf_counter()
    loaded.predict(np.zeros((1, 28, 28), np.float32))
    return _Ready(loaded, (time.perf_counter() - start) * 1e3)


def _tracer(key: tuple[Path, Lane], tracers: dict[tuple[Path, Lane], Tracer]) -> Tracer:
    """The model to look into, the oldest making room for a new one."""
    if key not in tracers:
        folder, lane = key
        tracers[key] = activations.load(folder, lane.format, lane.weights)
        if len(tracers) > _TRACERS:
            del tracers[next(iter(tracers))]
    return tracers[key]


def _answer(request: Request, ready: _Ready) -> Answer:
    if request.recent and ready.steady_ms:
        probabilities, steady = ready.lane.predict(request.pixels), ready.steady_ms
    else:
        probabilities, steady = _timed(ready, request)
    times = Times(ready.lane.load_ms, ready.first_ms, tuple(steady))
    return Answer(request.number, probabilities, times)


def _timed(ready: _Ready, request: Request) -> tuple[Probabilities, Sequence[float]]:
    """Predict again and again; what was asked for with ``recent`` is kept for the next digit."""
    steady: list[float] = []
    begin = time.perf_counter()
    while True:
        start = time.perf_counter()
        probabilities = ready.lane.predict(request.pixels)
        end = time.perf_counter()
        steady.append((end - start) * 1e3)
        if len(steady) > request.repeats or (end - begin) * 1e3 >= request.budget_ms:
            break
    if request.recent:
        ready.steady_ms, ready.timed_at = steady, time.monotonic()
    return probabilities, steady


def main() -> None:
    """Serve standard input and output until the page's process ends."""
    lean.begin()
    processors.one_each()
    # The answers get the real standard output for themselves: whatever TensorFlow's libraries
    # print goes to the log instead.
    output = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    with contextlib.suppress(BrokenPipeError):  # the page's process ended first
        serve(sys.stdin.buffer, output)
