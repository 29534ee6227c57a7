"""Runs TensorFlow in a process of its own, so that its import and its objects do not slow the page.

Importing TensorFlow takes seconds and holds the interpreter's lock; its hundreds of thousands of
objects slow every garbage collection. ``TensorFlowWorker`` is the page's side: it starts
``python -m models.runtimes.worker``, sends it digits and returns futures. One worker serves all
visitors.
"""

from __future__ import annotations

import itertools
import threading
import time
import weakref
from collections.abc import Sequence
from concurrent.futures import Future
from pathlib import Path
from typing import Any

import numpy as np

from models.errors import ModelError
from models.lanes import Lane, Pixels
from models.runtimes.worker.child_process import Child
from models.runtimes.worker.messages import Answer, Request, TraceAnswer, TraceRequest

_MAX_HEAD_STARTS = 3  # that visitors can get one after another

_all: weakref.WeakSet[TensorFlowWorker] = weakref.WeakSet()


def close_all() -> None:
    """Close every worker of this process."""
    for worker in tuple(_all):
        worker.close()


class TensorFlowWorker:
    """The page's side of the TensorFlow process. Safe to use from many threads.

    The process starts at once and loads ``lanes`` of the model in ``folder``, the first one after
    ``head_start`` seconds: loading would take both processors of a small machine from visitors who
    need them just then. If the process ends, its open requests fail with the reason, and the next
    request starts a new one, unless the worker was closed.
    """

    def __init__(self, folder: Path, lanes: Sequence[Lane], *, head_start: float = 0) -> None:
        self._folder, self._lanes, self._head_start = folder, tuple(lanes), head_start
        self._latest = time.monotonic() + _MAX_HEAD_STARTS * head_start
        self._lock = threading.Lock()
        self._closed = False
        self._numbers = itertools.count()
        self._child, self._preloads = self._start(head_start)
        _all.add(self)

    @property
    def ready(self) -> bool:
        """Whether TensorFlow has loaded and every preloaded lane has loaded or failed."""
        return all(future.done() for future in self._preloads)

    def hold_back(self) -> None:
        """Give a visitor who needs the processors a head start, if loading has not begun.

        However often this is called, loading begins after ``_MAX_HEAD_STARTS`` head starts.
        """
        self._child.hold_back(self._head_start, until=self._latest)

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
        """Ask for a prediction, see ``Request``. The future holds it, or raises ModelError."""
        number = next(self._numbers)
        return self._send(Request(number, folder, lane, pixels, repeats, budget_ms, recent))

    def exact(self, folder: Path, reference: Lane, pixels: Pixels) -> Future[Answer]:
        """Ask how far a model's ``reference`` is from exact arithmetic on ``pixels``.

        The future holds an answer with ``reference`` set, or raises ModelError.
        """
        return self._send(Request(next(self._numbers), folder, reference, pixels, exact=True))

    def trace(self, folder: Path, lane: Lane, pixels: Pixels) -> Future[TraceAnswer]:
        """Ask for each layer's output. The future holds the answer, or raises ModelError."""
        return self._send(TraceRequest(next(self._numbers), folder, lane, pixels))

    def close(self) -> None:
        """End the process for good. Open requests fail, and so do later ones."""
        # The lock is free again while the process ends: a request that fails then may submit
        # another one at once.
        with self._lock:
            self._closed = True
        self._child.close()

    def _send(self, request: Request | TraceRequest) -> Future[Any]:
        with self._lock:
            if self._closed:
                return _refused()
            if not self._child.alive:
                self._child, self._preloads = self._start()
            return self._child.submit(request)

    def _start(self, head_start: float = 0) -> tuple[Child, list[Future[Answer]]]:
        child = Child(head_start)
        blank = np.zeros((1, 28, 28), np.float32)
        requests = (Request(next(self._numbers), self._folder, lane, blank) for lane in self._lanes)
        return child, [child.submit(request) for request in requests]


def _refused() -> Future[Any]:
    future: Future[Any] = Future()
    future.set_exception(
        ModelError("TensorFlow was closed with the server. Start the server, then try again.")
    )
    return future
