"""A table that labels pictures beside it, by their names: ``labels.csv`` with a file and its class
a line, or a column of 0 and 1 for each class.
"""

from __future__ import annotations

import csv
import itertools
import re
from collections.abc import Iterator, Sequence
from pathlib import PurePosixPath
from typing import NamedTuple

from models.dataset.collector import Collector
from models.dataset.limits import MIB, size
from models.dataset.names import shown
from models.dataset.readers import csv_lines
from models.dataset.readers.label_list import FILES, LABELS, LONGEST
from models.digit.picture_file import SUFFIXES
from models.errors import InputError

_MOST = 8 * MIB  # of a table: all of its text goes from one process to another
_WIDEST = 50  # columns: a line of pixels has more
_LONGEST_LINE = 4_000  # characters
_PREFIX = re.compile(r"(?:label|class|digit|target|is|y)?[ _=-]?(.+)", re.IGNORECASE)
_HOT, _COLD = ("1", "1.0", "true"), ("0", "0.0", "false", "")


def looks_like_one(content: bytes) -> bool:
    """Whether the first line names a column of files and one of labels, or is a picture's name and
    one more.
    """
    return _columns(content) is not None


def read(name: str, content: bytes, collector: Collector) -> None:
    """Keep a table's labels until all pictures have come. Raises InputError."""
    if len(content) > _MOST:
        raise InputError(
            f"As a table of labels it may have at most {size(_MOST)}, and has "
            f"{size(len(content))}. Divide it."
        )
    columns = _columns(content)
    assert columns is not None
    rows = _rows(content, columns.delimiter)
    if columns.has_header:
        next(rows)
    table = {
        shown(row[columns.file]): label[:LONGEST]
        for row in rows
        if len(row) > columns.last and row[columns.file] and (label := columns.label(row))
    }
    if not table:
        raise InputError("It has a header and no labels. Expected a file and its class a line.")
    collector.keep_table(name, table)


class _Columns(NamedTuple):
    """The column of files, and those of labels: one, or one for each of the ``classes``."""

    delimiter: str
    file: int
    labels: tuple[int, ...]
    classes: tuple[str, ...]
    has_header: bool

    @property
    def last(self) -> int:
        """The last column that is needed."""
        return max(self.file, *self.labels)

    def label(self, row: Sequence[str]) -> str:
        """The label of a row; empty where it has none, or several."""
        if not self.classes:
            return row[self.labels[0]]
        hot = [name for at, name in zip(self.labels, self.classes, strict=True) if _is_hot(row[at])]
        return hot[0] if len(hot) == 1 else ""


def _is_hot(cell: str) -> bool:
    return cell.lower() in _HOT


def _columns(content: bytes) -> _Columns | None:
    """The columns of a table of labels; None for any other text."""
    some = [line for _, line in itertools.islice(csv_lines.of(content), 2)]
    if not some or max(map(len, some)) > _LONGEST_LINE:
        return None
    delimiter = max(",;\t", key=some[0].count)
    first, second = ([*_cells(line, delimiter)] for line in (*some, "")[:2])
    if not 2 <= len(first) <= _WIDEST:
        return None
    names = [re.sub(r"[ -]+", "_", cell.lower()) for cell in first]
    file = next((names.index(each) for each in FILES if each in names), None)
    label = next((names.index(each) for each in LABELS if each in names), None)
    if file is not None and label is None and len(names) == 2:
        label = 1 - file
    if file is not None and label is not None:
        return _Columns(delimiter, file, (label,), (), has_header=True)
    if file is not None and (hot := _one_hot(file, second, len(names))):
        classes = tuple(match[1] for at in hot if (match := _PREFIX.fullmatch(first[at])))
        return _Columns(delimiter, file, hot, classes, True) if len(classes) == len(hot) else None
    suffixes = [PurePosixPath(name).suffix in SUFFIXES for name in names]
    if len(names) == 2 and any(suffixes):
        at = suffixes.index(True)
        return _Columns(delimiter, at, (1 - at,), (), has_header=False)
    return None


def _one_hot(file: int, row: Sequence[str], count: int) -> tuple[int, ...]:
    """The columns beside that of files, where a row has one 1 in them and else 0."""
    if len(row) != count:
        return ()
    others = tuple(at for at in range(count) if at != file)
    values = [row[at].lower() for at in others]
    is_hot = sum(value in _HOT for value in values) == 1
    return others if is_hot and all(value in (*_HOT, *_COLD) for value in values) else ()


def _cells(line: str, delimiter: str) -> Iterator[str]:
    return (cell.strip() for cell in next(csv.reader([line], delimiter=delimiter), []))


def _rows(content: bytes, delimiter: str) -> Iterator[list[str]]:
    lines = (line for _, line in csv_lines.of(content) if len(line) <= _LONGEST_LINE)
    try:
        for row in csv.reader(lines, delimiter=delimiter):
            yield [cell.strip() for cell in row]
    except csv.Error as error:  # a quote that nothing closes
        raise InputError(f"Its text is no table ({error}). Save it again.") from error
