"""``python -m models.worker_process``: TensorFlow answering what ``models.worker`` sends it.

An argument gives seconds to wait before TensorFlow is loaded.
"""

from __future__ import annotations

import contextlib
import os
import pickle
import sys
import time
from pathlib import Path
from typing import IO, Any

import numpy as np

from models import activations, litert, runtimes
from models.activations import Tracer
from models.lanes import YARDSTICK, Lane, Times
from models.runtimes import LoadedLane
from models.worker import Answer, Request, TraceAnswer, TraceRequest

NICE = 10  # the least claim to a processor is 19
_TRACERS = 6  # models kept in memory to be looked into; rarely asked for, so few


def serve(requests: IO[bytes], answers: IO[bytes]) -> None:
    """Answer pickled requests until their stream ends. Runs in the worker process."""
    loaded: dict[tuple[Path, Lane], tuple[LoadedLane, float]] = {}
    tracers: dict[tuple[Path, Lane], Tracer] = {}
    stamps: dict[Path, int] = {}
    while True:
        try:
            request: Request | TraceRequest = pickle.load(requests)
        except EOFError:
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
                answer = _answer(request, *loaded[key])
        except Exception as error:  # whatever went wrong belongs to this request alone
            answer = Answer(request.number, error=str(error) or type(error).__name__)
        pickle.dump(answer, answers)
        answers.flush()


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


def _load(folder: Path, lane: Lane) -> tuple[LoadedLane, float]:
    if lane == YARDSTICK:
        loaded = litert.load(folder)
    else:
        loaded = runtimes.load(folder, lane.format, lane.weights)
    start = time.perf_counter()
    loaded.predict(np.zeros((1, 28, 28), np.float32))
    return loaded, (time.perf_counter() - start) * 1e3


def _tracer(key: tuple[Path, Lane], tracers: dict[tuple[Path, Lane], Tracer]) -> Tracer:
    """The model to look into, the oldest making room for a new one."""
    if key not in tracers:
        folder, lane = key
        tracers[key] = activations.load(folder, lane.format, lane.weights)
        if len(tracers) > _TRACERS:
            del tracers[next(iter(tracers))]
    return tracers[key]


def _answer(request: Request, loaded: LoadedLane, first_ms: float) -> Answer:
    steady: list[float] = []
    begin = time.perf_counter()
    while True:
        start = time.perf_counter()
        probabilities = loaded.predict(request.pixels)
        end = time.perf_counter()
        steady.append((end - start) * 1e3)
        if len(steady) > request.repeats or (end - begin) * 1e3 >= request.budget_ms:
            break
    return Answer(request.number, probabilities, Times(loaded.load_ms, first_ms, tuple(steady)))


if __name__ == "__main__":
    # The page goes first where both want a processor: while TensorFlow loads, and in large batches.
    os.nice(NICE)
    time.sleep(float(sys.argv[1]) if len(sys.argv) > 1 else 0)
    # The answers get the real standard output for themselves: whatever TensorFlow's libraries
    # print goes to the log instead.
    output = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    with contextlib.suppress(BrokenPipeError):  # the page's process ended first
        serve(sys.stdin.buffer, output)
