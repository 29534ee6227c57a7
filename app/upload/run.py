"""A run of a test set through all lanes: the server's answer by futures, the browser's by POST.

A ``Run`` belongs to one visitor's session. The browser knows it by a token that cannot be guessed;
when the session ends, the run and its token are gone.
"""

from __future__ import annotations

import secrets
import threading
import time
import weakref
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from pathlib import Path

import numpy as np

from app.upload.lane_progress import Progress
from models.dataset import Dataset
from models.errors import InputError, ModelError
from models.lanes import BACKENDS, CONVERTED, SERVER_LANES, Backend, Lane, Probabilities
from models.parity.scores import Scores
from models.runtimes import probabilities
from models.runtimes.worker.client import TensorFlowWorker
from models.runtimes.worker.messages import Answer

BATCH = (
    128  # digits in one request to TensorFlow: a stroke on the canvas waits for one request at most
)
MAX_POST = 2_000  # digits whose answers the browser may send at once
MAX_ERROR = 300

_runs: weakref.WeakValueDictionary[str, Run] = weakref.WeakValueDictionary()


def find(token: str) -> Run | None:
    """The run that a browser knows by ``token``."""
    return _runs.get(token)


class Run:
    """One test set through the server's lanes and, if TensorFlow.js is built, the browser's two.

    Safe to use from the page's thread, the TensorFlow client's and the web server's.
    """

    def __init__(
        self,
        data: Dataset,
        folder: Path,
        classes: int,
        *,
        backend: str = "wasm",
        in_browser: bool = True,
        server_lanes: Sequence[Lane] = SERVER_LANES,
        clock: Callable[[], float] = time.perf_counter,
    ) -> None:
        self.data = data
        self.folder = folder
        self.token = secrets.token_urlsafe(24)
        self.cancelled = False
        self._clock = clock
        self._lock = threading.Lock()
        lanes = [Lane(each, f"tfjs/{backend}") for each in CONVERTED if in_browser]
        self._server = {lane: self._blank(lane, classes) for lane in server_lanes}
        self._browser = {lane.format: self._blank(lane, classes) for lane in lanes}
        self.begun = clock()
        self.ended: float | None = None
        _runs[self.token] = self

    def _blank(self, lane: Lane, classes: int) -> Progress:
        return Progress(lane, np.full((len(self.data), classes), np.nan, np.float32))

    @property
    def progress(self) -> Sequence[Progress]:
        """Every lane, the server's first."""
        return [*self._server.values(), *self._browser.values()]

    @property
    def finished(self) -> bool:
        """Whether nothing more will come."""
        return self.cancelled or all(each.finished for each in self.progress)

    @property
    def seconds(self) -> float:
        """Seconds from the start until the end, or until now."""
        return (self.ended or self._clock()) - self.begun

    def scores(self) -> list[Scores]:
        """What every lane has answered so far."""
        return [
            Scores(each.lane, each.probabilities, each.seconds, each.error)
            for each in self.progress
        ]

    def cancel(self) -> None:
        """Stop after the current batches; what is done is kept."""
        with self._lock:
            self.cancelled = True
            self.ended = self.ended or self._clock()

    # The server's lanes take turns: only one batch is in progress at a time.

    def start(self, worker: TensorFlowWorker) -> None:
        """Send the first lane's first batch; every answer sends the next."""
        self._ask(worker)

    def _ask(self, worker: TensorFlowWorker) -> None:
        """Send the next batch of the lane that is furthest behind, if any is left."""
        unfinished = [each for each in self._server.values() if not each.finished]
        if not unfinished or self.cancelled:
            return
        progress = min(unfinished, key=lambda each: each.done)
        start = progress.done
        pixels = self.data.pixels(start, start + BATCH)
        future = worker.submit(self.folder, progress.lane, pixels)
        answered = weakref.WeakMethod(self._answered)  # the run ends when its session does

        def done(future: Future[Answer]) -> None:
            if (method := answered()) is not None:
                method(worker, progress, start, future)

        future.add_done_callback(done)

    def _answered(
        self, worker: TensorFlowWorker, progress: Progress, start: int, future: Future[Answer]
    ) -> None:
        try:
            answer = future.result()
            assert answer.probabilities is not None
            seconds = sum(answer.times.steady_ms) / 1e3
            self._keep(progress, start, answer.probabilities, seconds)
        except (ModelError, InputError) as error:
            self._fail(progress, str(error))
        self._ask(worker)

    # The browser's lanes: their answers are untrusted input.

    def accept(self, form: str, backend: str, start: int, seconds: float, raw: bytes) -> None:
        """Keep the browser's answers for the digits from ``start`` on: (m, classes) float32,
        little-endian. Its web workers compute several parts at once, so parts come in any order.
        Raises InputError for invalid answers.
        """
        progress = self._lane(form, backend)
        classes = progress.probabilities.shape[1]
        if not raw or len(raw) % (4 * classes) or len(raw) > 4 * classes * MAX_POST:
            raise InputError(f"{len(raw)} bytes are no answers of {classes} float32 each.")
        values = np.frombuffer(raw, "<f4").reshape(-1, classes)
        part = progress.probabilities[start : start + len(values)] if start >= 0 else values[:0]
        if len(part) != len(values) or not np.isnan(part[:, 0]).all():
            raise InputError(
                f"Answers {start} to {start + len(values)} were sent: of {progress.total} digits, "
                "each is answered once."
            )
        try:
            probabilities.check(values)
        except ModelError as error:
            raise InputError(str(error)) from error
        if not 0 <= seconds < 3600:
            raise InputError(f"A time of {seconds} seconds was sent.")
        self._keep(progress, start, values.astype(np.float32), seconds)

    def fail(self, form: str, reason: str) -> None:
        """Mark a browser lane as failed. Raises InputError for an unknown lane."""
        self._fail(self._lane(form, None), reason[:MAX_ERROR])

    def _lane(self, form: str, backend: str | None) -> Progress:
        known: Backend | None = next((each for each in BACKENDS if each == backend), None)
        progress = next((each for key, each in self._browser.items() if key == form), None)
        if progress is None or (backend is not None and known is None):
            raise InputError(f"There is no lane {form!r} on {backend!r}.")
        if known is not None and not progress.done:
            progress.lane = Lane(progress.lane.format, f"tfjs/{known}")
        return progress

    def _keep(self, progress: Progress, start: int, values: Probabilities, seconds: float) -> None:
        with self._lock:
            if self.cancelled or progress.error is not None:
                return
            now = self._clock()
            progress.begun = self.begun if progress.begun is None else progress.begun
            progress.probabilities[start : start + len(values)] = values
            progress.done += len(values)
            progress.seconds += seconds
            progress.ended = now
            self._end_if_finished(now)

    def _fail(self, progress: Progress, reason: str) -> None:
        with self._lock:
            progress.error = progress.error or reason
            self._end_if_finished(self._clock())

    def _end_if_finished(self, now: float) -> None:
        if all(each.finished for each in self.progress):
            self.ended = self.ended or now
