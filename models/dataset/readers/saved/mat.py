"""MATLAB's files up to version 7, which have no HDF5 in them: arrays, also within structs."""

from __future__ import annotations

import io
from collections.abc import Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

from models.dataset.collector import Collector, Labels
from models.dataset.readers import arrays, libraries, shapes, unread
from models.dataset.readers.parts import Parts
from models.dataset.readers.saved import names
from models.dataset.readers.tables import alone
from models.errors import InputError

_MAGIC = b"MATLAB 5.0 MAT-file"
_HDF5 = b"MATLAB 7.3 MAT-file"
_DEEPEST = 4  # structs within each other
_TEN = 10  # stands for 0, where indices begin with 1


def looks_like_one(head: bytes) -> bool:
    """Whether these first bytes begin a MATLAB file of any version but 4, which has no mark."""
    return head.startswith((_MAGIC, _HDF5))


def read(name: str, content: bytes, collector: Collector) -> None:
    """Add the images of a MATLAB file with their labels. Raises InputError."""
    if content.startswith(_HDF5):
        raise InputError(unread.MATLAB_7_3)
    with libraries.with_room():
        import scipy.io
    try:
        saved = scipy.io.loadmat(io.BytesIO(content), struct_as_record=False)
    except MemoryError:
        raise
    except Exception as error:  # SciPy fed with any bytes raises any error
        raise InputError(f"This .mat is damaged ({error}). Save it again.") from error
    found = dict(_arrays(saved.items()))
    options = collector.options
    chosen = names.choose(_shapes(found), options.split, options.known)
    if chosen is None:
        raise InputError(
            f"It holds {', '.join(sorted(found)[:8]) or 'no arrays'}. Expected arrays of images "
            "and labels, such as X and y."
        )
    if chosen.note:
        collector.note(name, chosen.note)
    values, count = found[chosen.images], None
    given = found[chosen.labels].reshape(-1) if chosen.labels else None
    if given is not None and options.known.are_digits:
        given = _zero_for_ten(name, given, collector)
        count = len(given)
    values = _pictures_first(values, count)
    if given is None:
        alone.read(name, values, collector)
        return
    pictures = shapes.of(values.shape, options.target)
    labels: Labels | None = arrays.labels_for(
        pictures.count, lambda: given, collector, f"{name}: {chosen.labels}"
    )
    arrays.add(collector, name, Parts.of(values, pictures), labels)


def _arrays(items: Any, depth: int = 0) -> Iterator[tuple[str, NDArray[Any]]]:
    """The arrays of numbers by their names, ``struct.field`` for those in structs."""
    for name, value in items:
        if name.startswith("__") or not isinstance(value, np.ndarray):
            continue
        if value.dtype.kind in "biuf" and value.size:
            yield name, value
        elif value.dtype == object and value.size == 1 and depth < _DEEPEST:
            inner = value.reshape(-1)[0]
            fields = getattr(inner, "_fieldnames", None)
            if isinstance(fields, list):
                inside = [(f"{name}.{each}", getattr(inner, each)) for each in fields]
                yield from _arrays(inside, depth + 1)


def _shapes(found: dict[str, NDArray[Any]]) -> dict[str, tuple[int, ...]]:
    """Shapes as if pictures went first, as those of labels tell: (784, n) beside n labels, too."""
    rows = {max(value.shape) for value in found.values() if 1 in value.shape}
    return {
        name: (value.shape[-1], *value.shape[:-1])
        if value.ndim > 1 and value.shape[-1] in rows and value.shape[0] not in rows
        else value.shape
        for name, value in found.items()
    }


def _pictures_first(values: NDArray[Any], count: int | None) -> NDArray[Any]:
    """Pictures that go last, as in MATLAB they may, first."""
    last = values.shape[-1] == count != values.shape[0]
    if count is None:
        last = values.ndim > 2 and values.shape[0] == values.shape[1] != values.shape[2]
        last = last and values.shape[-1] not in (1, 3, 4)
    return np.moveaxis(values, -1, 0) if last else values


def _zero_for_ten(name: str, given: NDArray[Any], collector: Collector) -> NDArray[Any]:
    """Digits from 1 to 10 as digits from 0 to 9, which is said."""
    if given.max() != _TEN or given.min() < 1:
        return given
    collector.note(name, "Its labels go from 1 to 10: 10 was taken for 0, as in MATLAB.")
    return np.where(given == _TEN, 0, given)
