"""The collector that readers add digits to, and the reasons why files cannot be read."""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from models.dataset.dataset import UNKNOWN, Bytes28, Cut, Dataset, Options, Skipped
from models.dataset.limits import LIMITS, Limits, size
from models.errors import InputError

__all__ = ["Bytes28", "Collector", "Labels"]

Labels = NDArray[np.integer[Any]]

_LOG = logging.getLogger(__name__)
OUT_OF_MEMORY = (
    "Reading it takes more memory than there is for a file. Scale pictures down; divide a large "
    "file into several."
)
_MAX_CUTS = 24
_MAX_SKIPPED = 1_000


class Collector:
    """Collects digits from readers, and the reasons why files cannot be read."""

    def __init__(
        self,
        options: Options,
        limits: Limits = LIMITS,
        on_progress: Callable[[str, int], None] | None = None,
    ) -> None:
        self.options = options
        self.limits = limits
        self.count = 0
        self.unpacked = 0  # bytes, from the file that is being read
        self.seen = 0  # pictures, read or not: each may take some time
        self.idx_images: list[tuple[str, int, int]] = []  # name, first digit, number of digits
        self.idx_labels: list[tuple[str, NDArray[np.uint8]]] = []
        self._names: list[str] = []
        self._pixels: list[Bytes28] = []
        self._labels: list[NDArray[np.int8]] = []
        self._named: list[NDArray[np.bool_]] = []
        self._sources = Counter[str]()
        self._skipped: list[Skipped] = []
        self._cuts: list[Cut] = []
        self._on_progress = on_progress or (lambda _name, _count: None)

    @property
    def room(self) -> int:
        """How many more digits the dataset may hold."""
        return max(self.limits.images - self.count, 0)

    @property
    def full(self) -> bool:
        """Whether the dataset holds as many digits as it may."""
        return not self.room

    def unpack(self, count: int, what: str) -> None:
        """Count bytes before they are unpacked from the file that is being read, at any depth of
        archives. Raises InputError, beginning with ``what``, when they are too many.
        """
        limit = self.limits.unpacked_bytes
        if self.unpacked + count > limit:
            raise InputError(f"{what} would unpack to more than {size(limit)}.")
        self.unpacked += count

    def fail(self, file: str, error: Exception) -> None:
        """Leave a file out because of an error; an unexpected one is logged."""
        if isinstance(error, InputError):
            self.skip(file, str(error))
            return
        if isinstance(error, MemoryError):
            self.skip(file, OUT_OF_MEMORY)
            return
        _LOG.error("%r could not be read", file, exc_info=error)
        self.skip(
            file,
            f"It could not be read ({type(error).__name__}). It may be damaged; "
            "save it again, or in another format.",
        )

    def skip(self, file: str, reason: str) -> None:
        """Leave a file out and keep the reason; of many thousands, only the first."""
        self._on_progress(file, self.count)
        if len(self._skipped) < _MAX_SKIPPED:
            self._skipped.append(Skipped(file, reason))
        elif len(self._skipped) == _MAX_SKIPPED:
            self._skipped.append(Skipped("…", "More files were left out; these are the first."))

    def add(
        self,
        file: str,
        names: Iterable[str],
        pixels: Bytes28,
        labels: Labels | None = None,
        *,
        named: bool = False,
        total: int | None = None,
        labels_from: str | None = None,
    ) -> None:
        """Add the digits (n, 28, 28) uint8 of ``file``, as many as there is room for.

        ``total`` is how many the file has, where ``pixels`` holds only some of them;
        ``labels_from`` says where in the data the labels are, where that was a guess.
        """
        room = self.room
        total = len(pixels) if total is None else total
        if room < total:
            self.skip(
                file,
                f"The set is full: {total - room:,} of its {total:,} images were left "
                f"out. A set holds at most {self.limits.images:,}.",
            )
        if room < len(pixels):
            pixels = pixels[:room].copy()  # not a view that keeps all of them in memory
        taken = len(pixels)
        kept = np.full(taken, UNKNOWN, np.int8) if labels is None else labels[:taken]
        self._names += [name for name, _ in zip(names, range(taken), strict=False)]
        self._pixels.append(pixels)
        self._labels.append(kept.astype(np.int8))
        if labels_from:
            self._sources[labels_from] += int((kept != UNKNOWN).sum())
        self._named.append(np.full(taken, named))
        self.count += taken
        self._on_progress(file, self.count)

    def cut(self, cut: Cut) -> None:
        """Remember where a picture was cut; the first ones are enough to look at."""
        if len(self._cuts) < _MAX_CUTS:
            self._cuts.append(cut)

    def label(self, start: int, labels: Labels) -> None:
        """Label the digits from ``start`` on; their labels came later, in a file of their own."""
        known = _joined(self._labels, np.int8)
        known[start : start + len(labels)] = labels[: len(known) - start]
        self._labels = [known]

    def dataset(self) -> Dataset:
        """The dataset of all that was collected."""
        collected = Dataset(
            tuple(self._names),
            np.concatenate(self._pixels) if self._pixels else np.zeros((0, 28, 28), np.uint8),
            _joined(self._labels, np.int8),
            _joined(self._named, np.bool_),
            tuple(self._skipped),
            tuple(self._cuts),
            sources=dict(self._sources),
        )
        return collected.relabelled(self.options.labels)


def _joined(parts: Sequence[NDArray[Any]], dtype: type) -> NDArray[Any]:
    return np.concatenate(parts) if parts else np.zeros(0, dtype)
