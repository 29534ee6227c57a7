"""The server's lanes in a benchmark: measured in turns by the TensorFlow process."""

from __future__ import annotations

import math
import random
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from app.benchmark.checked import Checked
from app.benchmark.expected import Asked, Expected
from app.benchmark.report import LaneTimes, batches, quick_batches
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
ONE = 0.6  # of a quick run's seconds: for one picture, the others for a batch


@dataclass(frozen=True)
class Part:
    """The size of each round's batches, None for the latency of one picture. No round begins after
    ``seconds``, but the first.
    """

    rounds: Sequence[int | None]
    seconds: float


class ServerRun:
    """Measures all lanes in turns, in its own thread. Safe to read from any thread.

    Every round takes all lanes in shuffled order, so that a slow moment of the machine affects all
    alike. The first prediction of a turn is a warm-up and is not counted, but its answer is looked
    at like all others. A quick run may take ``seconds``.
    """

    def __init__(
        self,
        worker: TensorFlowWorker,
        folder: Path,
        lanes: Sequence[Lane],
        digit: Digit,
        asked: Asked,
        *,
        seconds: float | None = None,
        shuffle: random.Random | None = None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._worker, self._folder, self._pixels = worker, folder, digit.pixels[None]
        self._results = {lane: LaneTimes(lane) for lane in lanes}
        self._parts = _parts(digit.pixels.size, seconds)
        self._asked, self._shuffle, self._clock = asked, shuffle or random.Random(), clock
        self._cancelled = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True, name="benchmark")
        self.done = 0

    @property
    def total(self) -> int:
        """The number of turns, at most."""
        return len(self._results) * sum(len(part.rounds) for part in self._parts)

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
        expected = self._asked.expected()
        for size in self._rounds():
            for lane in self._shuffle.sample(list(self._results), len(self._results)):
                if self._cancelled.is_set():
                    return
                if self._results[lane].error is None:
                    self._turn(lane, size, expected)
                self.done += 1

    def _rounds(self) -> Iterator[int | None]:
        """The size of each round, as long as there is time."""
        for part in self._parts:
            begun = self._clock()
            for number, size in enumerate(part.rounds):
                if number == 0 or self._clock() - begun < part.seconds:
                    yield size

    def _turn(self, lane: Lane, size: int | None, expected: Expected | None) -> None:
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
                every=True,
            ).result()
        except ModelError as error:
            self._results[lane] = replace(so_far, error=str(error))
            return
        checked = None if expected is None else _looked_at(so_far, answer, expected)
        self._results[lane] = replace(_with(so_far, size, answer), checked=checked)


def _parts(picture: int, seconds: float | None) -> tuple[Part, Part]:
    """One picture's latency, then batches, of pictures of so many values."""
    sizes = batches(picture) if seconds is None else quick_batches(picture)
    time_left = math.inf if seconds is None else seconds
    return (
        Part([None] * ROUNDS, ONE * time_left),
        Part([*sizes] * BATCH_ROUNDS, (1 - ONE) * time_left),
    )


def _looked_at(so_far: LaneTimes, answer: Answer, expected: Expected) -> Checked:
    """All answers so far; the first turn's count that of the first prediction after loading."""
    checked = so_far.checked
    if checked is None:
        checked = Checked()
        if answer.blank is not None:
            checked = expected.look_at_blank(checked, so_far.lane, answer.blank)
    return expected.look(checked, so_far.lane, answer.every)


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
