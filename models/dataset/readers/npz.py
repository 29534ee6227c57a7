"""``.npz`` and ``.npy``: Keras's MNIST layout, or one array of images and one of labels.

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
from models.dataset.readers import archive, arrays, shapes
from models.dataset.readers.npy import Header
from models.dataset.readers.parts import Parts, at_a_time
from models.errors import InputError

_IMAGES = ("x", "images", "image", "data", "pixels", "x_test", "x_train", "arr_0")
_LABELS = {
    "x": ("y", "labels"),
    "images": ("labels", "y", "target"),
    "image": ("label", "labels"),
    "data": ("labels", "target", "y"),
    "pixels": ("labels", "y"),
    "x_test": ("y_test",),
    "x_train": ("y_train",),
    "arr_0": ("arr_1",),
}
_MOST_ARRAYS = 1_000
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
    """Add the images of an ``.npy`` to the dataset, without labels. Raises InputError."""
    file = io.BytesIO(content)
    header = Header.of(file, name, len(content))
    values = header.array(memoryview(content)[header.start :])
    pictures = shapes.of(values.shape, collector.options.target)
    arrays.add(collector, name, Parts.of(values, pictures))


def _arrays(name: str, saved: zipfile.ZipFile, collector: Collector) -> None:
    members = {info.filename.removesuffix(".npy").lower(): info for info in saved.infolist()}
    chosen = f"x_{collector.options.split}"
    key = chosen if chosen in members else next((each for each in _IMAGES if each in members), None)
    if key is None:
        raise InputError(
            f"It holds {', '.join(sorted(members)[:8]) or 'nothing'}. Expected arrays named x_test "
            "and y_test, x_train and y_train, or x and y."
        )
    images = _pictures(saved, members[key], collector)
    label_key = next((each for each in _LABELS[key] if each in members), None)
    labels = None
    if label_key is not None:
        try:
            labels = arrays.as_labels(
                _member(saved, members[label_key], collector), collector, f"{name}: {label_key}"
            )
            if len(labels) != images.count:
                raise InputError(f"There are {len(labels):,} labels for {images.count:,} images.")
        except InputError as error:
            labels = None
            collector.skip(f"{name}: {label_key}", f"{error} The images are used without labels.")
    arrays.add(collector, name, images, labels)


def _pictures(saved: zipfile.ZipFile, info: zipfile.ZipInfo, collector: Collector) -> Parts:
    """The pictures of a member: in memory where they are few, else unpacked anew when read."""
    _check(info, collector)
    with saved.open(info) as file:
        header = Header.of(file, info.filename, info.file_size)
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
    _check(info, collector)
    return _whole(saved, info)


def _check(info: zipfile.ZipInfo, collector: Collector) -> None:
    if info.flag_bits & 1:
        raise InputError("It is encrypted. Save it without a password.")
    archive.check_packing(info)
    collector.unpack(info.file_size, f"With its {info.filename}, of {size(info.file_size)}, it")


def _whole(saved: zipfile.ZipFile, info: zipfile.ZipInfo) -> NDArray[np.generic]:
    if info.file_size > _LARGE:
        raise InputError(
            f"Its {info.filename} has {size(info.file_size)}, and not in the order in which it can "
            f"be read in parts; such an array may have at most {size(_LARGE)}. "
            "Save np.ascontiguousarray(…) of it."
        )
    with saved.open(info) as file:
        header = Header.of(file, info.filename, info.file_size)
        return header.array(file.read(header.length))
