"""Sparse tables, as LIBSVM has them: a label, and the pixels that are not 0 with their places,
``7 203:0.33 204:1``.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from models.dataset.collector import Collector
from models.dataset.readers import arrays, csv_lines
from models.dataset.readers.csv_lines import LONGEST
from models.dataset.readers.parts import Parts, at_a_time
from models.errors import InputError
from models.formats.model_input import Input

_FIRST = re.compile(rb"\s*[+-]?\d+(\.\d+)?(\s+qid:\d+)?\s+\d+:[-+.\deE]+(\s|$)")
_LEAST = 49  # pixels of a picture
_SIDES = (8, 16, 28, 32, 64)  # of pictures that people have: the last pixels may all be 0
_MOST_WRONG = 1_000  # lines

Row = tuple[NDArray[np.intp], NDArray[np.float32]]
"""Places and values of a line's pixels."""


def looks_like_one(head: bytes) -> bool:
    """Whether the first line that is no comment has a label and pairs of a place and a value."""
    lines = (line for line in head.split(b"\n") if line.strip() and not line.startswith(b"#"))
    return bool(_FIRST.match(next(lines, b"")))


def read(name: str, content: bytes, collector: Collector) -> None:
    """Add the pictures of a sparse table with their labels. Raises InputError."""
    labels, rows = list[float](), list[Row]()
    room, wrong = collector.room, list[int]()
    for number, line in csv_lines.of(content):
        text = line.partition("#")[0].split()
        if not text:
            continue
        if len(rows) > room or len(wrong) == _MOST_WRONG:
            break
        try:
            label, row = _parse(text, len(line))
        except (ValueError, OverflowError):
            wrong.append(number)
            continue
        collector.seen += 1
        labels.append(label)
        rows.append(row)
    if wrong:
        collector.skip(name, f"{len(wrong):,} of its lines were left out, line {wrong[0]} first.")
    most = max((int(at[-1]) for at, _ in rows if at.size), default=0)
    first = min((int(at[0]) for at, _ in rows if at.size), default=1)
    start = min(first, 1)
    picture = _picture(most - start + 1, collector.options.target)
    sides = "×".join(map(str, picture))
    collector.note(name, f"Its numbers of pixels were taken for {sides}, counted from {start}.")
    known = arrays.labels_for(len(rows), lambda: np.array(labels), collector, name)
    arrays.add(collector, name, Parts(len(rows), picture, _dense(rows, picture, start)), known)


def _parse(text: Sequence[str], length: int) -> tuple[float, Row]:
    """A line's label and pixels. Raises ValueError or OverflowError."""
    pairs = [each.split(":") for each in text[1:] if not each.startswith("qid:")]
    if length > LONGEST or any(len(each) != 2 for each in pairs):
        raise ValueError
    at = np.array([int(place) for place, _ in pairs], np.intp)
    values = np.array([float(value) for _, value in pairs], np.float32)
    if (at < 0).any() or (np.diff(at) <= 0).any():
        raise ValueError
    return float(text[0]), (at, values)


def _picture(most: int, target: Input) -> tuple[int, ...]:
    """The picture that pixels up to this number lie in. Raises InputError."""
    if target.is_digit:
        side = next((side for side in _SIDES if side * side >= most >= _LEAST), 0)
        if side:
            return side, side
    elif _LEAST <= most <= math.prod(target.picture):
        return target.picture
    raise InputError(f"Its lines have {most:,} values, which are no picture that can be read.")


def _dense(rows: Sequence[Row], picture: tuple[int, ...], start: int) -> Any:
    step = at_a_time(picture)

    def read() -> Iterator[NDArray[Any]]:
        for begin in range(0, len(rows), step):
            some = rows[begin : begin + step]
            whole = np.zeros((len(some), math.prod(picture)), np.float32)
            for row, (at, values) in zip(whole, some, strict=True):
                row[at - start] = values
            yield whole.reshape(-1, *picture)

    return read
