"""CSV in Kaggle's layout: ``label,pixel0,…,pixel783``, with or without the header and the label.

Square pictures of other sides are framed. Without a header the label may come last.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from models.dataset import value_range
from models.dataset.collector import Collector
from models.dataset.limits import MIB
from models.dataset.readers import arrays, csv_lines
from models.dataset.readers.csv_lines import LONGEST, Line
from models.dataset.readers.parts import Parts
from models.dataset.readers.tables import csv_columns, one_column, whole
from models.dataset.readers.tables.csv_columns import Layout
from models.errors import InputError

_KEPT = 96 * MIB  # of pixels; when a table has more, it is read again once its scale is known
_PREAMBLE = MIB
_LINES_SHOWN = 3
_MOST_WRONG = 1_000  # lines: with more it is no such table, and reading on takes minutes
_EMPTY = "It has a header and no lines. Expected one image a line."


@dataclass
class _Wrong:
    """The lines that are left out: all of them counted, the first few described."""

    count: int = 0
    described: list[str] = field(default_factory=list)
    rest_unread: bool = False

    @property
    def too_many(self) -> bool:
        return self.count >= _MOST_WRONG

    def line(self, number: int, why: str) -> None:
        self.count += 1
        if len(self.described) < _LINES_SHOWN:
            self.described.append(f"line {number} {why}")

    def __str__(self) -> str:
        more = (
            f"; and {self.count - len(self.described):,} more"
            if self.count > len(self.described)
            else ""
        )
        lines = "1 line was" if self.count == 1 else f"{self.count:,} lines were"
        rest = " Lines after them were not read." if self.rest_unread else ""
        return f"{lines} left out: {'; '.join(self.described)}{more}.{rest}"


def read(name: str, content: bytes, collector: Collector) -> None:
    """Add a CSV's rows to the dataset; lines that cannot be read are left out and reported.

    Raises InputError when no line can be read, and as ``value_range.of`` does.
    """
    content = _without_preamble(content)
    some = [line for _, line in csv_lines.some(csv_lines.of(content))]
    if one_column.is_one(some):
        one_column.read(name, content, collector)
        return
    if whole.is_one(some, collector.options):
        whole.read(name, content, collector)
        return
    layout = csv_columns.layout(some, collector.options)
    chosen = layout.chosen
    classes = collector.options.known
    wrong, room = _Wrong(), collector.room
    kept: list[NDArray[Any]] | None = []
    labels: list[NDArray[np.float32]] = []
    count, seen = 0, value_range.Range()
    for rows in _tables(content, layout, wrong, room):
        collector.seen += len(rows)
        count += len(rows)
        collector.report(name, count)
        if chosen.label:
            labels.append(chosen.labels(rows))
        pixels = _compact(rows[:, chosen.pixels])
        seen.add(pixels)
        if kept is not None:
            kept.append(pixels)
            if sum(each.nbytes for each in kept) > _KEPT:
                kept = None
    if not count:
        raise InputError(f"No line of it can be read: {wrong}" if wrong.count else _EMPTY)
    if wrong.count:
        collector.skip(name, str(wrong))
    if count > room:
        collector.skip(
            name,
            f"The set is full: the lines after its first {room:,} images were left out. "
            f"{collector.holds}",
        )
    if not room:
        return
    for note in chosen.notes:
        collector.note(name, note)

    def parts() -> Iterator[NDArray[Any]]:
        again = (rows[:, chosen.pixels] for rows in _tables(content, layout, _Wrong(), room))
        for part in again if kept is None else kept:
            yield part.reshape(-1, *chosen.picture)

    known = None
    if chosen.label:
        given = np.concatenate(labels)[:room]
        known = arrays.said(classes.of_numbers(given), given, collector, name)
    pictures = Parts(min(count, room), chosen.picture, parts, seen)
    if known is None:
        arrays.add_unlabelled(collector, name, pictures)
    else:
        arrays.add(collector, name, pictures, known, labels_from=chosen.labels_from)


def _without_preamble(content: bytes) -> bytes:
    """The lines of a table; in Weka's ARFF they come after a line ``@data``."""
    head = content[:_PREAMBLE].lstrip().lower()
    if not head.startswith((b"@relation", b"%")) or b"@relation" not in head:
        return content
    end = content.find(b"\n", content[:_PREAMBLE].lower().find(b"\n@data") + 1)
    return content[end + 1 :]


