"""``.npz`` and ``.npy``: Keras's MNIST layout, or one array of images and one of labels, in a file
or in two.

The images are taken out of the ZIP part by part.
"""

from __future__ import annotations

import io
import math
import zipfile
from collections.abc import Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

from models.dataset.collector import Collector
from models.dataset.limits import MIB, size
from models.dataset.readers import arrays, shapes
from models.dataset.readers.packed import archive
from models.dataset.readers.parts import Parts, at_a_time
from models.dataset.readers.saved import names
from models.dataset.readers.saved.npy import Header
from models.dataset.readers.tables import alone
from models.errors import InputError

_MOST_ARRAYS = 1_000
_UNREADABLE = (0, 0)
_SMALL = 16 * MIB  # an array that is unpacked once and kept; a larger one is unpacked twice
_LARGE = 128 * MIB  # of labels, and of an array in Fortran's order, which has no parts


def read(name: str, content: bytes, collector: Collector) -> None:
    """Add the images of an ``.npz`` to the dataset. Raises InputError."""
    try:
        archive.check_entries(content, _MOST_ARRAYS)
        with zipfile.ZipFile(io.BytesIO(content)) as saved:
            archive.check_layout(saved, len(content))
            _arrays(name, saved, collector)
    except (InputError, MemoryError):
        raise
    except Exception as error:  # zipfile fed with any bytes raises any error
        raise InputError(f"This .npz is damaged ({error}). Save it again.") from error


def read_npy(name: str, content: bytes, collector: Collector) -> None:
    """Add the images of an ``.npy`` to the dataset, or keep its labels. Raises InputError."""
    file = io.BytesIO(content)
    header = Header.of(file, name, len(content))
    alone.read(name, header.array(memoryview(content)[header.start :]), collector)


def _arrays(name: str, saved: zipfile.ZipFile, collector: Collector) -> None:
    members = {info.filename.removesuffix(".npy"): info for info in saved.infolist()}
    sides = {key: _shape(saved, info) for key, info in members.items()}
    if len(sides) == 1:
        ((key, shape),) = sides.items()
        if not _are_pictures(shape, collector):
            alone.read(name, _member(saved, members[key], collector), collector)
            return
    options = collector.options
    chosen = names.choose(sides, options.split, options.known)
    if chosen is None:
        raise InputError(
            f"It holds {', '.join(sorted(members)[:8]) or 'nothing'}. Expected arrays named x_test "
            "and y_test, x_train and y_train, or x and y."
        )
    if chosen.note:
        collector.note(name, chosen.note)
    if chosen.labels is None and not _are_pictures(sides[chosen.images], collector):
        values = _member(saved, members[chosen.images], collector)
        if (found := alone.table(values, collector)) is not None:
            alone.read_table(name, values, found, collector)
            return
    images = _pictures(saved, members[chosen.images], collector)
    if chosen.labels is None:
        arrays.add_unlabelled(collector, name, images)
        return
    info, what = members[chosen.labels], f"{name}: {chosen.labels}"
    labels = arrays.labels_for(
        images.count, lambda: _member(saved, info, collector), collector, what
    )
    arrays.add(collector, name, images, labels)


def _are_pictures(shape: tuple[int, ...], collector: Collector) -> bool:
    if len(shape) == 2 and shape != collector.options.target.size:
        return shapes.of_row(shape[1], collector.options.target) is not None
    return len(shape) > 1


def _shape(saved: zipfile.ZipFile, info: zipfile.ZipInfo) -> tuple[int, ...]:
    """An array's shape; ``_UNREADABLE`` where it has none, which is said once it is needed."""
    try:
        return _header(saved, info).shape
    except InputError:
        return _UNREADABLE


def _header(saved: zipfile.ZipFile, info: zipfile.ZipInfo) -> Header:
    if info.flag_bits & 1:
        raise InputError("It is encrypted. Save it without a password.")
    archive.check_packing(info)
    with saved.open(info) as file:
        return Header.of(file, info.filename, info.file_size)


def _pictures(saved: zipfile.ZipFile, info: zipfile.ZipInfo, collector: Collector) -> Parts:
    """The pictures of a member: in memory where they are few, else unpacked anew when read."""
    header = _header(saved, info)
    _count(info, collector)
    pictures = shapes.of(header.shape, collector.options.target)
    if header.fortran or header.length <= _SMALL:
        return Parts.of(_whole(saved, info), pictures)
    count, step = pictures.count, at_a_time(pictures.picture)
    size_of_one = math.prod(pictures.picture) * header.dtype.itemsize

    def read() -> Iterator[NDArray[Any]]:
        with saved.open(info) as file:
            file.read(header.start)
            for start in range(0, count, step):
                length = min(step, count - start) * size_of_one
                yield pictures.of(np.frombuffer(file.read(length), header.dtype))

    return Parts(count, pictures.picture, read)


def _member(
    saved: zipfile.ZipFile, info: zipfile.ZipInfo, collector: Collector
) -> NDArray[np.generic]:
    _count(info, collector)
    return _whole(saved, info)


def _count(info: zipfile.ZipInfo, collector: Collector) -> None:
    collector.unpack(info.file_size, f"With its {info.filename}, of {size(info.file_size)}, it")


def _whole(saved: zipfile.ZipFile, info: zipfile.ZipInfo) -> NDArray[np.generic]:
    header = _header(saved, info)
    if info.file_size > _LARGE:
        raise InputError(
            f"Its {info.filename} has {size(info.file_size)}, and not in the order in which it can "
            f"be read in parts; such an array may have at most {size(_LARGE)}. "
            "Save np.ascontiguousarray(…) of it."
        )
    with saved.open(info) as file:
        file.read(header.start)
        return header.array(file.read(header.length))
