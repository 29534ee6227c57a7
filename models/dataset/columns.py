"""A table's columns: which is the label, what parts them, between what values the pixels lie.

Kaggle's layout is ``label,pixel0,…,pixel783``. Others put the label last (UCI's optical digits),
part columns by blanks, or have pixels from -1 to 1 (the postal digits in "The Elements of
Statistical Learning").
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from models.dataset.arrays import side_of
from models.errors import InputError

_LABEL_NAMES = ("label", "y", "class", "digit", "target")
_ENOUGH = 200  # lines, from all over those given, tell where the label is
_DIGITS = frozenset(range(10))


@dataclass(frozen=True)
class Layout:
    """``label`` is None without one, ``delimiter`` None for blanks; pixels from black to white."""

    delimiter: str | None
    columns: int
    label: int | None
    has_header: bool
    black: int
    white: int

    @property
    def pixels(self) -> NDArray[np.intp]:
        """The columns (n,) that hold pixels."""
        return np.delete(np.arange(self.columns), [] if self.label is None else [self.label])

    @property
    def side(self) -> int:
        """Pixels a side of the square that a line holds."""
        return side_of(len(self.pixels))

    def cells(self, line: str) -> list[str]:
        """A line's columns without blanks and quotes."""
        return _cells(line, self.delimiter)


def layout(lines: Sequence[str]) -> Layout:
    """The layout of a table that begins with these lines; the first one may be its header.

    Raises InputError where the columns cannot be the pixels of a square and a label.
    """
    first = lines[0]
    delimiter = max(",;\t", key=first.count)
    parted = delimiter if delimiter in first else None
    cells = _cells(first, parted)
    has_header = not all(is_number(cell) for cell in cells)
    rows = [_cells(line, parted) for line in lines[has_header :: max(1, len(lines) // _ENOUGH)]]
    names = [cell.lower() for cell in cells]
    label = next((index for index, name in enumerate(names) if name in _LABEL_NAMES), None)
    if label is None and side_of(len(cells) - 1):
        label = _unnamed_label([row for row in rows if len(row) == len(cells)])
    if not side_of(len(cells) - (label is not None)):
        raise InputError(
            f"Its first line has {len(cells):,} columns. Expected 784, pixel0 to pixel783, "
            "785 with a label, or as many as another square picture has pixels."
        )
    guess = Layout(parted, len(cells), label, has_header, 0, 255)
    signed = rows and _is_signed(rows[0], guess)
    return replace(guess, black=-1, white=1) if signed else guess


def is_number(cell: str) -> bool:
    """Whether a column's text is a number."""
    try:
        float(cell)
    except ValueError:
        return False
    return True


def _cells(line: str, delimiter: str | None) -> list[str]:
    return [cell.strip().strip('"') for cell in line.strip().split(delimiter)]


def _unnamed_label(rows: Sequence[Sequence[str]]) -> int:
    """The first column; the last where it alone can be: the first is one value throughout."""
    first, last = ({row[index] for row in rows} for index in (0, -1))
    is_last = len(first) == 1 < len(last) and all(
        is_number(cell) and float(cell) in _DIGITS for cell in last
    )
    return len(rows[0]) - 1 if is_last else 0


def _is_signed(row: Sequence[str], guess: Layout) -> bool:
    """Whether a line's pixels are numbers from -1 to 1, some below 0."""
    if len(row) != guess.columns or not all(map(is_number, row)):
        return False
    pixels = np.array([float(row[index]) for index in guess.pixels])
    return bool(pixels.min() < 0 and np.abs(pixels).max() <= 1)
