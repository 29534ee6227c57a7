"""A table's layout: its delimiter, its columns, the scale of its pixels.

Kaggle's layout is ``label,pixel0,…,pixel783``. Others put the label last (UCI's optical digits),
separate columns by blanks, write ``0,5;0,25`` as Excel does in much of Europe, or have pixels from
-1 to 1 (the postal digits in "The Elements of Statistical Learning").
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from models.dataset import value_range
from models.dataset.dataset import Options
from models.dataset.readers.csv_lines import LONGEST
from models.dataset.readers.tables import columns
from models.dataset.readers.tables.columns import Columns
from models.errors import InputError
from models.formats.model_input import Input

_DIGITS = Options()
_ENOUGH = 200  # lines, spread over the table's beginning, tell where the label is
_LONG_COUNT = 25  # columns whose names are 0, 1, 2, …: a line of pixels does not count


@dataclass(frozen=True)
class Layout:
    """``delimiter`` is None for blanks; a line has ``columns``, of which ``used`` are read: pixels
    and label of ``chosen``, whose places are among those read. Pixels lie on ``scale``, maybe on a
    part of it. Labels are ``digits``, else any numbers.
    """

    delimiter: str | None
    columns: int
    has_header: bool
    chosen: Columns
    used: tuple[int, ...]
    scale: value_range.Scale = value_range.BYTES
    digits: bool = True

    @property
    def whole(self) -> bool:
        """Whether all columns are read."""
        return len(self.used) == self.columns

    def plain(self, line: str) -> str:
        """The line with decimal points, where it may have decimal commas."""
        return plain(line, self.delimiter)

    def cells(self, line: str) -> list[str]:
        """A line's columns without blanks and quotes."""
        return cells(line, self.delimiter)


def layout(lines: Sequence[str], options: Options = _DIGITS) -> Layout:
    """The layout of a table that begins with these lines; the first one may be its header.

    Raises InputError where the columns cannot be the pixels of a square and a label.
    """
    written = [line for line in lines if line.strip()]
    first = first_cells(written)
    delimiter = delimiter_of(written[0])
    named = is_header(first)
    names = [cell.lower() for cell in first] if named else None
    count = len(first)
    may_be = columns.may_be(names, count, options)
    rows = _numbers(written[named:], delimiter, count) if may_be else np.zeros((0, count))
    chosen = columns.find(names, rows, options) if may_be else None
    if chosen is None:
        if count == 1:
            raise InputError("It is a text, and no table of pixels: its first line has no columns.")
        raise InputError(f"Its first line has {count:,} columns. {_expected(options.target)}")
    used = tuple(sorted((*chosen.label, *chosen.pixels)))
    scale = _scale(rows[:, chosen.pixels])
    place = {column: at for at, column in enumerate(used)}
    chosen = Columns(
        chosen.picture,
        tuple(place[at] for at in chosen.pixels),
        tuple(place[at] for at in chosen.label),
        chosen.labels_from,
        chosen.notes,
    )
    return Layout(delimiter, count, named, chosen, used, scale, options.known.are_digits)


def first_cells(written: Sequence[str]) -> list[str]:
    """The columns of the first of these lines. Raises InputError without one, or a long one."""
    if not written:
        raise InputError("It begins with no line of text. Expected one image a line.")
    if len(written[0]) > LONGEST:
        raise InputError(
            f"Its first line is longer than {LONGEST:,} characters. Expected one image a line."
        )
    return cells(written[0], delimiter_of(written[0]))


def is_header(names: Sequence[str]) -> bool:
    """Whether a line's columns are names. An empty one is a gap in the data; many that count from
    0 or 1 are the names that pandas gives.
    """
    if any(cell and not is_number(cell) for cell in names):
        return True
    start = 1 if names[0] == "" else 0  # above an index
    counted = [str(at) for at in range(len(names) + 1)]
    rest = list(names[start:])
    return len(rest) >= _LONG_COUNT and rest in (counted[: len(rest)], counted[1 : len(rest) + 1])


def is_number(cell: str) -> bool:
    """Whether a column's text is a number."""
    try:
        float(cell)
    except ValueError:
        return False
    return True


def plain(line: str, delimiter: str | None) -> str:
    """The line with decimal points, where it may have decimal commas, and with 1 and 0 for True and
    False, as pandas writes one-hot columns.
    """
    if "True" in line:
        line = line.replace("True", "1").replace("False", "0")
    return line if delimiter == "," else line.replace(",", ".")


def cells(line: str, delimiter: str | None) -> list[str]:
    """A line's columns without blanks and quotes."""
    return [cell.strip().strip("\"'") for cell in plain(line, delimiter).strip().split(delimiter)]


def delimiter_of(line: str) -> str | None:
    """What separates a line's columns; None for blanks.

    Where a comma is the decimal point, a column has at most one, and something else separates them.
    """
    other = max(";\t|", key=line.count)
    if 0 < line.count(other) >= line.count(",") - 1:
        return other
    return "," if "," in line else None


def _numbers(lines: Sequence[str], delimiter: str | None, count: int) -> NDArray[np.float64]:
    """The first lines and some of the others, if they have the table's columns: (n, columns)."""
    step = max(1, len(lines) // _ENOUGH)
    some = [*lines[: columns.FIRST], *lines[columns.FIRST :: step]]
    rows = [row for line in some if (row := _row(line, delimiter, count)) is not None]
    return np.array(rows, np.float64).reshape(-1, count)


def _row(line: str, delimiter: str | None, count: int) -> NDArray[np.float64] | None:
    found = cells(line, delimiter) if len(line) <= LONGEST else []
    if len(found) != count:
        return None
    return np.array([cell if is_number(cell) else "nan" for cell in found], np.float64)


def _expected(target: Input) -> str:
    if target.is_digit:
        return (
            "Expected 784, pixel0 to pixel783, 785 with a label, or as many as another square "
            "picture has pixels."
        )
    pixels = math.prod(target.picture)
    sides = "×".join(map(str, target.picture))
    return f"Expected {pixels:,}, the values of {sides}, or {pixels + 1:,} with a label."


def _scale(rows: NDArray[np.float64]) -> value_range.Scale:
    """The scale of most lines: one wrong value must not decide."""
    ends = [(row.min(), row.max()) for row in rows[~np.isnan(rows).any(axis=1)]]
    if sum(value_range.is_signed(*each) for each in ends) * 2 > len(ends):
        return value_range.SIGNED
    if sum(value_range.is_unusual(*each) for each in ends) * 2 > len(ends):
        return value_range.ANY
    return value_range.BYTES
