"""What proofs are given: data that is not part of this repository, and a place to keep things."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

IMAGES = 10_000


class NotGivenError(Exception):
    """A proof needs what it was not given; the message says what."""


@dataclass(frozen=True)
class Given:
    """``data`` is an .npz as Keras's mnist.npz, ``cases`` a folder as ``benchmarks.truth`` takes.

    Trained networks are kept in ``keep`` for another run, in a temporary folder unless given.
    ``images`` is how many test digits are asked for.
    """

    data: Path | None = None
    cases: Path | None = None
    keep: Path | None = None
    images: int = IMAGES

    def need_data(self) -> Path:
        """Raises NotGivenError without data."""
        if self.data is None:
            raise NotGivenError("DATA=mnist.npz, Keras's file, whose digits it trains on")
        return self.data.resolve()

    def need_cases(self) -> Path:
        """Raises NotGivenError without cases."""
        if self.cases is None:
            raise NotGivenError("CASES=FOLDER with architectures.py and architectures_truth.txt")
        return self.cases.resolve()

    @contextmanager
    def place(self) -> Iterator[Path]:
        """The folder where trained networks are kept."""
        if self.keep is not None:
            self.keep.mkdir(parents=True, exist_ok=True)
            yield self.keep.resolve()
            return
        with tempfile.TemporaryDirectory(prefix="digit-parity-") as temporary:
            yield Path(temporary).resolve()
