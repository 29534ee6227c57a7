"""A table that is a picture, a row of it a line: 28 lines of 28 values. Several may follow each
other.
"""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from models.dataset import value_range
from models.dataset.collector import Collector
from models.dataset.dataset import Options
from models.dataset.limits import MIB, size
from models.dataset.readers import arrays, csv_lines
from models.dataset.readers.parts import Parts
from models.dataset.readers.shapes import Pictures
from models.dataset.readers.tables import columns, csv_columns
from models.errors import InputError

_SMALLEST = 7  # rows
_MOST = 64 * MIB  # of a table: all of its lines are read at once


def is_one(lines: Sequence[str], options: Options) -> bool:
    """Whether a table that begins with these lines has a row of a picture in each: as many columns
    as the picture that a model takes, or as it has lines itself.
    """
    written = [line for line in lines if line.strip()]
    if not written or len(written[0]) > csv_lines.LONGEST:
        return False
    if len(csv_columns.first_cells(written)) > max(len(written), options.target.size[1]) + 1:
        return False  # a look at the names of many columns takes time
    header, width = _header(written)
    count = len(written) - header
    if width < _SMALLEST or columns.may_be(None, width, options):
        return False
    if not all(map(csv_columns.is_number, _cells(written[-1], written[-1]))):
        return False
    return width == options.target.size[1] or count == width


def read(name: str, content: bytes, collector: Collector) -> None:
    """Add the picture of such a table, or its pictures. Raises InputError."""
    if len(content) > _MOST:
        raise InputError(
            f"With a row of a picture in each line it may have at most {size(_MOST)}, and has "
            f"{size(len(content))}. Write a picture in each line: x.reshape(len(x), -1)."
        )
    written = [line for _, line in csv_lines.of(content) if line.strip()]
    header, width = _header(written)
    lines = written[header:]
    height = collector.options.target.size[0] if width != len(lines) else width
    collector.seen += min(len(lines) // height, collector.room)
    rows = _numbers(lines, written[0])[:, -width:]
    if len(rows) % height:
        raise InputError(
            f"Its {len(rows):,} lines of {width} values are no pictures of {height} lines each. "
            "Write a picture in each line: x.reshape(len(x), -1)."
        )
    pictures = Pictures(len(rows) // height, (height, width))
    if pictures.count > 1:
        collector.note(name, f"Each {height} of its lines were taken for a picture's rows.")
    seen = value_range.Range()
    seen.add(rows)
    given = replace(Parts.of(rows, pictures), seen=seen)
    arrays.add_unlabelled(collector, name, given)


def _header(written: Sequence[str]) -> tuple[int, int]:
    """How many lines are a header, and how many columns hold pixels: an index has no name."""
    first = csv_columns.first_cells(written)
    has_header = len(written) > 1 and csv_columns.is_header(first)
    return int(has_header), len(first) - (has_header and not first[0])


def _cells(line: str, first: str) -> list[str]:
    return csv_columns.cells(line, csv_columns.delimiter_of(first))


def _numbers(lines: Sequence[str], first: str) -> NDArray[Any]:
    delimiter = csv_columns.delimiter_of(first)
    texts = [csv_columns.plain(line, delimiter) for line in lines]
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of no lines
            rows = np.loadtxt(texts, np.float32, delimiter=delimiter, ndmin=2, comments=None)
    except ValueError as error:
        raise InputError(f"Its lines are no rows of a picture ({error}).") from error
    return rows
