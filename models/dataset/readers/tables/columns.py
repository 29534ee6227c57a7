"""Which columns of a table hold pixels, which the label, and which neither.

Beside its pixels a line may have a label, as a number or as one column a class (*one-hot*), and a
number of its own, as pandas writes its index. A header tells, else what the columns hold.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from models.dataset.classes import UNKNOWN, Classes
from models.dataset.dataset import Options
from models.dataset.names import shown
from models.dataset.readers import shapes

FIRST = 20
Rows = NDArray[np.float64]
"""The ``FIRST`` lines and some others, (n, columns); NaN for what is no number."""

LABELS = ("label", "labels", "y", "class", "digit", "target", "number", "category", "classes")
_NUMBERS = re.compile(
    r"|unnamed: ?\d+|__index_level_\d+__"
    r"|(row|line|image|img|picture|sample)?[ _-]?(id|idx|index|number|no|nr)\.?"
    r"|#|row|rownames|(file|image)[ _]?(name)?|path|split|usage|set|writer(_?id)?"
)
_PIXELS = re.compile(r"(pixel|pix|px|p|x|v|f|feature|attr|attribute|col|column|dim)?[ _.-]?\d+")
_CELLS = re.compile(r"\d+[x_,-]\d+|r\d+c\d+|(pixel|px|p)[ _]?\d+[x_-]\d+")
_MOST_LEFT_OUT = 3  # columns with a name


@dataclass(frozen=True)
class Columns:
    """Places of columns: ``pixels`` make a ``picture`` a line; ``label`` is one column, one for
    each class, or none. ``labels_from`` says where the label is when no header names it, ``notes``
    what was left out.
    """

    picture: tuple[int, ...]
    pixels: tuple[int, ...]
    label: tuple[int, ...] = ()
    labels_from: str | None = None
    notes: tuple[str, ...] = ()

    def labels(self, rows: NDArray[np.floating]) -> NDArray[np.floating]:
        """The labels (n,) in rows (n, columns); NaN for a line that has none or several."""
        return of_block(rows[:, self.label])


def of_block(given: NDArray[np.floating]) -> NDArray[np.floating]:
    """The labels (n,) in a column (n, 1) of them, or in one for each class (n, classes); NaN for a
    line that has none or several.
    """
    if given.shape[1] == 1:
        return given[:, 0]
    return np.where(one_hot(given), given.argmax(axis=1), np.nan).astype(given.dtype)


def find(names: Sequence[str] | None, rows: Rows, options: Options) -> Columns | None:
    """The columns of a table with these names, in lower case, or with none; None if no choice of
    them makes a picture.
    """
    every = tuple(range(rows.shape[1]))
    if names is None:
        return _by_values(every, rows, options)
    label = tuple(at for at in every if names[at] in LABELS)[:1]
    left_out = tuple(at for at in every if at not in label and _NUMBERS.fullmatch(names[at]))
    rest = tuple(at for at in every if at not in (*label, *left_out))
    notes = tuple(f"Left out {_called(names[at], at)}." for at in left_out)
    if (picture := shapes.of_row(len(rest), options.target)) is not None:
        return Columns(picture, rest, label, notes=notes)
    if not label and (found := _among(rest, rows, options, notes)) is not None:
        return found
    if not label and (found := _by_values(every, rows, options)) is not None:
        return found
    return _by_pixels(names, label, options)


def may_be(names: Sequence[str] | None, count: int, options: Options) -> bool:
    """Whether so many columns can hold a picture; looking at what they hold takes time."""
    known = [count]
    if names is not None:
        known += [
            count - sum(bool(_NUMBERS.fullmatch(name)) for name in names),
            sum(map(_is_pixel, names)),
        ]
    one_hot = options.known.count
    return any(
        shapes.of_row(each - beside, options.target) is not None
        for each in known
        for beside in (0, 1, 2, one_hot, one_hot + 1)
    )


def _among(
    rest: tuple[int, ...], rows: Rows, options: Options, notes: tuple[str, ...]
) -> Columns | None:
    """What the columns ``rest`` hold, beside those that were left out already."""
    found = _by_values(tuple(range(len(rest))), rows[:, rest], options)
    if found is None:
        return None
    return Columns(
        found.picture,
        tuple(rest[at] for at in found.pixels),
        tuple(rest[at] for at in found.label),
        found.labels_from,
        (*notes, *found.notes),
    )


def _by_pixels(names: Sequence[str], label: tuple[int, ...], options: Options) -> Columns | None:
    """The columns whose names are those of pixels, and none of the few others but the label."""
    is_pixel = list(map(_is_pixel, names))
    pixels = tuple(at for at, yes in enumerate(is_pixel) if yes)
    others = [at for at in range(len(names)) if not is_pixel[at] and at not in label]
    picture = shapes.of_row(len(pixels), options.target)
    if picture is None:
        return None
    notes = [f"Left out {_called(names[at], at)}." for at in others[:_MOST_LEFT_OUT]]
    if len(others) > _MOST_LEFT_OUT:
        notes[-1:] = [f"Left out {len(others) - _MOST_LEFT_OUT + 1:,} more columns."]
    return Columns(picture, pixels, label, notes=tuple(notes))


def _by_values(at: tuple[int, ...], rows: Rows, options: Options) -> Columns | None:
    """The columns by what they hold: all are pixels, or all but one, two, or one a class."""
    target, classes = options.target, options.known
    count = len(at)
    if (picture := shapes.of_row(count, target)) is not None:
        return Columns(picture, at)
    if (picture := shapes.of_row(count - 1, target)) is not None:
        if _counts(rows[:, 0], classes):
            return Columns(picture, at[1:], notes=(_COUNTS,))
        last = _is_last(rows[:, [0, -1]], classes)
        where = "the last column" if last else "the first column"
        pixels = at[:-1] if last else at[1:]
        return Columns(picture, pixels, (at[-1] if last else at[0],), where)
    if (picture := shapes.of_row(count - 2, target)) is not None and _counts(rows[:, 0], classes):
        last = _is_last(rows[:, [1, -1]], classes)
        where = "the last column" if last else "the second column"
        pixels = at[1:-1] if last else at[2:]
        return Columns(picture, pixels, (at[-1] if last else at[1],), where, (_COUNTS,))
    return _with_one_hot(at, rows, options)


def _is_pixel(name: str) -> bool:
    return bool(_PIXELS.fullmatch(name) or _CELLS.fullmatch(name))


def _with_one_hot(at: tuple[int, ...], rows: Rows, options: Options) -> Columns | None:
    classes, target = options.known.count, options.target
    for before in (0, 1):
        picture = shapes.of_row(len(at) - classes - before, target)
        if picture is None or (before and not _counts(rows[:, 0], options.known)):
            continue
        notes = (_COUNTS,) * before
        if _mostly(one_hot(rows[:, -classes:])):
            where = f"the last {classes} columns"
            return Columns(picture, at[before:-classes], at[-classes:], where, notes)
        end = before + classes
        if _mostly(one_hot(rows[:, before:end])):
            where = f"the first {classes} columns"
            return Columns(picture, at[end:], at[before:end], where, notes)
    return None


_COUNTS = "Left out the first column, which counts the lines."


def _mostly(lines: NDArray[np.bool_]) -> bool:
    """Whether it holds of most lines: a wrong one must not decide."""
    return 2 * int(lines.sum()) > len(lines)


def one_hot(rows: NDArray[np.floating]) -> NDArray[np.bool_]:
    """Which rows (n, classes) hold a single 1 and else 0."""
    found: NDArray[np.bool_] = (rows == 1).sum(axis=1) == 1
    found &= (rows == 0).sum(axis=1) == rows.shape[1] - 1
    return found


def _counts(column: NDArray[np.float64], classes: Classes) -> bool:
    """Whether a column counts lines, one by one; as few as there are classes may be labels."""
    first = column[:FIRST]
    in_order = len(first) > 2 and bool((np.diff(first) == 1).all())
    return in_order and (len(first) == FIRST or (classes.of_numbers(first) == UNKNOWN).any())


def _is_last(ends: NDArray[np.float64], classes: Classes) -> bool:
    """Whether the second of two columns (n, 2) is the label, not the first as in Kaggle's layout.

    Both may hold nothing but classes, since a picture's corners do: 0 for the most part.
    """
    are_classes = np.array([(classes.of_numbers(each) != UNKNOWN).all() for each in ends.T])
    are_blank = (ends == 0).all(axis=0)
    first, last = are_classes & ~(are_blank & ~are_blank[::-1])
    return bool(last and not first)


def _called(name: str, at: int) -> str:
    return f"the column {shown(name)}" if name else f"column {at + 1}, which has no name"
