"""A table that labels pictures beside it, by their names: ``labels.csv`` with a file and a class a
line.
"""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Iterator
from pathlib import PurePosixPath

import numpy as np

from models.dataset.classes import UNKNOWN
from models.dataset.collector import Collector
from models.dataset.limits import MIB, size
from models.dataset.names import shown
from models.dataset.readers import csv_lines
from models.dataset.readers.arrays import said
from models.digit.picture_file import SUFFIXES
from models.errors import InputError

_FILES = ("file", "filename", "file_name", "image", "image_name", "picture", "path", "id")
_LABELS = ("label", "class", "category", "class_name", "target", "species", "breed", "digit", "y")
_MOST = 8 * MIB  # of a table: all of its text goes from one process to another
_WIDEST = 50  # columns: a line of pixels has more
_LONGEST_LINE = 4_000  # characters
_LONGEST = 100  # characters of a label


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
    delimiter, file, label, has_header = columns
    rows = _rows(content, delimiter)
    if has_header:
        next(rows)
    table = {
        shown(row[file]): row[label][:_LONGEST]
        for row in rows
        if len(row) > max(file, label) and row[file] and row[label]
    }
    if not table:
        raise InputError("It has a header and no labels. Expected a file and its class a line.")
    collector.keep_table(name, table)


def pair(collector: Collector) -> None:
    """Give pictures the labels that tables beside them have for their names, with their folders or
    without. A table goes before a picture's own name.
    """
    for name, table in collector.part.tables:
        labels = _Labels(PurePosixPath(shown(name)).parent, table)
        places, texts = list[tuple[int, int]](), list[str]()
        for block, digits in enumerate(collector.part.digits):
            for at in np.flatnonzero(digits.named).tolist():
                if (text := labels.of(PurePosixPath(digits.names[at]))) is not None:
                    places.append((block, at))
                    texts.append(text)
        if not texts:
            collector.skip(
                name,
                f"Its {len(table):,} labels belong to no picture that was read. Expected names of "
                "pictures beside it, with or without their folders.",
            )
            continue
        classes = said(collector.options.known.of_texts(texts), texts, collector, name)
        for (block, at), found in zip(places, classes, strict=True):
            digits = collector.part.digits[block]
            digits.labels[at], digits.named[at] = found, False
        source = PurePosixPath(shown(name)).name
        collector.part.sources[source] += int((classes != UNKNOWN).sum())


class _Labels:
    """A table's labels, by whole paths, by names without a suffix and by names alone."""

    def __init__(self, folder: PurePosixPath, table: dict[str, str]) -> None:
        self._folder = folder
        self._whole = {PurePosixPath(file.replace("\\", "/")): text for file, text in table.items()}
        # The same name in two folders is nobody's.
        names = Counter(path.name for path in self._whole)
        self._names = {
            path.name: text for path, text in self._whole.items() if names[path.name] < 2
        }

    def of(self, path: PurePosixPath) -> str | None:
        if not path.name:
            return None
        inner = path.relative_to(self._folder) if path.is_relative_to(self._folder) else path
        for each in (inner, inner.with_suffix("")):
            if (text := self._whole.get(each, self._names.get(each.name))) is not None:
                return text
        return None


def _columns(content: bytes) -> tuple[str, int, int, bool] | None:
    """The delimiter, the column of files, that of labels, and whether a header names them."""
    number, line = next(csv_lines.of(content), (0, ""))
    if not number or len(line) > _LONGEST_LINE:
        return None
    delimiter = max(",;\t", key=line.count)
    first = next(csv.reader([line], delimiter=delimiter), [])
    cells = [cell.strip().lower() for cell in first]
    if not 2 <= len(cells) <= _WIDEST:
        return None
    file = next((at for at, cell in enumerate(cells) if cell in _FILES), None)
    label = next((at for at, cell in enumerate(cells) if cell in _LABELS), None)
    if file is not None and label is not None:
        return delimiter, file, label, True
    suffix = PurePosixPath(cells[0]).suffix
    return (delimiter, 0, 1, False) if len(cells) == 2 and suffix in SUFFIXES else None


def _rows(content: bytes, delimiter: str) -> Iterator[list[str]]:
    lines = (line for _, line in csv_lines.of(content) if len(line) <= _LONGEST_LINE)
    try:
        for row in csv.reader(lines, delimiter=delimiter):
            yield [cell.strip() for cell in row]
    except csv.Error as error:  # a quote that nothing closes
        raise InputError(f"Its text is no table ({error}). Save it again.") from error
