"""Pictures that are kept as numbers: a list of them in a cell, or a column for each pixel."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from models.dataset.collector import Collector
from models.dataset.readers import arrays, shapes
from models.dataset.readers.columnar import schema
from models.dataset.readers.columnar.schema import Chosen
from models.dataset.readers.parts import Parts
from models.dataset.readers.tables import columns
from models.errors import InputError

Batches = Callable[[], Iterator[Any]]


def read_lists(
    name: str, fields: Any, chosen: Chosen, batches: Batches, collector: Collector
) -> None:
    """Add the pictures of a column of lists, nested or not. Raises InputError."""
    rows, labels = list[NDArray[Any]](), list[NDArray[np.int32]]()
    for batch in _until_full(batches, collector):
        rows.append(_array(batch.column(chosen.pictures)))
        if chosen.label is not None:
            given = batch.column(chosen.label)
            found = schema.labels(given, fields, chosen.label, collector.options.known)
            labels.append(arrays.said(found, given.to_pylist(), collector, name))
    if not rows:
        raise InputError("It holds no lines.")
    if len({each.shape[1:] for each in rows}) > 1:
        raise InputError("Its pictures have different sides. Keep them as PNG in a column.")
    whole = np.concatenate(rows)
    given = Parts.of(whole, shapes.of(whole.shape, collector.options.target))
    arrays.add(collector, name, given, np.concatenate(labels) if labels else None)


def read_table(name: str, fields: Any, batches: Batches, collector: Collector) -> None:
    """Add the pictures of a table with a column for each pixel. Raises InputError."""
    names = [field.name.lower() for field in fields]
    options = collector.options
    if not columns.may_be(names, len(names), options):
        raise InputError(
            f"It has the columns {', '.join(names[:8])}{' …' if len(names) > 8 else ''}. Expected "
            "one of pictures, and one of labels, or a column for each pixel."
        )
    first = next(batches(), None)
    if first is None:
        raise InputError("It holds no lines.")
    found = columns.find(names, np.column_stack(list(map(_numbers, first.columns))), options)
    if found is None:
        raise InputError("Its columns are no pixels of a picture that can be read.")
    for note in found.notes:
        collector.note(name, note)
    pixels, labels = list[NDArray[Any]](), list[NDArray[np.floating[Any]]]()
    for batch in _until_full(batches, collector):
        pixels.append(np.column_stack([_numbers(batch.column(at)) for at in found.pixels]))
        pixels[-1] = _compact(pixels[-1])
        if found.label:
            block = np.column_stack([_numbers(batch.column(at)) for at in found.label])
            labels.append(columns.of_block(block))
    whole = np.concatenate(pixels)
    given = Parts.of(whole, shapes.Pictures(len(whole), found.picture))
    if not labels:
        arrays.add_unlabelled(collector, name, given)
        return
    known = arrays.labels_for(len(whole), lambda: np.concatenate(labels), collector, name)
    arrays.add(collector, name, given, known, labels_from=found.labels_from)


def _until_full(batches: Batches, collector: Collector) -> Iterator[Any]:
    """The batches, until they have more lines than there is room for."""
    count = 0
    for batch in batches():
        if batch.num_rows:
            yield batch
        count += batch.num_rows
        if count > collector.room:
            return


def _array(column: Any) -> NDArray[Any]:
    """Lists of lists of equal lengths → an array (n, …). Raises InputError for others."""
    from pyarrow import types

    column = getattr(column, "storage", column)
    sides = [len(column)]
    while not types.is_primitive(column.type):
        if column.null_count:
            raise InputError("Some of its cells are empty.")
        inner = column.flatten()
        side, rest = divmod(len(inner), max(len(column), 1))
        if rest or not _are_alike(column, side):
            raise InputError("Its pictures have different sides. Keep them as PNG in a column.")
        sides.append(side)
        column = inner
    return _compact(_numbers(column).reshape(sides))


def _are_alike(column: Any, side: int) -> bool:
    """Whether each of the lists has ``side`` entries."""
    if not hasattr(column, "offsets"):  # lists of a fixed size
        return True
    return all(end - start == side for start, end in pairwise(column.offsets.to_pylist()))


def _numbers(column: Any) -> NDArray[np.float64]:
    """A column's numbers (n,); NaN for what is none."""
    from pyarrow import types

    if not types.is_primitive(column.type) or types.is_temporal(column.type):
        return np.full(len(column), np.nan)
    return np.asarray(column.to_numpy(zero_copy_only=False), np.float64)


def _compact(values: NDArray[np.float64]) -> NDArray[Any]:
    """Whole numbers as bytes, an eighth of the memory; others in half of it."""
    with np.errstate(invalid="ignore"):
        small = values.astype(np.uint8)
    return small if np.array_equal(small, values) else values.astype(np.float32)
