"""What readers found in some files, before it is one dataset."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from models.dataset.dataset import Cut, Levels, Note, Skipped


class Digits(NamedTuple):
    """Pictures that were added together: of each its name, uint8 levels, label, and ``named``."""

    names: tuple[str, ...]
    pixels: Levels
    labels: NDArray[np.int32]
    named: NDArray[np.bool_]


@dataclass
class Part:
    """What came of some files: all that a collector holds."""

    digits: list[Digits] = field(default_factory=list)
    sources: Counter[str] = field(default_factory=Counter)
    skipped: list[Skipped] = field(default_factory=list)
    notes: list[Note] = field(default_factory=list)
    cuts: list[Cut] = field(default_factory=list)
    images: list[tuple[str, int, int]] = field(default_factory=list)
    """Of files whose labels may come in others: name, first picture, number of pictures."""
    labels: list[tuple[str, NDArray[np.int32]]] = field(default_factory=list)
    tables: list[tuple[str, dict[str, str]]] = field(default_factory=list)
    """Name of a table of labels, and each picture's label in it by the picture's name."""

    @property
    def bytes(self) -> int:
        """Of the pictures' pixels."""
        return sum(each.pixels.nbytes for each in self.digits)

    def joined(self, picture: tuple[int, ...]) -> Digits:
        """All pictures, each of the shape ``picture``, as one; they are taken out, one after the
        other, so that they are not in memory twice.
        """
        count, all_digits = sum(len(each.names) for each in self.digits), self.digits
        if len(all_digits) == 1:
            return all_digits.pop()
        names, at = list[str](), 0
        pixels = np.empty((count, *picture), np.uint8)
        labels, named = np.empty(count, np.int32), np.empty(count, np.bool_)
        all_digits.reverse()
        while all_digits:
            each = all_digits.pop()
            names += each.names
            place = slice(at, at + len(each.names))
            pixels[place], labels[place], named[place] = each[1:]
            at = place.stop
        return Digits(tuple(names), pixels, labels, named)
