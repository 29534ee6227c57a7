"""TensorFlow's process: it answers the requests that ``models.runtimes.worker.client`` sends."""

from __future__ import annotations

import contextlib
import pickle
import queue
import sys
import threading
from collections.abc import Callable
from concurrent.futures import Executor
from enum import Enum
from typing import IO

from models.errors import escaped, shown
from models.runtimes.activations import Tracer
from models.runtimes.process import cpu_threads, os_calls, slim_imports
from models.runtimes.worker import lanes
from models.runtimes.worker.lanes import Key, TimedLane
from models.runtimes.worker.messages import (
    BEAT_SECONDS,
    Answer,
    Beat,
    Request,
    TraceAnswer,
    TraceRequest,
)

_MOST_LOGGED = 100  # different failures; visitors can ask again and again


class _Signal(Enum):
    """Entries of the inbox that are no requests."""

    DONE = "a background task is done"
    END = "no more requests will come"


Inbox = queue.SimpleQueue[Request | TraceRequest | _Signal]


def serve(requests: IO[bytes], answers: IO[bytes], background: Executor) -> None:
    """Answer pickled requests until their stream ends."""
    inbox: Inbox = queue.SimpleQueue()
    threading.Thread(target=_read, args=(requests, inbox), daemon=True, name="requests").start()
    Desk(inbox, answers, background).serve()


def _read(requests: IO[bytes], inbox: Inbox) -> None:
    # The page's process may be killed in the middle of a request.
    with contextlib.suppress(EOFError, pickle.UnpicklingError):
        while True:
            inbox.put(pickle.load(requests))
    inbox.put(_Signal.END)


class Desk:
    """Answers a single digit at once when its lane is loaded: a visitor is waiting for it.

    Slow work (a batch, loading a lane, tracing a model) goes to ``background``, one task after the
    other.
    """

    def __init__(self, inbox: Inbox, answers: IO[bytes], background: Executor) -> None:
        self._inbox, self._answers, self._background = inbox, answers, background
        self._writing = threading.Lock()
        self._lanes: dict[Key, TimedLane] = {}
        self._tracers: dict[Key, Tracer] = {}
        self._untimed: dict[Key, Request] = {}
        self._logged: set[str] = set()
        self._pending = 0  # background tasks

    def serve(self) -> None:
        """Answer requests until the end; measure outstanding times when no request waits.

        A thread of its own sends beats meanwhile: this one is busy for as long as a request is.
        """
        over = threading.Event()
        beats = threading.Thread(target=self._beat, args=(over,), daemon=True, name="beats")
        beats.start()
        try:
            self._serve()
        finally:
            over.set()

    def _beat(self, over: threading.Event) -> None:
        with os_calls.while_somebody_reads():
            while not over.wait(BEAT_SECONDS):
                self._write(Beat())

    def _serve(self) -> None:
        while True:
            if self._untimed and not self._pending and self._inbox.empty():
                key, untimed = self._untimed.popitem()
                if key in self._lanes and untimed.pixels is not None:
                    self._lanes[key].measure(untimed, untimed.pixels)
                continue
            request = self._inbox.get()
            if request is _Signal.END:
                self._background.shutdown(cancel_futures=True)  # nobody waits for them any more
                return
            if request is _Signal.DONE:
                self._pending -= 1
            elif not isinstance(request, _Signal):
                self._take(request)

    def _take(self, request: Request | TraceRequest) -> None:
        key = lanes.key_of(request)
        if isinstance(request, TraceRequest):
            self._postpone(request, lambda: lanes.trace(self._tracers, key, request))
        elif request.exact:
            self._postpone(request, lambda: lanes.exact(self._lanes, key, request))
        elif key in self._lanes and (request.pixels is None or len(request.pixels) == 1):
            self._send(request, lambda: self._answer(key, request))
        else:
            self._postpone(request, lambda: self._answer(key, request))

    def _answer(self, key: Key, request: Request) -> Answer:
        lane = lanes.load(self._lanes, key)
        answer = lane.answer(request)
        if request.recent and lane.wants_time:
            self._untimed[key] = request
        return answer

    def _postpone(
        self, request: Request | TraceRequest, work: Callable[[], Answer | TraceAnswer]
    ) -> None:
        def task() -> None:
            self._send(request, work)
            self._inbox.put(_Signal.DONE)

        self._pending += 1
        self._background.submit(task)

    def _send(
        self, request: Request | TraceRequest, work: Callable[[], Answer | TraceAnswer]
    ) -> None:
        try:
            answer = work()
        except Exception as error:  # only this request fails
            self._log(f"{request.lane} of {request.folder}: {type(error).__name__}: {error}")
            answer = Answer(request.number, error=shown(error, request.folder))
        self._write(answer)

    def _write(self, message: Answer | TraceAnswer | Beat) -> None:
        with self._writing:
            pickle.dump(message, self._answers)
            self._answers.flush()

    def _log(self, line: str) -> None:
        """Tell the operator what visitors are told without paths; the same only once."""
        if line not in self._logged and len(self._logged) < _MOST_LOGGED:
            self._logged.add(line)
            print(escaped(line), file=sys.stderr, flush=True)


def main(background: Executor) -> None:
    """Serve standard input and output until the page's process ends."""
    slim_imports.begin()
    cpu_threads.one_per_operation()
    output = os_calls.claim_output()  # TensorFlow's libraries print, too
    with os_calls.while_somebody_reads():  # the page's process may end first
        serve(sys.stdin.buffer, output, background)
