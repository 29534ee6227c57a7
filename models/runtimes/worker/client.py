"""Runs TensorFlow in a process of its own, so that its import and its objects do not slow the page.

Importing TensorFlow takes seconds and holds the interpreter's lock; its hundreds of thousands of
objects slow every garbage collection. ``TensorFlowWorker`` is the page's side: it starts
``python -m models.runtimes.worker``, sends it digits and returns futures. One worker serves all
visitors.
"""

from __future__ import annotations

import itertools
import logging
import threading
import time
import weakref
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from pathlib import Path
from typing import Any

from models.errors import ModelError
from models.lanes import Lane, Pixels
from models.runtimes.worker.child_process import Child, ProcessEndedError
from models.runtimes.worker.messages import Answer, Request, TraceAnswer, TraceRequest

_LOG = logging.getLogger(__name__)
_MAX_HEAD_STARTS = 3  # that visitors can get one after another

_all: weakref.WeakSet[TensorFlowWorker] = weakref.WeakSet()


def close_all() -> None:
    """Close every worker of this process."""
    for worker in tuple(_all):
        worker.close()


def trouble() -> str:
    """Why TensorFlow is being loaded again in this process, in sentences; empty if it is not."""
    return next((said for worker in tuple(_all) if (said := worker.trouble)), "")


class TensorFlowWorker:
    """The page's side of the TensorFlow process. Safe to use from many threads.

    The process starts at once and loads ``lanes`` of the model in ``folder``, the first one after
    ``head_start`` seconds: loading would take both processors of a small machine from visitors who
    need them just then. A process that ends, or is killed because it is stuck, is started again
    unless the worker was closed: at once if it had loaded or was stuck, else with the next request.
    What it had not answered is asked of the new one; a request that has seen two of them end fails
    with the reason. ``on_trouble`` is called whenever ``trouble`` has changed, from any thread.
    """

    def __init__(
        self,
        folder: Path,
        lanes: Sequence[Lane],
        *,
        head_start: float = 0,
        on_trouble: Callable[[], None] = lambda: None,
    ) -> None:
        self._folder, self._lanes, self._head_start = folder, tuple(lanes), head_start
        self._latest = time.monotonic() + _MAX_HEAD_STARTS * head_start
        self._lock = threading.Lock()
        self._closed = False
        self._numbers = itertools.count()
        self._trouble, self._on_trouble = "", on_trouble
        with self._lock:  # the process may end before it is known here
            self._child, self._preloads = self._start(head_start)
        _all.add(self)

    @property
    def ready(self) -> bool:
        """Whether TensorFlow has loaded and every preloaded lane has loaded or failed."""
        return all(future.done() for future in self._preloads)

    @property
    def trouble(self) -> str:
        """Why TensorFlow is being loaded again, in sentences; empty once that is done."""
        return "" if self.ready else self._trouble

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
        every: bool = False,
    ) -> Future[Answer]:
        """Ask for a prediction, see ``Request``. The future holds it, or raises ModelError."""
        number = next(self._numbers)
        limits = (repeats, budget_ms, recent)
        return self._send(Request(number, folder, lane, pixels, *limits, every=every))

    def exact(self, folder: Path, reference: Lane, pixels: Pixels) -> Future[Answer]:
        """Ask how far a model's ``reference`` is from exact arithmetic on ``pixels``.

        The future holds an answer with ``reference`` set, or raises ModelError.
        """
        return self._send(Request(next(self._numbers), folder, reference, pixels, exact=True))

    def trace(
        self, folder: Path, lane: Lane, pixels: Pixels, most: int | None = None
    ) -> Future[TraceAnswer]:
        """Ask for each layer's output, see ``TraceRequest``. The future holds the answer, or raises
        ModelError.
        """
        return self._send(TraceRequest(next(self._numbers), folder, lane, pixels, most))

    def close(self) -> None:
        """End the process for good. Open requests fail, and so do later ones."""
        # The lock is free again while the process ends: a request that fails then may submit
        # another one at once.
        with self._lock:
            self._closed = True
        self._child.close()

    def _send(self, request: Request | TraceRequest) -> Future[Any]:
        future: Future[Any] = Future()
        self._ask(request, future, again=True)
        return future

    def _ask(self, request: Request | TraceRequest, future: Future[Any], *, again: bool) -> None:
        """Let ``future`` have the answer; ``again`` allows a second process for it."""
        asked: Future[Any] = Future()
        with self._lock:
            ended = not self._closed and not self._child.alive
            if ended:
                self._replace()
            if self._closed:
                asked.set_exception(_closed())
            else:
                asked = self._child.submit(request)
        if ended:
            self._on_trouble()

        def answered(asked: Future[Any]) -> None:
            error = asked.exception()
            if error is None:
                future.set_result(asked.result())
            elif again and isinstance(error, ProcessEndedError) and not self._closed:
                self._ask(request, future, again=False)
            else:
                future.set_exception(error)

        asked.add_done_callback(answered)

    def _ended(self, child: Child) -> None:
        with self._lock:
            # One that dies whenever it loads is not started again and again.
            had_loaded = self.ready and child.has_answered
            if self._closed or child is not self._child or not (had_loaded or child.stuck):
                return
            self._replace()
        self._on_trouble()

    def _replace(self) -> None:
        """Start a process in place of the one that ended."""
        before = self._child
        _LOG.warning("%s. It is started again.", before.death())
        self._trouble = f"{before.death()}. It is being restarted, and then answers what is open."
        self._child, self._preloads = self._start()

        def loaded(_: object = None) -> None:
            if self.ready:
                before.reap()
                self._on_trouble()

        for each in self._preloads:
            each.add_done_callback(loaded)
        if not self._preloads:
            before.reap()

    def _start(self, head_start: float = 0) -> tuple[Child, list[Future[Answer]]]:
        child = Child(head_start, self._ended)
        requests = (Request(next(self._numbers), self._folder, lane, None) for lane in self._lanes)
        return child, [child.submit(request) for request in requests]


def _closed() -> ModelError:
    return ModelError("TensorFlow was closed with the server. Start the server, then try again.")
