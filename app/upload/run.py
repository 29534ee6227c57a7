"""A run of a test set through all lanes: the server's answer by futures, the browser's by POST.

A ``Run`` belongs to one visitor's session. The browser knows it by a token that cannot be guessed;
when the session ends, the run and its token are gone.
"""

from __future__ import annotations

import math
import secrets
import threading
import time
import weakref
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from app.frontend import lane_wire, model_outputs
from app.upload import bounds
from app.upload.lane_progress import Progress
from models.dataset import Dataset
from models.errors import InputError, ModelError
from models.formats import model_output
from models.formats.manifest import Manifest
from models.lanes import BACKENDS, Backend, Lane, Probabilities
from models.parity.scores import Scores
from models.runtimes import probabilities
from models.runtimes.worker.client import TensorFlowWorker
from models.runtimes.worker.messages import Answer

_runs: weakref.WeakValueDictionary[str, Run] = weakref.WeakValueDictionary()


def find(token: str) -> Run | None:
    """The run that a browser knows by ``token``."""
    return _runs.get(token)


def has_room(images: int, manifest: Manifest) -> bool:
    """Whether the answers of one more run have room beside those of all others."""
    used = sum(each.memory for each in tuple(_runs.values()))
    return used + images * bounds.answer_bytes(manifest) <= bounds.ALL_ANSWER_BYTES


class Run:
    """One test set through the server's lanes and, if TensorFlow.js is built, the browser's.

    Safe to use from the page's thread, the TensorFlow client's and the web server's.
    """

    def __init__(
        self,
        data: Dataset,
        folder: Path,
        manifest: Manifest,
        *,
        backend: str = "wasm",
        in_browser: bool = True,
        clock: Callable[[], float] = time.perf_counter,
    ) -> None:
        self.data = data
        self.folder = folder
        self.token = secrets.token_urlsafe(24)
        self.cancelled = False
        self._clock = clock
        self._lock = threading.Lock()
        formats = lane_wire.formats(manifest) if in_browser else ()
        outputs, kind = model_outputs.count(manifest), manifest.answers
        self._server = {
            lane: Progress.blank(lane, len(data), outputs, kind) for lane in manifest.server_lanes
        }
        self._browser = {
            form: Progress.blank(Lane(form, f"tfjs/{backend}"), len(data), outputs, kind)
            for form in formats
        }
        self.size = math.prod(manifest.pictures().picture)  # values of an image, bytes as stored
        self.part = bounds.part(self.size, outputs)
        self.most_bytes = 4 * outputs * self.part  # of answers that are sent at once
        self._batch = bounds.batch(self.size)
        self.begun = clock()
        self.ended: float | None = None
        _runs[self.token] = self

    @property
    def memory(self) -> int:
        """Bytes that the answers take."""
        return sum(
            array.nbytes
            for each in self.progress
            for array in {id(array): array for array in (each.answers, each.probabilities)}.values()
        )

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
        return [each.scores for each in self.progress]

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
        pixels = self.data.pixels(start, start + self._batch)
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
            shown = model_output.probabilities(answer.probabilities, progress.kind)
            self._keep(progress, start, answer.probabilities, shown, seconds)
        except (ModelError, InputError) as error:
            self._fail(progress, str(error))
        self._ask(worker)

    # The browser's lanes: their answers are untrusted input.

    def accept(self, form: str, backend: str, start: int, seconds: float, raw: bytes) -> None:
        """Keep the browser's answers for the images from ``start`` on: (m, outputs) float32,
        little-endian. Its web workers compute several parts at once, so parts come in any order.
        Raises InputError for invalid answers.
        """
        progress = self._lane(form, backend)
        outputs = progress.answers.shape[1]
        if not raw or len(raw) % (4 * outputs) or len(raw) > self.most_bytes:
            raise InputError(f"{len(raw)} bytes are no answers of {outputs} float32 each.")
        values = np.frombuffer(raw, "<f4").reshape(-1, outputs)
        part = progress.answers[start : start + len(values)] if start >= 0 else values[:0]
        if len(part) != len(values) or not np.isnan(part[:, 0]).all():
            raise InputError(
                f"Answers {start} to {start + len(values)} were sent: of {progress.total} images, "
                "each is answered once."
            )
        try:
            shown = probabilities.check(model_output.probabilities(values, progress.kind))
        except ModelError as error:
            raise InputError(str(error)) from error
        if not 0 <= seconds < 3600:
            raise InputError(f"A time of {seconds} seconds was sent.")
        self._keep(progress, start, values.astype(np.float32), shown, seconds)

    def fail(self, form: str, reason: str) -> None:
        """Mark a browser lane as failed. Raises InputError for an unknown lane."""
        self._fail(self._lane(form, None), reason[: bounds.MAX_ERROR])

    def _lane(self, form: str, backend: str | None) -> Progress:
        known: Backend | None = next((each for each in BACKENDS if each == backend), None)
        progress = next((each for key, each in self._browser.items() if key == form), None)
        if progress is None or (backend is not None and known is None):
            raise InputError(f"There is no lane {form!r} on {backend!r}.")
        if known is not None and not progress.done:
            progress.lane = Lane(progress.lane.format, f"tfjs/{known}")
        return progress

    def _keep(
        self,
        progress: Progress,
        start: int,
        values: NDArray[np.float32],
        shown: Probabilities,
        seconds: float,
    ) -> None:
        with self._lock:
            if self.cancelled or progress.error is not None:
                return
            now = self._clock()
            progress.begun = self.begun if progress.begun is None else progress.begun
            progress.keep(start, values, shown)
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
