"""The collector that readers add digits to, and the reasons why files cannot be read."""

from __future__ import annotations

import itertools
import logging
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from models.dataset.dataset import UNKNOWN, Bytes28, Cut, Dataset, Options, Skipped
from models.dataset.limits import LIMITS, Limits, size
from models.dataset.names import shown
from models.dataset.part import Digits, Part
from models.errors import InputError

__all__ = ["Bytes28", "Collector", "Labels"]

Labels = NDArray[np.integer[Any]]

_LOG = logging.getLogger(__name__)
OUT_OF_MEMORY = (
    "Reading it takes more memory than there is for a file. Scale pictures down; divide a large "
    "file into several."
)
_LONGEST_REASON = 1_000  # characters
_LABELS_AN_IMAGE = 10  # of a set: a set may be cut off, and labels may find no images
_MAX_CUTS = 24
_MAX_SKIPPED = 1_000


class Collector:
    """Collects digits from readers, and the reasons why files cannot be read."""

    def __init__(
        self,
        options: Options,
        limits: Limits = LIMITS,
        on_progress: Callable[[str, int], None] | None = None,
        *,
        elsewhere: int = 0,
    ) -> None:
        """``elsewhere`` is how many digits of the same dataset another collector has."""
        self.options = options
        self.limits = limits
        self.count = 0
        self._elsewhere = elsewhere
        self.unpacked = 0  # bytes, from the file that is being read
        self.seen = 0  # pictures, read or not: each may take some time
        self.part = Part()
        self._on_progress = on_progress or (lambda _name, _count: None)

    @property
    def room(self) -> int:
        """How many more digits the dataset may hold."""
        return max(self.limits.images - self._elsewhere - self.count, 0)

    @property
    def full(self) -> bool:
        """Whether the dataset holds as many digits as it may."""
        return not self.room

    def report(self, file: str, more: int) -> None:
        """Tell how far it is: ``more`` digits of ``file`` will be added."""
        self._on_progress(file, self.count + more)

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
        _LOG.error("%s could not be read", shown(file), exc_info=error)
        self.skip(
            file,
            f"It could not be read ({type(error).__name__}). It may be damaged; "
            "save it again, or in another format.",
        )

    def skip(self, file: str, reason: str) -> None:
        """Leave a file out and keep the reason; of many thousands, only the first."""
        self._on_progress(file, self.count)
        if len(self.part.skipped) < _MAX_SKIPPED:
            self.part.skipped.append(Skipped(shown(file), shown(reason, _LONGEST_REASON)))
        elif len(self.part.skipped) == _MAX_SKIPPED:
            more = "More files were left out; these are the first."
            self.part.skipped.append(Skipped("…", more))

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
        if labels_from:
            self.part.sources[labels_from] += int((kept != UNKNOWN).sum())
        short = tuple(shown(name) for name, _ in zip(names, range(taken), strict=False))
        self._take(Digits(short, pixels, kept.astype(np.int8), np.full(taken, named)))
        self._on_progress(file, self.count)

    def cut(self, cut: Cut) -> None:
        """Remember where a picture was cut; the first ones are enough to look at."""
        if len(self.part.cuts) < _MAX_CUTS:
            self.part.cuts.append(replace(cut, name=shown(cut.name)))

    def absorb(self, part: Part) -> None:
        """Add what another collector, with no more room than this one, has collected."""
        start = self.count
        for digits in part.digits:
            self._take(digits)
        self.part.sources += part.sources
        self.part.skipped += part.skipped[: max(0, _MAX_SKIPPED + 1 - len(self.part.skipped))]
        self.part.cuts += part.cuts[: _MAX_CUTS - len(self.part.cuts)]
        self.part.idx_images += [(name, start + at, count) for name, at, count in part.idx_images]
        for name, labels in part.idx_labels:
            self.keep_labels(name, labels)

    def keep_labels(self, name: str, labels: NDArray[np.uint8]) -> None:
        """Keep labels until the images of their file come; those of far too many are left out."""
        kept = sum(len(each) for _, each in self.part.idx_labels)
        if kept + len(labels) > _LABELS_AN_IMAGE * self.limits.images:
            self.skip(name, "It holds many more labels than a set may have images.")
        else:
            self.part.idx_labels.append((name, labels))

    def _take(self, digits: Digits) -> None:
        self.part.digits.append(digits)
        self.count += len(digits.names)

    def label(self, start: int, labels: Labels) -> None:
        """Label the digits from ``start`` on; their labels came later, in a file of their own."""
        for digits in self.part.digits:
            first, last = max(start, 0), min(start + len(labels), len(digits.labels))
            if first < last:
                digits.labels[first:last] = labels[first - start : last - start]
            start -= len(digits.labels)

    def dataset(self) -> Dataset:
        """The dataset of all that was collected."""
        all_digits = self.part.digits
        pixels = [each.pixels for each in all_digits]
        stored = pixels[0] if len(pixels) == 1 else _joined(pixels, np.uint8).reshape(-1, 28, 28)
        collected = Dataset(
            tuple(itertools.chain.from_iterable(each.names for each in all_digits)),
            stored,
            _joined([each.labels for each in all_digits], np.int8),
            _joined([each.named for each in all_digits], np.bool_),
            tuple(self.part.skipped),
            tuple(self.part.cuts),
            sources=dict(self.part.sources),
        )
        return collected.relabelled(self.options.labels)


def _joined(parts: Sequence[NDArray[Any]], dtype: type) -> NDArray[Any]:
    return np.concatenate(parts) if parts else np.zeros(0, dtype)
