"""Labelled digits, and the collector that readers put them into."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Literal, get_args

import numpy as np
from numpy.typing import NDArray

from models.dataset import labels as names_to_labels
from models.dataset.limits import LIMITS, Limits
from models.digit import Digit
from models.lanes import Pixels

Bytes28 = NDArray[np.uint8]
Labels = NDArray[np.integer[Any]]
Framing = Literal["pictures", "all", "none"]
Part = Literal["test", "train"]
FRAMINGS: tuple[Framing, ...] = get_args(Framing)
PARTS: tuple[Part, ...] = get_args(Part)
Box = tuple[int, int, int, int]

UNKNOWN = -1
_LEVELS = np.arange(256, dtype=np.float32) / np.float32(255)
_MAX_CUTS = 24
_MAX_SKIPPED = 1_000


@dataclass(frozen=True)
class Options:
    """What the person who has the files may choose.

    ``framing``: ``pictures`` frames pictures as MNIST does and takes 28×28 pixel data as it is;
    ``all`` frames pixel data too; ``none`` also takes pictures of 28×28 as they are.
    ``cut``: cut a picture that holds several digits apart. ``part``: which half of an ``.npz`` in
    Keras's MNIST layout. ``labels``: where in a picture's path its label is.
    """

    framing: Framing = "pictures"
    cut: bool = True
    part: Part = "test"
    labels: names_to_labels.Rule = "auto"


@dataclass(frozen=True)
class Skipped:
    """A file, or part of one, that was left out, and a sentence that says why."""

    file: str
    reason: str


@dataclass(frozen=True, eq=False)
class Cut:
    """Where a picture was cut: a small (h, w) uint8 copy of it and boxes (left, top, right, bottom)
    in that copy's pixels, in reading order.
    """

    name: str
    preview: Bytes28
    boxes: tuple[Box, ...]


@dataclass(frozen=True, eq=False)
class Dataset:
    """Digits with their names and labels, and what was left out.

    ``stored`` (n, 28, 28) uint8 holds the digits in 256 grey levels, as MNIST does: a quarter of
    the memory. ``given`` (n,) int8 are the labels that came with the data, ``UNKNOWN`` without;
    ``named`` (n,) bool marks the digits whose label may be read from their name by ``rule``.
    """

    names: tuple[str, ...]
    stored: Bytes28
    given: NDArray[np.int8]
    named: NDArray[np.bool_]
    skipped: tuple[Skipped, ...] = ()
    cuts: tuple[Cut, ...] = ()
    labels: NDArray[np.int8] = field(default_factory=lambda: np.zeros(0, np.int8))
    labelled_by: Mapping[str, int] = field(default_factory=dict)

    def __len__(self) -> int:
        return len(self.names)

    def pixels(self, start: int = 0, stop: int | None = None) -> Pixels:
        """Digits ``start`` to ``stop`` as the models are given them: (m, 28, 28) float32."""
        digits: Pixels = _LEVELS[self.stored[start:stop]]
        return digits

    def digit(self, index: int) -> Digit:
        """One of the digits."""
        return Digit(self.pixels(index, index + 1)[0])

    def label(self, index: int) -> int | None:
        """The label of one digit, None where it is unknown."""
        value = int(self.labels[index])
        return None if value == UNKNOWN else value

    def relabelled(self, rule: names_to_labels.Rule) -> Dataset:
        """The same digits, their labels read from their names by another rule."""
        labels, by = self.given.copy(), Counter[str]()
        at = np.flatnonzero(self.named)
        found = names_to_labels.read([self.names[index] for index in at], rule)
        for index, label in zip(at, found, strict=True):
            if label is not None:
                labels[index] = label[0]
                by[label[1]] += 1
        if with_data := int((self.given != UNKNOWN).sum()):
            by["the data itself"] = with_data
        return replace(self, labels=labels, labelled_by=dict(by))

    def within(self, classes: int) -> Dataset:
        """The same digits for a model of so many classes: a label beyond them is unknown to it."""
        beyond = self.labels >= classes
        if not beyond.any():
            return self
        reason = (
            f"The model has {classes} classes, so labels from 0 to {classes - 1} count. "
            f"{int(beyond.sum()):,} images with another label are used without it."
        )
        labels = np.where(beyond, UNKNOWN, self.labels).astype(np.int8)
        return replace(self, labels=labels, skipped=(*self.skipped, Skipped("labels", reason)))


class Collector:
    """Where readers put digits, and the lines on what cannot be read."""

    def __init__(
        self,
        options: Options,
        limits: Limits = LIMITS,
        on_progress: Callable[[str, int], None] | None = None,
    ) -> None:
        self.options = options
        self.limits = limits
        self.count = 0
        self.idx_images: list[tuple[str, int, int]] = []  # name, first digit, number of digits
        self.idx_labels: list[tuple[str, NDArray[np.uint8]]] = []
        self._names: list[str] = []
        self._pixels: list[Bytes28] = []
        self._given: list[NDArray[np.int8]] = []
        self._named: list[NDArray[np.bool_]] = []
        self._skipped: list[Skipped] = []
        self._cuts: list[Cut] = []
        self._on_progress = on_progress or (lambda _name, _count: None)

    @property
    def full(self) -> bool:
        """Whether the set holds as many digits as it may."""
        return self.count >= self.limits.images

    def skip(self, file: str, reason: str) -> None:
        """Leave a file out. Many thousands of lines would help nobody: the first are kept."""
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
    ) -> None:
        """Take digits (n, 28, 28) uint8 out of ``file``, as many as there is room for."""
        room = self.limits.images - self.count
        if room < len(pixels):
            self.skip(
                file,
                f"The set is full: {len(pixels) - room:,} of its {len(pixels):,} images were left "
                f"out. A set holds at most {self.limits.images:,}.",
            )
            pixels = pixels[:room].copy()  # not a view that keeps all of them in memory
        taken = len(pixels)
        given = np.full(taken, UNKNOWN, np.int8) if labels is None else labels[:taken]
        self._names += [name for name, _ in zip(names, range(taken), strict=False)]
        self._pixels.append(pixels)
        self._given.append(given.astype(np.int8))
        self._named.append(np.full(taken, named))
        self.count += taken
        self._on_progress(file, self.count)

    def cut(self, cut: Cut) -> None:
        """Remember where a picture was cut; the first ones are enough to look at."""
        if len(self._cuts) < _MAX_CUTS:
            self._cuts.append(cut)

    def label(self, start: int, labels: Labels) -> None:
        """Give the digits from ``start`` on labels that came later, in a file of their own."""
        given = _joined(self._given, np.int8)
        given[start : start + len(labels)] = labels[: len(given) - start]
        self._given = [given]

    def dataset(self) -> Dataset:
        """All that was collected."""
        made = Dataset(
            tuple(self._names),
            np.concatenate(self._pixels) if self._pixels else np.zeros((0, 28, 28), np.uint8),
            _joined(self._given, np.int8),
            _joined(self._named, np.bool_),
            tuple(self._skipped),
            tuple(self._cuts),
        )
        return made.relabelled(self.options.labels)


def _joined(parts: Sequence[NDArray[Any]], dtype: type) -> NDArray[Any]:
    return np.concatenate(parts) if parts else np.zeros(0, dtype)
