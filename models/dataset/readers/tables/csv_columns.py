"""A table's columns: their delimiter, which one is the label, the scale of the pixels.

Kaggle's layout is ``label,pixel0,…,pixel783``. Others put the label last (UCI's optical digits),
separate columns by blanks, write ``0,5;0,25`` as Excel does in much of Europe, or have pixels from
-1 to 1 (the postal digits in "The Elements of Statistical Learning").
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from models.dataset import value_range
from models.dataset.classes import UNKNOWN, Classes
from models.dataset.dataset import Options
from models.dataset.readers import shapes
from models.dataset.readers.csv_lines import LONGEST
from models.errors import InputError
from models.formats.model_input import Input

_LABEL_NAMES = ("label", "y", "class", "digit", "target")
_DIGITS = Options()
_ENOUGH = 200  # lines, spread over the table's beginning, tell where the label is


@dataclass(frozen=True)
class Layout:
    """``label`` is None without one, ``delimiter`` None for blanks; pixels lie on ``scale``, maybe
    on a part of it. ``labels_from`` says where the label is when no header names it; ``picture`` is
    the shape of the picture that a line holds. Labels are ``digits``, else any numbers.
    """

    delimiter: str | None
    columns: int
    label: int | None
    has_header: bool
    scale: value_range.Scale = value_range.BYTES
    labels_from: str | None = None
    picture: tuple[int, ...] = ()
    digits: bool = True

    @property
    def pixels(self) -> NDArray[np.intp]:
        """The columns (n,) that hold pixels."""
        return np.delete(np.arange(self.columns), [] if self.label is None else [self.label])

    def plain(self, line: str) -> str:
        """The line with decimal points, where it may have decimal commas."""
        return line if self.delimiter == "," else line.replace(",", ".")

    def cells(self, line: str) -> list[str]:
        """A line's columns without blanks and quotes."""
        cells = self.plain(line).strip().split(self.delimiter)
        return [cell.strip().strip('"') for cell in cells]


def layout(lines: Sequence[str], options: Options = _DIGITS) -> Layout:
    """The layout of a table that begins with these lines; the first one may be its header.

    Raises InputError where the columns cannot be the pixels of a square and a label.
    """
    written = [line for line in lines if line.strip()]
    if not written:
        raise InputError("It begins with no line of text. Expected one image a line.")
    first = written[0]
    if len(first) > LONGEST:
        raise InputError(
            f"Its first line is longer than {LONGEST:,} characters. Expected one image a line."
        )
    delimiter = _delimiter(first)
    table = Layout(delimiter, 0, None, has_header=False)
    cells = table.cells(first)
    # An empty cell is a gap in the data; a header has a text.
    has_header = any(cell and not is_number(cell) for cell in cells)
    names = [cell.lower() for cell in cells]
    label = next((index for index, name in enumerate(names) if name in _LABEL_NAMES), None)
    target = options.target
    with_label = label is not None or shapes.of_row(len(cells) - 1, target) is not None
    picture = shapes.of_row(len(cells) - with_label, target)
    if picture is None:
        if len(cells) == 1:
            raise InputError("It is a text, and no table of pixels: its first line has no columns.")
        raise InputError(f"Its first line has {len(cells):,} columns. {_expected(target)}")
    table = replace(
        table,
        columns=len(cells),
        label=label,
        has_header=has_header,
        picture=picture,
        digits=options.known.are_digits,
    )
    rows = _numbers(written[has_header :: max(1, len(written) // _ENOUGH)], table)
    if label is None and with_label:
        is_last = _label_is_last(rows, options.known)
        labels_from = "the last column" if is_last else "the first column"
        table = replace(table, label=len(cells) - 1 if is_last else 0, labels_from=labels_from)
    return replace(table, scale=value_range.SIGNED) if _are_signed(rows[:, table.pixels]) else table


def is_number(cell: str) -> bool:
    """Whether a column's text is a number."""
    try:
        float(cell)
    except ValueError:
        return False
    return True


def _delimiter(line: str) -> str | None:
    """What separates a line's columns; None for blanks.

    Where a comma is the decimal point, a column has at most one, and something else separates them.
    """
    other = max(";\t", key=line.count)
    if 0 < line.count(other) >= line.count(",") - 1:
        return other
    return "," if "," in line else None


def _numbers(lines: Sequence[str], table: Layout) -> NDArray[np.float64]:
    """The lines that have the table's columns, all of them numbers: (n, columns)."""
    rows = [row for line in lines if (row := _row(line, table)) is not None]
    return np.array(rows, np.float64).reshape(-1, table.columns)


def _row(line: str, table: Layout) -> NDArray[np.float64] | None:
    cells = table.cells(line) if len(line) <= LONGEST else []
    if len(cells) != table.columns or not all(map(is_number, cells)):
        return None
    return np.array(cells, np.float64)


def _label_is_last(rows: NDArray[np.float64], classes: Classes) -> bool:
    """Whether the last column is the label, not the first as in Kaggle's layout.

    Both may hold nothing but classes, since a picture's corners do: 0 for the most part.
    """
    ends = rows[:, [0, -1]]
    are_classes = np.array([(classes.of_numbers(each) != UNKNOWN).all() for each in ends.T])
    are_blank = (ends == 0).all(axis=0)
    first, last = are_classes & ~(are_blank & ~are_blank[::-1])
    return bool(last and not first)


def _expected(target: Input) -> str:
    if target.is_digit:
        return (
            "Expected 784, pixel0 to pixel783, 785 with a label, or as many as another square "
            "picture has pixels."
        )
    pixels = math.prod(target.picture)
    sides = "×".join(map(str, target.picture))
    return f"Expected {pixels:,}, the values of {sides}, or {pixels + 1:,} with a label."


def _are_signed(rows: NDArray[np.float64]) -> bool:
    """Whether most lines are on the scale from -1 to 1: one wrong value must not decide."""
    signed = [value_range.is_signed(float(row.min()), float(row.max())) for row in rows]
    return sum(signed) * 2 > len(signed)
