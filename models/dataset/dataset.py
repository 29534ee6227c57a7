"""A dataset of labelled digits, what was left out of it, and the options for reading files."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Literal, get_args

import numpy as np
from numpy.typing import NDArray

from models.dataset.labels import Rule, from_names
from models.digit.digit import Digit
from models.lanes import Pixels

Bytes28 = NDArray[np.uint8]
Framing = Literal["pictures", "all", "none"]
Split = Literal["test", "train"]
FRAMINGS: tuple[Framing, ...] = get_args(Framing)
SPLITS: tuple[Split, ...] = get_args(Split)
Box = tuple[int, int, int, int]

UNKNOWN = -1
THE_DATA = "the data itself"
_LEVELS = np.arange(256, dtype=np.float32) / np.float32(255)


@dataclass(frozen=True)
class Options:
    """How files are read.

    ``framing``: ``pictures`` frames pictures as MNIST does and takes 28×28 pixel data as it is;
    ``all`` frames pixel data too; ``none`` also takes pictures of 28×28 as they are.
    ``cut``: cut a picture that holds several digits apart. ``split``: which split of an
    ``.npz`` in Keras's MNIST layout. ``labels``: where in a picture's path its label is.
    """

    framing: Framing = "pictures"
    cut: bool = True
    split: Split = "test"
    labels: Rule = "auto"


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
    the memory. ``stored_labels`` (n,) int8 came with the data, ``UNKNOWN`` without;
    ``named`` (n,) bool marks the digits whose label may be read from their name by ``rule``.
    ``sources`` counts the stored labels whose place in the data was a guess, by that place.
    """

    names: tuple[str, ...]
    stored: Bytes28
    stored_labels: NDArray[np.int8]
    named: NDArray[np.bool_]
    skipped: tuple[Skipped, ...] = ()
    cuts: tuple[Cut, ...] = ()
    labels: NDArray[np.int8] = field(default_factory=lambda: np.zeros(0, np.int8))
    labelled_by: Mapping[str, int] = field(default_factory=dict)
    sources: Mapping[str, int] = field(default_factory=dict)

    def __len__(self) -> int:
        return len(self.names)

    def pixels(self, start: int = 0, stop: int | None = None) -> Pixels:
        """Digits ``start`` to ``stop`` as the models' input: (m, 28, 28) float32."""
        digits: Pixels = _LEVELS[self.stored[start:stop]]
        return digits

    def take(self, indices: NDArray[np.int64]) -> Dataset:
        """The digits at these places alone, with their names and labels."""
        return replace(
            self,
            names=tuple(self.names[index] for index in indices),
            stored=self.stored[indices],
            stored_labels=self.stored_labels[indices],
            named=self.named[indices],
            labels=self.labels[indices],
        )

    def digit(self, index: int) -> Digit:
        """One of the digits."""
        return Digit(self.pixels(index, index + 1)[0])

    def label(self, index: int) -> int | None:
        """The label of one digit, None where it is unknown."""
        value = int(self.labels[index])
        return None if value == UNKNOWN else value

    def relabelled(self, rule: Rule) -> Dataset:
        """The same digits, their labels read from their names by another rule."""
        labels, counts = self.stored_labels.copy(), Counter[str]()
        at = np.flatnonzero(self.named)
        guesses = from_names([self.names[index] for index in at], rule)
        for index, guess in zip(at, guesses, strict=True):
            if guess is not None:
                labels[index], source = guess
                counts[source] += 1
        counts.update(self.sources)
        if with_data := int((self.stored_labels != UNKNOWN).sum()) - sum(self.sources.values()):
            counts[THE_DATA] = with_data
        return replace(self, labels=labels, labelled_by=dict(counts))

    def within(self, classes: int) -> Dataset:
        """The same digits for a model of ``classes`` classes: labels beyond become unknown."""
        beyond = self.labels >= classes
        if not beyond.any():
            return self
        reason = (
            f"The model has {classes} classes, so labels from 0 to {classes - 1} count. "
            f"{int(beyond.sum()):,} images with another label are used without it."
        )
        labels = np.where(beyond, UNKNOWN, self.labels).astype(np.int8)
        return replace(self, labels=labels, skipped=(*self.skipped, Skipped("labels", reason)))
