"""A child process with engines, which ``benchmarks.engines`` times by calls.

TensorFlow's threads are set once per process, and the peers must keep TensorFlow's defaults.
"""

from __future__ import annotations

import multiprocessing
import os
import time
from collections.abc import Callable, Mapping
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from models.lanes import Pixels

Predict = Callable[[Pixels], Any]


@dataclass(frozen=True)
class Engine:
    """A way to predict. ``one`` takes a single digit, ``many`` all digits; both (n, 28, 28).

    ``many`` has a function for each batch size; None is the engine's own batch size.
    """

    one: Predict
    many: Mapping[int | None, Predict]


Engines = dict[str, Engine]

_engines: Engines = {}
_digits: list[Pixels] = []


class Process:
    """A child process with the engines that ``build`` makes from the model in ``folder``."""

    def __init__(self, build: Callable[[Path], Engines], folder: Path, digits: Pixels) -> None:
        self._executor = ProcessPoolExecutor(
            1, multiprocessing.get_context("spawn"), _begin, (build, folder, digits)
        )

    def sizes(self) -> dict[str, list[int | None]]:
        """The batch sizes of each engine, by its name."""
        return self._executor.submit(_sizes).result()

    def answer(self, name: str) -> Any:
        """The probabilities of the first digit."""
        return self._executor.submit(_answer, name).result()

    def one(self, name: str, turn: int) -> list[float]:
        """Microseconds of ``turn`` predictions of the first digit."""
        return self._executor.submit(_one, name, turn).result()

    def many(self, name: str, size: int | None, count: int | None = None) -> float:
        """Seconds for all digits, or for the first ``count``."""
        return self._executor.submit(_many, name, size, count).result()

    def close(self) -> None:
        """End the child process."""
        self._executor.shutdown()


def _begin(build: Callable[[Path], Engines], folder: Path, digits: Pixels) -> None:
    os.environ |= {"TF_CPP_MIN_LOG_LEVEL": "2", "CUDA_VISIBLE_DEVICES": ""}
    _digits.append(digits)
    _engines.update(build(folder))


def _sizes() -> dict[str, list[int | None]]:
    return {name: list(engine.many) for name, engine in _engines.items()}


def _answer(name: str) -> Any:
    return np.asarray(_engines[name].one(_digits[0][:1]))


def _one(name: str, turn: int) -> list[float]:
    times, digit, predict = [], _digits[0][:1], _engines[name].one
    for _ in range(turn):
        start = time.perf_counter()
        predict(digit)
        times.append((time.perf_counter() - start) * 1e6)
    return times


def _many(name: str, size: int | None, count: int | None) -> float:
    digits, predict = _digits[0][:count], _engines[name].many[size]
    start = time.perf_counter()
    predict(digits)
    return time.perf_counter() - start
