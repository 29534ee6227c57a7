"""TensorFlow answering what ``models.runtimes.worker.client`` sends it, in a process of its own."""

from __future__ import annotations

import contextlib
import os
import pickle
import queue
import sys
import threading
from collections.abc import Callable
from concurrent.futures import Executor
from enum import Enum
from typing import IO

from models.runtimes import cpu_threads, slim_imports
from models.runtimes.activations import Tracer
from models.runtimes.worker import lanes
from models.runtimes.worker.lanes import Key, Ready
from models.runtimes.worker.messages import Answer, Request, TraceAnswer, TraceRequest


class _Word(Enum):
    """What comes between requests."""

    DONE = "something is done that was left for later"
    END = "no request will come any more"


Inbox = queue.SimpleQueue[Request | TraceRequest | _Word]


def serve(requests: IO[bytes], answers: IO[bytes], later: Executor) -> None:
    """Answer pickled requests until their stream ends. Runs in the worker process."""
    inbox: Inbox = queue.SimpleQueue()
    threading.Thread(target=_read, args=(requests, inbox), daemon=True, name="requests").start()
    Desk(inbox, answers, later).serve()


def _read(requests: IO[bytes], inbox: Inbox) -> None:
    # A page's process that is killed may leave half a request behind.
    with contextlib.suppress(EOFError, pickle.UnpicklingError):
        while True:
            inbox.put(pickle.load(requests))
    inbox.put(_Word.END)


class Desk:
    """Answers a digit at once where its lane has loaded: somebody is looking at the page.

    What takes long, a batch, a lane to load, a model to be looked into, is left to ``later``, which
    does one after the other.
    """

    def __init__(self, inbox: Inbox, answers: IO[bytes], later: Executor) -> None:
        self._inbox, self._answers, self._later = inbox, answers, later
        self._writing = threading.Lock()
        self._lanes: dict[Key, Ready] = {}
        self._tracers: dict[Key, Tracer] = {}
        self._untimed: dict[Key, Request] = {}
        self._left = 0  # to be done later

    def serve(self) -> None:
        """Answer until the end; take the times that were left when nobody waits."""
        while True:
            if self._untimed and not self._left and self._inbox.empty():
                key, late = self._untimed.popitem()
                if key in self._lanes:
                    self._lanes[key].measure(late)
                continue
            request = self._inbox.get()
            if request is _Word.END:
                self._later.shutdown()
                return
            if request is _Word.DONE:
                self._left -= 1
            elif not isinstance(request, _Word):
                self._take(request)

    def _take(self, request: Request | TraceRequest) -> None:
        key = lanes.key_of(request)
        if isinstance(request, TraceRequest):
            self._leave(request, lambda: lanes.trace(self._tracers, key, request))
        elif key in self._lanes and len(request.pixels) == 1:
            self._send(request, lambda: self._answer(key, request))
        else:
            self._leave(request, lambda: self._answer(key, request))

    def _answer(self, key: Key, request: Request) -> Answer:
        ready = lanes.load(self._lanes, key)
        answer = ready.answer(request)
        if request.recent and ready.wants_time:
            self._untimed[key] = request
        return answer

    def _leave(
        self, request: Request | TraceRequest, answer: Callable[[], Answer | TraceAnswer]
    ) -> None:
        def do() -> None:
            self._send(request, answer)
            self._inbox.put(_Word.DONE)

        self._left += 1
        self._later.submit(do)

    def _send(
        self, request: Request | TraceRequest, answer: Callable[[], Answer | TraceAnswer]
    ) -> None:
        try:
            found = answer()
        except Exception as error:  # whatever went wrong belongs to this request alone
            found = Answer(request.number, error=str(error) or type(error).__name__)
        with self._writing:
            pickle.dump(found, self._answers)
            self._answers.flush()


def main(later: Executor) -> None:
    """Serve standard input and output until the page's process ends."""
    slim_imports.begin()
    cpu_threads.one_each()
    # The answers get the real standard output for themselves: whatever TensorFlow's libraries
    # print goes to the log instead.
    output = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    with contextlib.suppress(BrokenPipeError):  # the page's process ended first
        serve(sys.stdin.buffer, output, later)
