"""TensorFlow's process, as a child of the page's process."""

from __future__ import annotations

import os
import pickle
import queue
import subprocess
import sys
import threading
import time
from concurrent.futures import Future
from pathlib import Path
from typing import IO, Any

from models.errors import ModelError
from models.runtimes import log_filter, os_calls
from models.runtimes.worker import BEGIN
from models.runtimes.worker.messages import Answer, Request, TraceAnswer, TraceRequest

_ROOT = Path(__file__).resolve().parents[3]
_POLL_SECONDS = 0.1
_CLOSE_TIMEOUT = 10.0  # seconds, after which the process is killed


class Child:
    """One run of the worker process. One thread writes requests to it, another reads its answers.

    The process loads TensorFlow after ``head_start`` seconds.
    """

    def __init__(self, head_start: float) -> None:
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
        self._open: dict[int, Future[Any]] = {}
        self._lock = threading.Lock()
        self._outbox: queue.SimpleQueue[Request | TraceRequest | None] = queue.SimpleQueue()
        if self._process.stderr is not None:
            stderr = self._process.stderr
            threading.Thread(
                target=log_filter.pass_on, args=(stderr,), daemon=True, name="worker-stderr"
            ).start()
        threading.Thread(target=self._write, daemon=True, name="worker-requests").start()
        threading.Thread(target=self._read, daemon=True, name="worker-answers").start()

    def submit(self, request: Request | TraceRequest) -> Future[Any]:
        """Send a request. The future holds the answer, or raises ModelError."""
        future: Future[Any] = Future()
        with self._lock:
            if not self.alive:
                future.set_exception(self._death())
                return future
            self._open[request.number] = future
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
            f"The TensorFlow process ended ({os_calls.how_it_ended(self._process.returncode)}); "
            "the next digit starts a new one. If this repeats, the server may be short of memory."
        )


def _receive(stream: IO[bytes]) -> Answer | TraceAnswer | None:
    try:
        answer: Answer | TraceAnswer = pickle.load(stream)
    except (EOFError, pickle.UnpicklingError):
        return None
    return answer