def _tables(
    content: bytes, layout: Layout, wrong: _Wrong, room: int
) -> Iterator[NDArray[np.float32]]:
    """The good lines as (n, used columns), part by part, until there are more than ``room``."""
    lines = csv_lines.of(content)
    if layout.has_header:
        next(line for _, line in lines if line.strip())
    count = 0
    while count <= room and (chunk := csv_lines.some(lines)):
        rows = _rows(chunk, layout, wrong)
        count += len(rows)
        yield rows
        if wrong.too_many or not any(line.strip() for _, line in chunk):
            wrong.rest_unread = next(lines, None) is not None
            return


def _rows(chunk: Sequence[Line], layout: Layout, wrong: _Wrong) -> NDArray[np.float32]:
    """The good lines of a chunk as (n, used columns); all at once, and one by one if that fails."""
    texts = [layout.plain(line) for _, line in chunk if len(line) <= LONGEST and line.strip()]
    try:
        if layout.whole or all(len(layout.cells(text)) == layout.columns for text in texts):
            rows = np.loadtxt(
                texts,
                np.float32,
                delimiter=layout.delimiter,
                ndmin=2,
                comments=None,
                usecols=None if layout.whole else layout.used,
            )
            if rows.shape == (len(chunk), len(layout.used)) and not _faults(rows, layout).any():
                return rows
    except ValueError:
        pass
    good = list(_one_by_one(chunk, layout, wrong))
    return np.array(good, np.float32).reshape(-1, len(layout.used))


def _faults(rows: NDArray[np.float32], layout: Layout) -> NDArray[np.bool_]:
    """Which rows have a value out of range."""
    good = value_range.lies_on(rows[:, layout.chosen.pixels], layout.scale)
    bad = np.logical_not(np.all(good, axis=1))
    if layout.chosen.label and layout.digits:
        bad |= ~np.isin(layout.chosen.labels(rows), np.arange(10))
    return np.asarray(bad, np.bool_)


def _one_by_one(
    chunk: Sequence[Line], layout: Layout, wrong: _Wrong
) -> Iterator[NDArray[np.float32]]:
    for number, line in chunk:
        if wrong.too_many:
            return
        if not line.strip():
            continue
        why = _why_no_text(line, layout)
        if not why:
            row = np.array(_used(layout.cells(line), layout), np.float32)
            if not _faults(row[None], layout).any():
                yield row
                continue
            why = _why_no_row(row, layout)
        wrong.line(number, why)


def _why_no_text(line: str, layout: Layout) -> str | None:
    """Why a line's text is not a row of numbers; None if it is."""
    if len(line) > LONGEST:
        return f"is longer than {LONGEST:,} characters"
    cells = layout.cells(line)
    if len(cells) != layout.columns:
        return f"has {len(cells):,} columns in place of {layout.columns}"
    cells = _used(cells, layout)
    if letters := next((cell for cell in cells if cell and not csv_columns.is_number(cell)), None):
        return f"has {letters[:20]!r} where a number belongs"
    return "has an empty column" if "" in cells else None


def _used(cells: Sequence[str], layout: Layout) -> list[str]:
    return [cells[at] for at in layout.used]


def _why_no_row(row: NDArray[np.float32], layout: Layout) -> str:
    """Which value of a line is out of range."""
    if layout.chosen.label and layout.digits:
        label = float(layout.chosen.labels(row[None])[0])
        if np.isnan(label):
            return f"has no single 1 in its {len(layout.chosen.label)} columns of classes"
        if label not in range(10):
            return f"has the label {label:g}, expected 0 to 9"
    pixels = row[layout.chosen.pixels,]
    out = pixels[~value_range.lies_on(pixels, layout.scale)][0]
    black, white = layout.scale
    return f"has the value {out:g}, expected {black} to {white}"


def _compact(pixels: NDArray[np.float32]) -> NDArray[Any]:
    """The pixels as uint8, a quarter of the memory, where all are whole numbers."""
    with np.errstate(invalid="ignore"):  # values below 0 differ in the next line
        small = pixels.astype(np.uint8)
    return small if (small == pixels).all() else pixels
