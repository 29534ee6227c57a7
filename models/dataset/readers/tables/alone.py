"""An array that comes alone: pictures, their labels, or a table of both."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from models.dataset.classes import UNKNOWN
from models.dataset.collector import Collector
from models.dataset.readers import arrays, pairs, shapes
from models.dataset.readers.parts import Parts
from models.dataset.readers.tables import columns
from models.dataset.readers.tables.columns import Columns

_LOOKED_AT = 200  # rows


def read(name: str, values: NDArray[Any], collector: Collector) -> None:
    """Add the pictures of an array to the dataset, or keep labels until theirs come. Raises
    InputError.
    """
    if are_labels(name, values, collector):
        collector.keep_labels(name, arrays.as_labels(_column(values), collector, name))
    elif (found := table(values, collector)) is not None:
        read_table(name, values, found, collector)
    else:
        pictures = shapes.of(values.shape, collector.options.target)
        arrays.add_unlabelled(collector, name, Parts.of(values, pictures))


def are_labels(name: str, values: NDArray[Any], collector: Collector) -> bool:
    """Whether an array's shape, its name and its values are those of labels."""
    classes = collector.options.known
    column = _column(values)
    if column.ndim == 2:
        return column.shape[1] == classes.count and bool(columns.one_hot(column).all())
    if column.ndim != 1:
        return False
    if column.dtype.kind in "US" or pairs.are_labels(name) or not shapes.side_of(len(column)):
        return True
    return not pairs.are_images(name) and bool((classes.of_numbers(column) != UNKNOWN).all())


def table(values: NDArray[Any], collector: Collector) -> Columns | None:
    """The columns of an array (n, columns) of pictures and their labels; None for any other."""
    options = collector.options
    if values.ndim != 2 or values.dtype.kind not in "biuf":
        return None
    width = values.shape[1]
    if shapes.of_row(width, options.target) or not columns.may_be(None, width, options):
        return None
    step = max(1, len(values) // _LOOKED_AT)
    first, others = values[: columns.FIRST], values[columns.FIRST :: step]
    return columns.find(None, np.concatenate([first, others]).astype(np.float64), options)


def read_table(name: str, values: NDArray[Any], found: Columns, collector: Collector) -> None:
    """Add the pictures of a table that has these columns, with their labels."""
    for note in found.notes:
        collector.note(name, note)
    pixels = values[:, found.pixels[0] : found.pixels[-1] + 1]  # a view: they lie side by side
    pictures = shapes.Pictures(len(values), found.picture)
    labels = None
    if found.label:
        given = found.labels(values.astype(np.float32, copy=False))
        labels = arrays.as_labels(given, collector, name)
    arrays.add(collector, name, Parts.of(pixels, pictures), labels, labels_from=found.labels_from)


def _column(values: NDArray[Any]) -> NDArray[Any]:
    """(n, 1) and (1, n) as (n,)."""
    return values.reshape(-1) if values.ndim == 2 and 1 in values.shape else values
