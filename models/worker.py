"""TensorFlow in a process of its own, so that neither its import nor its objects burden the page.

Importing TensorFlow takes seconds and holds the interpreter's lock; its hundreds of thousands of
objects slow every garbage collection. ``TensorFlowWorker`` is the page's side: it starts
``python -m models.worker_start``, sends it digits and hands back futures. One worker serves all
visitors.
"""

from __future__ import annotations

import contextlib
import itertools
import os
import pickle
import queue
import subprocess
import sys
import threading
from collections.abc import Sequence
from concurrent.futures import Future, wait
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any

import numpy as np

from models.activations import Trace
from models.errors import ModelError
from models.lanes import Lane, Pixels, Probabilities, Times

_ROOT = Path(__file__).resolve().parent.parent


@dataclass(frozen=True, eq=False)
class Request:
    """Predict ``pixels`` (n, 28, 28) with ``lane`` of the model in ``folder``.

    The prediction is then repeated to measure the steady time: at most ``repeats`` times, and no
    longer than ``budget_ms``. With ``recent`` the answer does not wait for that: it brings the
    times of the digit before, where there was one, and the clock runs when nobody waits.
    """

    number: int
    folder: Path
    lane: Lane
    pixels: Pixels
    repeats: int = 0
    budget_ms: float = 0.0
    recent: bool = False


@dataclass(frozen=True, eq=False)
class Answer:
    """Probabilities (n, classes) of one request and what they cost, or the error in words."""

    number: int
    probabilities: Probabilities | None = None
    times: Times = field(default_factory=Times)
    error: str | None = None


@dataclass(frozen=True, eq=False)
class TraceRequest:
    """Bring ``pixels`` (n, 28, 28) through ``lane``, and show what each layer gives."""

    number: int
    folder: Path
    lane: Lane
    pixels: Pixels


@dataclass(frozen=True, eq=False)
class TraceAnswer:
    """What each layer gave, or the error in words."""

    number: int
    trace: Trace | None = None
    error: str | None = None


class TensorFlowWorker:
    """The page's side of the TensorFlow process. Safe to use from many threads.

    The process starts at once and loads ``lanes`` of the model in ``folder``, the first one after
    ``head_start`` seconds: loading takes both of a small machine's processors from who needs them
    more just then. If it ends, its open requests fail with the reason, and the next request starts
    a new one.
    """

    def __init__(self, folder: Path, lanes: Sequence[Lane], *, head_start: float = 0) -> None:
        self._folder, self._lanes = folder, tuple(lanes)
        self._lock = threading.Lock()
        self._numbers = itertools.count()
        self._child, self._preloads = self._start(head_start)

    @property
    def ready(self) -> bool:
        """Whether TensorFlow has loaded and every preloaded lane has loaded or failed."""
        return all(future.done() for future in self._preloads)

    def wait_ready(self, seconds: float) -> bool:
        """Wait until ``ready``, at most ``seconds``."""
        wait(self._preloads, timeout=seconds)
        return self.ready

    def submit(
        self,
        folder: Path,
        lane: Lane,
        pixels: Pixels,
        *,
        repeats: int = 0,
        budget_ms: float = 0.0,
        recent: bool = False,
    ) -> Future[Answer]:
        """Ask for a prediction, see ``Request``. The future brings its answer or a ModelError."""
        with self._lock:
            if not self._child.alive:
                self._child, self._preloads = self._start()
            request = Request(next(self._numbers), folder, lane, pixels, repeats, budget_ms, recent)
            return self._child.submit(request)

    def trace(self, folder: Path, lane: Lane, pixels: Pixels) -> Future[TraceAnswer]:
        """Ask what each layer gives. The future holds the answer, or raises ModelError."""
        with self._lock:
            if not self._child.alive:
                self._child, self._preloads = self._start()
            return self._child.submit(TraceRequest(next(self._numbers), folder, lane, pixels))

    def close(self) -> None:
        """End the process; open requests fail."""
        self._child.close()

    def _start(self, head_start: float = 0) -> tuple[_Child, list[Future[Answer]]]:
        child = _Child(head_start)
        blank = np.zeros((1, 28, 28), np.float32)
        requests = (Request(next(self._numbers), self._folder, lane, blank) for lane in self._lanes)
        return child, [child.submit(request) for request in requests]


class _Child:
    """One run of the worker process: a thread writes requests to it, another reads its answers."""

    def __init__(self, head_start: float) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "models.worker_start", str(head_start)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            cwd=_ROOT,
            env=os.environ | {"TF_CPP_MIN_LOG_LEVEL": "2", "CUDA_VISIBLE_DEVICES": ""},
        )
        self.alive = True
        self._open: dict[int, Future[Any]] = {}
        self._lock = threading.Lock()
        self._outbox: queue.SimpleQueue[Request | TraceRequest | None] = queue.SimpleQueue()
        threading.Thread(target=self._write, daemon=True, name="worker-requests").start()
        threading.Thread(target=self._read, daemon=True, name="worker-answers").start()

    def submit(self, request: Request | TraceRequest) -> Future[Any]:
        future: Future[Any] = Future()
        with self._lock:
            if not self.alive:
                future.set_exception(self._death())
                return future
            self._open[request.number] = future
        self._outbox.put(request)
        return future

    def close(self) -> None:
        self._process.terminate()
        self._process.wait(10)

    def _write(self) -> None:
        assert self._process.stdin is not None
        # The reader notices the same end and fails what is open. Closing writes what is left, so
        # it meets the broken pipe too.
        with contextlib.suppress(BrokenPipeError), self._process.stdin as stdin:
            while (request := self._outbox.get()) is not None:
                pickle.dump(request, stdin)
                stdin.flush()

    def _read(self) -> None:
        assert self._process.stdout is not None
        with self._process.stdout as stdout:
            while (answer := _receive(stdout)) is not None:
                with self._lock:
                    future = self._open.pop(answer.number)
                if answer.error is None:
                    future.set_result(answer)
                else:
                    future.set_exception(ModelError(answer.error))
        self._process.wait()
        with self._lock:
            self.alive = False
            left, self._open = self._open, {}
        self._outbox.put(None)
        for future in left.values():
            future.set_exception(self._death())

    def _death(self) -> ModelError:
        return ModelError(
            f"The TensorFlow process ended (exit code {self._process.returncode}); "
            "the next digit starts a new one. If this repeats, the server may be short of memory."
        )


def _receive(stream: IO[bytes]) -> Answer | TraceAnswer | None:
    try:
        answer: Answer | TraceAnswer = pickle.load(stream)
    except (EOFError, pickle.UnpicklingError):
        return None
    return answer
