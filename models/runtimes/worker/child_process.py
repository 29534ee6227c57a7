"""TensorFlow's process, as a child of the page's process."""

from __future__ import annotations

import os
import pickle
import queue
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from concurrent.futures import Future
from pathlib import Path
from typing import IO, Any

from models.errors import ModelError
from models.runtimes.process import log_filter, os_calls
from models.runtimes.worker import BEGIN
from models.runtimes.worker.messages import Answer, Beat, Request, TraceAnswer, TraceRequest
from models.runtimes.worker.watchdog import TICK_SECONDS, Watchdog

_ROOT = Path(__file__).resolve().parents[3]
_POLL_SECONDS = 0.1
# Seconds, after which the process is killed: it ends at once when told, unless it was stopped, and
# Docker gives the whole server ten.
_CLOSE_TIMEOUT = 3.0
# Open requests. More than a hundred visitors have, and few enough that each is answered within
# seconds. A batch of digits has 400 kB of pixels, one of large pictures ten times as much: together
# they have no more than a thousand of the former.
MOST_OPEN = 1_000
MOST_BYTES = 400_000_000


class ProcessEndedError(ModelError):
    """The process ended, or was killed for being stuck, while it had the request."""


class Child:
    """One run of the worker process. One thread writes requests to it, another reads its answers,
    and a third kills it when it is stuck, because the other two wait for it.

    The process loads TensorFlow after ``head_start`` seconds. Once it has ended, the reader's
    thread calls ``ended``, and then fails what is open.
    """

    def __init__(self, head_start: float, ended: Callable[[Child], None] | None = None) -> None:
        self._begin_at = time.monotonic() + head_start
        self._process = subprocess.Popen(
            [sys.executable, "-m", "models.runtimes.worker"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            cwd=_ROOT,
            stderr=None if log_filter.asked_for() else subprocess.PIPE,
            env={"TF_CPP_MIN_LOG_LEVEL": "2"} | os.environ | {"CUDA_VISIBLE_DEVICES": ""},
        )
        self.alive = True
        self.stuck = 0  # ticks without a sign of life, once it was killed for them
        self._ended = ended
        self._heard = self._answered = 0
        self._begun, self._over = threading.Event(), threading.Event()
        self._open: dict[int, Future[Any]] = {}
        self._sizes: dict[int, int] = {}  # bytes of the pixels of what is open
        self._lock = threading.Lock()
        self._outbox: queue.SimpleQueue[Request | TraceRequest | None] = queue.SimpleQueue()
        if self._process.stderr is not None:
            stderr = self._process.stderr
            threading.Thread(
                target=log_filter.pass_on, args=(stderr,), daemon=True, name="worker-stderr"
            ).start()
        threading.Thread(target=self._write, daemon=True, name="worker-requests").start()
        threading.Thread(target=self._read, daemon=True, name="worker-answers").start()
        threading.Thread(target=self._watch, daemon=True, name="worker-watchdog").start()

    @property
    def has_answered(self) -> bool:
        """Whether it answered any request, so that TensorFlow has loaded or said why it cannot."""
        return self._answered > 0

    def submit(self, request: Request | TraceRequest) -> Future[Any]:
        """Send a request. The future holds the answer, or raises ModelError: ProcessEndedError when
        there was none, and another when too many are waiting.
        """
        future: Future[Any] = Future()
        with self._lock:
            if not self.alive:
                future.set_exception(self._failure())
                return future
            size = 0 if request.pixels is None else request.pixels.nbytes
            if len(self._open) >= MOST_OPEN or sum(self._sizes.values()) + size > MOST_BYTES:
                future.set_exception(ModelError(_FULL.format(len(self._open))))
                return future
            self._open[request.number] = future
            self._sizes[request.number] = size
        self._outbox.put(request)
        return future

    def hold_back(self, seconds: float, *, until: float) -> None:
        """Postpone loading TensorFlow to ``seconds`` from now, at most to ``until``.

        ``until`` is a time of the monotonic clock. Does nothing once loading has begun.
        """
        self._begin_at = max(self._begin_at, min(time.monotonic() + seconds, until))

    def close(self) -> None:
        """End the process; open requests fail."""
        self._process.terminate()
        try:
            self._process.wait(_CLOSE_TIMEOUT)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()

    def _write(self) -> None:
        assert self._process.stdin is not None
        while self.alive and (left := self._begin_at - time.monotonic()) > 0:
            time.sleep(min(left, _POLL_SECONDS))
        # The reader notices the broken pipe too, and fails open requests. Closing the pipe writes
        # what is left in its buffer, so it is within the same ``with``.
        with os_calls.while_somebody_reads(), self._process.stdin as stdin:
            stdin.write(BEGIN)
            stdin.flush()
            self._begun.set()
            while (request := self._outbox.get()) is not None:
                pickle.dump(request, stdin)
                stdin.flush()

    def _read(self) -> None:
        assert self._process.stdout is not None
        with self._process.stdout as stdout:
            while (answer := _receive(stdout)) is not None:
                self._heard += 1
                if isinstance(answer, Beat):
                    continue
                self._answered += 1
                with self._lock:
                    future = self._open.pop(answer.number)
                    del self._sizes[answer.number]
                if answer.error is None:
                    future.set_result(answer)
                else:
                    future.set_exception(ModelError(answer.error))
        if not self.stuck:
            self.reap()
        self._over.set()
        with self._lock:
            self.alive = False
        self._outbox.put(None)
        if self._ended is not None:
            self._ended(self)
        with self._lock:
            left, self._open, self._sizes = self._open, {}, {}
        for future in left.values():
            future.set_exception(self._failure())

    def _watch(self) -> None:
        watchdog = Watchdog()
        while not self._over.wait(TICK_SECONDS):
            if not self._begun.is_set():
                continue
            stuck = watchdog.tick(
                heard=self._heard,
                answered=self._answered,
                waiting=bool(self._open),
                work=os_calls.work_done(self._process.pid),
            )
            if stuck is not None:
                self.stuck = stuck
                self._process.kill()
                return

    def reap(self) -> None:
        """Free the ended process's number.

        That of a stuck one is kept for a while: whoever stopped it will want to continue it, and
        must not meet another process under its number.
        """
        self._process.wait()

    def death(self) -> str:
        """How the process ended, the beginning of a sentence."""
        if self.stuck:
            return f"TensorFlow did not answer for {self.stuck} s and was ended"
        return f"The TensorFlow process ended ({os_calls.how_it_ended(self._process.returncode)})"

    def _failure(self) -> ProcessEndedError:
        return ProcessEndedError(
            f"{self.death()}; the next digit starts a new one. If this repeats, the server may be "
            "short of memory."
        )


_FULL = "TensorFlow has {:,} requests to answer already, and takes no more. Try again in a moment."


def _receive(stream: IO[bytes]) -> Answer | TraceAnswer | Beat | None:
    try:
        answer: Answer | TraceAnswer | Beat = pickle.load(stream)
    except (EOFError, pickle.UnpicklingError):
        return None
    return answer
