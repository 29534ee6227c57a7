"""Labelled digits, what was left out of them, and what the person who has the files may choose."""

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
    """What the person who has the files may choose.

    ``framing``: ``pictures`` frames pictures as MNIST does and takes 28×28 pixel data as it is;
    ``all`` frames pixel data too; ``none`` also takes pictures of 28×28 as they are.
    ``cut``: cut a picture that holds several digits apart. ``split``: which of the two that an
    ``.npz`` in Keras's MNIST layout has. ``labels``: where in a picture's path its label is.
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
    the memory. ``given`` (n,) int8 are the labels that came with the data, ``UNKNOWN`` without;
    ``named`` (n,) bool marks the digits whose label may be read from their name by ``rule``.
    ``sources`` counts those of ``given`` of which it was a guess where in the data they are.
    """

    names: tuple[str, ...]
    stored: Bytes28
    given: NDArray[np.int8]
    named: NDArray[np.bool_]
    skipped: tuple[Skipped, ...] = ()
    cuts: tuple[Cut, ...] = ()
    labels: NDArray[np.int8] = field(default_factory=lambda: np.zeros(0, np.int8))
    labelled_by: Mapping[str, int] = field(default_factory=dict)
    sources: Mapping[str, int] = field(default_factory=dict)

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

    def relabelled(self, rule: Rule) -> Dataset:
        """The same digits, their labels read from their names by another rule."""
        labels, by = self.given.copy(), Counter[str]()
        at = np.flatnonzero(self.named)
        found = from_names([self.names[index] for index in at], rule)
        for index, label in zip(at, found, strict=True):
            if label is not None:
                labels[index] = label[0]
                by[label[1]] += 1
        by.update(self.sources)
        if with_data := int((self.given != UNKNOWN).sum()) - sum(self.sources.values()):
            by[THE_DATA] = with_data
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
