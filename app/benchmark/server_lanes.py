"""The server's lanes in a benchmark: measured in turns by the TensorFlow process."""

from __future__ import annotations

import random
import threading
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np

from app.benchmark.report import LaneTimes, batches
from models.digit.digit import Digit
from models.errors import ModelError
from models.lanes import Lane, Times
from models.runtimes.worker.client import TensorFlowWorker
from models.runtimes.worker.messages import Answer

ROUNDS = 10  # turns of each lane for one picture
BATCH_ROUNDS = 5  # turns of each lane at each batch size
# Turns are short, so that a visitor's picture never waits long behind one.
ONE_TURN = {"repeats": 15, "budget_ms": 60.0}
BATCH_TURN = {"repeats": 3, "budget_ms": 60.0}


class ServerRun:
    """Measures all lanes in turns, in its own thread. Safe to read from any thread.

    Every round takes all lanes in shuffled order, so that a slow moment of the machine affects all
    alike. The first prediction of a turn is a warm-up and is not counted.
    """

    def __init__(
        self,
        worker: TensorFlowWorker,
        folder: Path,
        lanes: Sequence[Lane],
        digit: Digit,
        *,
        shuffle: random.Random | None = None,
    ) -> None:
        self._worker, self._folder, self._pixels = worker, folder, digit.pixels[None]
        self._results = {lane: LaneTimes(lane) for lane in lanes}
        sizes = batches(digit.pixels.size)
        self._turns = _turns(lanes, sizes, shuffle or random.Random())
        self._cancelled = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True, name="benchmark")
        self.done = 0

    @property
    def total(self) -> int:
        """The number of turns."""
        return len(self._turns)

    @property
    def finished(self) -> bool:
        """Whether the run has ended."""
        return self._thread.ident is not None and not self._thread.is_alive()

    def start(self) -> None:
        """Start the thread. Call it once."""
        self._thread.start()

    def cancel(self) -> None:
        """Stop after the current turn; what was measured is kept."""
        self._cancelled.set()

    def wait(self, seconds: float) -> bool:
        """Wait for the end, at most ``seconds``; return whether the run has ended."""
        self._thread.join(seconds)
        return self.finished

    def lanes(self) -> tuple[LaneTimes, ...]:
        """What has been measured so far."""
        return tuple(self._results.values())

    def _run(self) -> None:
        for lane, size in self._turns:
            if self._cancelled.is_set():
                return
            if self._results[lane].error is None:
                self._turn(lane, size)
            self.done += 1

    def _turn(self, lane: Lane, size: int | None) -> None:
        pixels = np.repeat(self._pixels, size or 1, axis=0)
        limits = ONE_TURN if size is None else BATCH_TURN
        so_far = self._results[lane]
        try:
            answer = self._worker.submit(
                self._folder,
                lane,
                pixels,
                repeats=int(limits["repeats"]),
                budget_ms=limits["budget_ms"],
            ).result()
        except ModelError as error:
            self._results[lane] = replace(so_far, error=str(error))
            return
        self._results[lane] = _with(so_far, size, answer)


def _turns(
    lanes: Sequence[Lane], sizes: Sequence[int], shuffle: random.Random
) -> list[tuple[Lane, int | None]]:
    """Each turn's lane and batch size; None measures the latency of one picture."""
    rounds: list[int | None] = [None] * ROUNDS + [*sizes] * BATCH_ROUNDS
    return [(lane, size) for size in rounds for lane in shuffle.sample(list(lanes), len(lanes))]


def _with(so_far: LaneTimes, size: int | None, answer: Answer) -> LaneTimes:
    timed = answer.times.steady_ms
    kept = tuple(timed[1:] if len(timed) > 1 else timed)
    if size is None:
        steady = (*so_far.times.steady_ms, *kept)
        times = Times(answer.times.load_ms, answer.times.first_ms, steady)
        return replace(so_far, times=times, turns=(*so_far.turns, len(kept)))
    batches = {**so_far.batches, size: (*so_far.batches.get(size, ()), *kept)}
    turns = {**so_far.batch_turns, size: (*so_far.batch_turns.get(size, ()), len(kept))}
    return replace(so_far, batches=batches, batch_turns=turns)
