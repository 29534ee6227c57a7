"""A dataset of labelled pictures, what was left out of it, and the options for reading files."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Literal, get_args

import numpy as np
from numpy.typing import NDArray

from models.dataset.classes import DIGITS as TEN
from models.dataset.classes import UNKNOWN, Classes, of
from models.dataset.labels import Rule, from_names
from models.dataset.pixel_data import Way
from models.digit.digit import Digit
from models.formats.model_input import DIGITS, Input
from models.lanes import Pixels

Levels = NDArray[np.uint8]
"""(n, 28, 28), or (n, h, w) or (n, h, w, c) of a model of other pictures."""
Framing = Literal["pictures", "all", "none"]
Split = Literal["test", "train"]
FRAMINGS: tuple[Framing, ...] = get_args(Framing)
SPLITS: tuple[Split, ...] = get_args(Split)
Box = tuple[int, int, int, int]

THE_DATA = "the data itself"
_LEVELS = np.arange(256, dtype=np.float32) / np.float32(255)


@dataclass(frozen=True)
class Options:
    """How files are read.

    ``framing``: ``pictures`` frames pictures as MNIST does and takes 28×28 pixel data as it is;
    ``all`` frames pixel data too; ``none`` also takes pictures of 28×28 as they are.
    ``cut``: cut a picture that holds several digits apart. ``split``: which split of an
    ``.npz`` in Keras's MNIST layout. ``labels``: where in a picture's path its label is.
    ``pixels``: how pixel data is taken, which pictures are not.

    ``target``: what the model takes, which all pictures are made into; ``framing`` and ``cut``
    are for digits alone. ``classes``: names of the model's classes, by which pictures may be
    labelled; without any, 0 to 9 for a model of digits and any number for another. ``only``: the
    pictures of these names alone, and no arrays; all where there are none.
    """

    framing: Framing = "pictures"
    cut: bool = True
    split: Split = "test"
    labels: Rule = "auto"
    pixels: Way = "as they are"
    target: Input = DIGITS
    classes: tuple[str, ...] = ()
    only: tuple[str, ...] = ()

    @property
    def known(self) -> Classes:
        """The classes that a label may be."""
        if self.target.is_digit and self.classes in ((), TEN.names):
            return TEN
        return of(self.classes)


@dataclass(frozen=True)
class Skipped:
    """A file, or part of one, that was left out, and a sentence that says why."""

    file: str
    reason: str


class Note(Skipped):
    """What a reader guessed of a file that was read, or left out of it, in a sentence."""


class NoClass(Skipped):
    """Names that are no class, by the rule for labels that a dataset was read by."""


@dataclass(frozen=True, eq=False)
class Cut:
    """Where a picture was cut: a small (h, w) uint8 copy of it and boxes (left, top, right, bottom)
    in that copy's pixels, in reading order.
    """

    name: str
    preview: NDArray[np.uint8]
    boxes: tuple[Box, ...]


@dataclass(frozen=True, eq=False)
class Dataset:
    """Pictures with their names and labels, and what was left out.

    ``stored`` (n, h, w) or (n, h, w, c) uint8 holds the pictures in 256 levels, as MNIST does: a
    quarter of the memory. ``stored_labels`` (n,) int32 came with the data, ``UNKNOWN`` without;
    ``named`` (n,) bool marks the pictures whose label may be read from their name by ``rule``.
    ``sources`` counts the stored labels whose place in the data was a guess, by that place;
    ``classes`` are those that names may be; ``counted`` are the names whose number merely counts.
    ``notes`` say what readers guessed or left out of files that were read.
    """

    names: tuple[str, ...]
    stored: Levels
    stored_labels: NDArray[np.int32]
    named: NDArray[np.bool_]
    skipped: tuple[Skipped, ...] = ()
    cuts: tuple[Cut, ...] = ()
    labels: NDArray[np.int32] = field(default_factory=lambda: np.zeros(0, np.int32))
    labelled_by: Mapping[str, int] = field(default_factory=dict)
    sources: Mapping[str, int] = field(default_factory=dict)
    classes: Classes = TEN
    counted: tuple[str, ...] = ()
    notes: tuple[Note, ...] = ()

    def __len__(self) -> int:
        return len(self.names)

    def pixels(self, start: int = 0, stop: int | None = None) -> Pixels:
        """Pictures ``start`` to ``stop`` from 0 to 1: (m, 28, 28), (m, h, w) or (m, h, w, c)
        float32.
        """
        pictures: Pixels = _LEVELS[self.stored[start:stop]]
        return pictures

    def take(self, indices: NDArray[np.int64]) -> Dataset:
        """The pictures at these places alone, with their names and labels."""
        return replace(
            self,
            names=tuple(self.names[index] for index in indices),
            stored=self.stored[indices],
            stored_labels=self.stored_labels[indices],
            named=self.named[indices],
            labels=self.labels[indices],
        )

    def first(self, count: int) -> Dataset:
        """The first pictures alone, where they lie: none is copied."""
        return replace(
            self,
            names=self.names[:count],
            stored=self.stored[:count],
            stored_labels=self.stored_labels[:count],
            named=self.named[:count],
            labels=self.labels[:count],
        )

    def spread(self, most: int) -> Dataset:
        """At most so many of the pictures, spread over all."""
        places = np.linspace(0, len(self) - 1, min(len(self), most))
        return self.take(np.unique(np.rint(places).astype(np.int64)))

    def digit(self, index: int) -> Digit:
        """One of the pictures."""
        return Digit(self.pixels(index, index + 1)[0])

    def label(self, index: int) -> int | None:
        """The label of one picture, None where it is unknown."""
        value = int(self.labels[index])
        return None if value == UNKNOWN else value

    def relabelled(self, rule: Rule) -> Dataset:
        """The same pictures, their labels read from their names by another rule."""
        if rule == "off":
            blank = np.full(len(self), UNKNOWN, np.int32)
            return replace(self, labels=blank, labelled_by={}, counted=())
        labels, counts, strange = self.stored_labels.copy(), Counter[str](), list[str]()
        counted, at = list[str](), np.flatnonzero(self.named)
        names = [self.names[index] for index in at]
        guesses = from_names(names, rule, self.classes, strange.append, counted.append)
        for index, guess in zip(at, guesses, strict=True):
            if guess is not None:
                labels[index], source = guess
                counts[source] += 1
        counts.update(self.sources)
        if with_data := int((self.stored_labels != UNKNOWN).sum()) - sum(self.sources.values()):
            counts[THE_DATA] = with_data
        skipped = tuple(each for each in self.skipped if not isinstance(each, NoClass))
        if strange:
            skipped += (NoClass("labels", self.classes.no_class(strange)),)
        return replace(
            self, labels=labels, labelled_by=dict(counts), skipped=skipped, counted=tuple(counted)
        )

    def within(self, classes: int) -> Dataset:
        """The same pictures for a model of ``classes`` classes: labels beyond become unknown."""
        beyond = self.labels >= classes
        if not beyond.any():
            return self
        reason = (
            f"The model has {classes} classes, so labels from 0 to {classes - 1} count. "
            f"{int(beyond.sum()):,} images with another label are used without it."
        )
        labels = np.where(beyond, UNKNOWN, self.labels).astype(np.int32)
        return replace(self, labels=labels, skipped=(*self.skipped, NoClass("labels", reason)))
