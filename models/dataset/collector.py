"""The collector that readers add pictures to, and the reasons why files cannot be read."""

from __future__ import annotations

import hashlib
import logging
from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from models.dataset.classes import UNKNOWN
from models.dataset.dataset import Cut, Dataset, Levels, Note, Options, Skipped
from models.dataset.limits import LIMITS, Limits, size
from models.dataset.names import shown
from models.dataset.part import Digits, Part
from models.errors import InputError

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
_MAX_NOTES = 100


class Collector:
    """Collects pictures from readers, and the reasons why files cannot be read."""

    def __init__(
        self,
        options: Options,
        limits: Limits = LIMITS,
        on_progress: Callable[[str, int], None] | None = None,
        *,
        elsewhere: int = 0,
    ) -> None:
        """``elsewhere`` is how many pictures of the same dataset another collector has."""
        self.options = options
        self.limits = limits
        self.picture = options.target.picture
        self.most = limits.most(self.picture)
        self.count = 0
        self._elsewhere = elsewhere
        self._label: int | None = None
        self._starts = list[int]()  # the place of the first picture of each block
        self._digests: set[bytes] = set()
        self.unpacked = 0  # bytes, from the file that is being read
        self.seen = 0  # pictures, read or not: each may take some time
        self.part = Part()
        self._on_progress = on_progress or (lambda _name, _count: None)

    @property
    def room(self) -> int:
        """How many more pictures the dataset may hold."""
        return max(self.most - self._elsewhere - self.count, 0)

    @property
    def full(self) -> bool:
        """Whether the dataset holds as many pictures as it may."""
        return not self.room

    @property
    def holds(self) -> str:
        """A sentence on how many it may hold."""
        return self.limits.holds(self.picture)

    def report(self, file: str, more: int) -> None:
        """Tell how far it is: ``more`` pictures of ``file`` will be added."""
        self._on_progress(file, self.count + more)

    @contextmanager
    def once(self, content: bytes) -> Iterator[None]:
        """Read the same bytes in an archive again without more time for them: packed, thousands of
        one picture are a small file.
        """
        before, digest = self.seen, hashlib.blake2b(content, digest_size=16).digest()
        yield
        if digest in self._digests:
            self.seen = before
        self._digests.add(digest)

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

    def note(self, file: str, what: str) -> None:
        """Say what was guessed of a file that is read, or left out of it; of many, the first."""
        if len(self.part.notes) < _MAX_NOTES:
            self.part.notes.append(Note(shown(file), shown(what, _LONGEST_REASON)))

    def add(
        self,
        file: str,
        names: Iterable[str],
        pixels: Levels,
        labels: Labels | None = None,
        *,
        named: bool = False,
        labels_from: str | None = None,
    ) -> None:
        """Add the pictures (n, *picture) uint8 of ``file``, as many as there is room for. A single
        one gets the label of ``labelled``.

        ``labels_from`` says where in the data the labels are, where that was a guess.
        """
        room = self.room
        self.overflow(file, len(pixels))
        if room < len(pixels):
            pixels = pixels[:room].copy()  # not a view that keeps all of them in memory
        if self._label is not None:
            named, one = False, len(pixels) == 1 and labels is None
            labels = np.array([self._label]) if one else labels
        taken = len(pixels)
        kept = np.full(taken, UNKNOWN, np.int32) if labels is None else labels[:taken]
        if labels_from:
            self.part.sources[labels_from] += int((kept != UNKNOWN).sum())
        short = tuple(shown(name) for name, _ in zip(names, range(taken), strict=False))
        self._take(Digits(short, pixels, kept.astype(np.int32), np.full(taken, named)))
        self._on_progress(file, self.count)

    @contextmanager
    def labelled(self, label: int) -> Iterator[None]:
        """Label the picture that is added meanwhile, where it is one, and not by its name."""
        self._label = label
        try:
            yield
        finally:
            self._label = None

    def overflow(self, file: str, total: int) -> None:
        """Say it where there is no room for all of a file's pictures."""
        if (left_out := total - self.room) > 0:
            self.skip(
                file,
                f"The set is full: {left_out:,} of its {total:,} images were left out. "
                f"{self.holds}",
            )

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
        self.part.notes += part.notes[: _MAX_NOTES - len(self.part.notes)]
        self.part.cuts += part.cuts[: _MAX_CUTS - len(self.part.cuts)]
        self.part.images += [(name, start + at, count) for name, at, count in part.images]
        for name, labels in part.labels:
            self.keep_labels(name, labels)
        for name, table in part.tables:
            self.keep_table(name, table)

    def keep_labels(self, name: str, labels: NDArray[np.int32]) -> None:
        """Keep labels until the images of their file come; those of far too many are left out."""
        kept = sum(len(each) for _, each in self.part.labels)
        if kept + len(labels) > _LABELS_AN_IMAGE * self.limits.images:
            self.skip(name, "It holds many more labels than a set may have images.")
        else:
            self.part.labels.append((name, labels))

    def keep_table(self, name: str, table: dict[str, str]) -> None:
        """Keep the labels that a table has for pictures, by their names, until all have come."""
        kept = sum(len(each) for _, each in self.part.tables)
        if kept + len(table) > _LABELS_AN_IMAGE * self.limits.images:
            self.skip(name, "It holds many more labels than a set may have images.")
        else:
            self.part.tables.append((name, table))

    def _take(self, digits: Digits) -> None:
        self.part.digits.append(digits)
        self._starts.append(self.count)
        self.count += len(digits.names)

    def label(self, start: int, labels: Labels) -> None:
        """Label the pictures from ``start`` on; their labels came later, in a file of their own."""
        block, done = bisect_right(self._starts, start) - 1, 0
        while done < len(labels) and block < len(self.part.digits):
            digits, first = self.part.digits[block], start + done - self._starts[block]
            some = labels[done : done + len(digits.labels) - first]
            digits.labels[first : first + len(some)] = some
            digits.named[first : first + len(some)] = False
            done, block = done + len(some), block + 1

    def dataset(self) -> Dataset:
        """The dataset of all that was collected, which the collector has no longer."""
        names, stored, labels, named = self.part.joined(self.picture)
        collected = Dataset(
            names,
            stored,
            labels,
            named,
            tuple(self.part.skipped),
            tuple(self.part.cuts),
            sources=dict(self.part.sources),
            classes=self.options.known,
            notes=tuple(self.part.notes),
        )
        return collected.relabelled(self.options.labels)
