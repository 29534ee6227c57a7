"""CSV in Kaggle's layout: ``label,pixel0,…,pixel783``, with or without the header and the label.

Square pictures of other sides are framed. Without a header the label may come last.
"""

from __future__ import annotations

import io
import itertools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from models.dataset import arrays, columns
from models.dataset.columns import Layout
from models.dataset.items import UNKNOWN, Collector
from models.errors import InputError

_CHUNK = 2_000
_LONGEST = 64_000  # characters: 785 numbers need a tenth of it
_LINES_SHOWN = 3
_MOST_WRONG = 1_000  # lines: with more the file is no such table, and looking on takes minutes


@dataclass
class _Wrong:
    """What was wrong with some lines: the first few in words, all of them counted."""

    count: int = 0
    shown: list[str] = field(default_factory=list)
    rest_unread: bool = False

    @property
    def too_many(self) -> bool:
        return self.count >= _MOST_WRONG

    def line(self, number: int, why: str) -> None:
        self.count += 1
        if len(self.shown) < _LINES_SHOWN:
            self.shown.append(f"line {number} {why}")

    def __str__(self) -> str:
        more = (
            f"; and {self.count - len(self.shown):,} more" if self.count > len(self.shown) else ""
        )
        lines = "1 line was" if self.count == 1 else f"{self.count:,} lines were"
        rest = " Lines after them were not read." if self.rest_unread else ""
        return f"{lines} left out: {'; '.join(self.shown)}{more}.{rest}"


def read(name: str, content: bytes, collector: Collector) -> None:
    """Put a CSV's rows into the set; lines that cannot be read are left out and said.

    Raises InputError when no line can be read. Values are on a scale of ``arrays.to_bytes``.
    """
    text = io.TextIOWrapper(io.BytesIO(content), "utf-8-sig", "replace")
    head = [line[:_LONGEST] for line in itertools.islice(text, _CHUNK)]
    layout = columns.layout(head)
    lines = enumerate(itertools.chain(head, text), 1)
    if layout.has_header:
        next(lines)
    wrong = _Wrong()
    pixels, labels = [], []
    room, stop = collector.limits.images - collector.count, False
    while not stop and (chunk := list(itertools.islice(lines, _CHUNK))):
        rows = _rows(chunk, layout, wrong)
        if wrong.too_many or not any(line.strip() for _, line in chunk):
            wrong.rest_unread = next(lines, None) is not None
            stop = True
        found = np.full(len(rows), UNKNOWN) if layout.label is None else rows[:, layout.label]
        labels.append(found.astype(np.int8))
        pixels.append(_compact(rows[:, layout.pixels]))
        stop = stop or sum(map(len, labels)) > room
    total = sum(map(len, labels))
    if not total:
        raise InputError(f"No line of it can be read: {wrong}" if wrong.count else _EMPTY)
    if wrong.count:
        collector.skip(name, str(wrong))
    if total > room:
        collector.skip(
            name,
            f"The set is full: the lines after its first {room:,} images were left out. "
            f"A set holds at most {collector.limits.images:,}.",
        )
    whole = _whole(pixels)[:room]
    known = None if layout.label is None else np.concatenate(labels)[:room]
    arrays.add(collector, name, whole.reshape(-1, layout.side, layout.side), known)


_EMPTY = "It has a header and no lines. Expected one image a line."


def _rows(chunk: Sequence[tuple[int, str]], layout: Layout, wrong: _Wrong) -> NDArray[np.float32]:
    """The good lines of a chunk as (n, columns); all at once, and one by one when that fails."""
    texts = [line for _, line in chunk if len(line) <= _LONGEST and line.strip()]
    try:
        rows = np.loadtxt(texts, np.float32, delimiter=layout.delimiter, ndmin=2, comments=None)
        if rows.shape == (len(chunk), layout.columns) and not _faults(rows, layout).any():
            return rows
    except ValueError:
        pass
    good = list(_one_by_one(chunk, layout, wrong))
    return np.array(good, np.float32).reshape(-1, layout.columns)


def _faults(rows: NDArray[np.float32], layout: Layout) -> NDArray[np.bool_]:
    """Which rows have a value out of range."""
    pixels = rows[:, layout.pixels]
    bad: NDArray[np.bool_] = ~((pixels >= layout.black) & (pixels <= layout.white)).all(axis=1)
    if layout.label is not None:
        bad |= ~np.isin(rows[:, layout.label], np.arange(10))
    return bad


def _one_by_one(
    chunk: Sequence[tuple[int, str]], layout: Layout, wrong: _Wrong
) -> Iterator[list[float]]:
    for number, line in chunk:
        if wrong.too_many:
            return
        if not line.strip():
            continue
        cells = layout.cells(line[:_LONGEST])
        if len(cells) != layout.columns:
            wrong.line(number, f"has {len(cells):,} columns in place of {layout.columns}")
        elif letters := next((cell for cell in cells if not columns.is_number(cell)), None):
            wrong.line(number, f"has {letters[:20]!r} where a number belongs")
        elif "" in cells:
            wrong.line(number, "has an empty column")
        else:
            values = [float(cell) for cell in cells]
            if not _faults(np.array([values], np.float32), layout).any():
                yield values
                continue
            label = None if layout.label is None else values[layout.label]
            if label is not None and label not in range(10):
                wrong.line(number, f"has the label {label:g}, expected 0 to 9")
            else:
                pixels = np.delete(values, [] if layout.label is None else layout.label)
                out = next(each for each in pixels if not layout.black <= each <= layout.white)
                expected = f"{layout.black} to {layout.white}"
                wrong.line(number, f"has the value {out:g}, expected {expected}")


def _compact(pixels: NDArray[np.float32]) -> NDArray[Any]:
    """As bytes where they are whole numbers, a quarter of the memory."""
    small = pixels.astype(np.uint8)
    return small if (small == pixels).all() else pixels


def _whole(parts: Sequence[NDArray[Any]]) -> NDArray[np.uint8]:
    """All chunks on one scale. A blank chunk of whole numbers may be part of a set from 0 to 1."""
    kinds = {part.dtype.kind for part in parts if part.size}
    if kinds == {"u"}:
        return np.concatenate(parts)
    return arrays.to_bytes(np.concatenate([part.astype(np.float32) for part in parts]))
