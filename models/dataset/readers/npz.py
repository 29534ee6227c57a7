"""``.npz`` and ``.npy``: Keras's MNIST layout, or one array of images and one of labels.

The arrays are taken out of the ZIP by hand: NumPy would allocate whatever a header announces.
Pickled objects are refused; nothing here can unpickle.
"""

from __future__ import annotations

import io
import math
import zipfile
from typing import Any

import numpy as np
from numpy.typing import NDArray

from models.dataset.collector import Collector
from models.dataset.limits import size
from models.dataset.readers import archive, arrays
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
_MAX_HEADER = 10_000
_MOST_ARRAYS = 1_000
_npy: Any = np.lib.format  # NumPy has no types for it


def read(name: str, content: bytes, collector: Collector) -> None:
    """Add the images of an ``.npz`` to the dataset. Raises InputError."""
    try:
        archive.check_entries(content, _MOST_ARRAYS)
        with zipfile.ZipFile(io.BytesIO(content)) as saved:
            _arrays(name, saved, collector)
    except InputError:
        raise
    except Exception as error:  # zipfile fed with any bytes raises any error
        raise InputError(f"This .npz is damaged ({error}). Save it again.") from error


def read_npy(name: str, content: bytes, collector: Collector) -> None:
    """Add the images of an ``.npy`` to the dataset, without labels. Raises InputError."""
    arrays.add(collector, name, _parse(content, name))


def _arrays(name: str, saved: zipfile.ZipFile, collector: Collector) -> None:
    members = {info.filename.removesuffix(".npy").lower(): info for info in saved.infolist()}
    chosen = f"x_{collector.options.split}"
    key = chosen if chosen in members else next((each for each in _IMAGES if each in members), None)
    if key is None:
        raise InputError(
            f"It holds {', '.join(sorted(members)[:8]) or 'nothing'}. Expected arrays named x_test "
            "and y_test, x_train and y_train, or x and y."
        )
    images = arrays.as_pictures(_member(saved, members[key], collector))
    label_key = next((each for each in _LABELS[key] if each in members), None)
    labels = None
    if label_key is not None:
        try:
            labels = arrays.as_labels(_member(saved, members[label_key], collector))
            if len(labels) != len(images):
                raise InputError(f"There are {len(labels):,} labels for {len(images):,} images.")
        except InputError as error:
            labels = None
            collector.skip(f"{name}: {label_key}", f"{error} The images are used without labels.")
    arrays.add(collector, name, images, labels)


def _member(
    saved: zipfile.ZipFile, info: zipfile.ZipInfo, collector: Collector
) -> NDArray[np.generic]:
    if info.flag_bits & 1:
        raise InputError("It is encrypted. Save it without a password.")
    collector.unpack(info.file_size, f"With its {info.filename}, of {size(info.file_size)}, it")
    with saved.open(info) as file:
        return _parse(file.read(info.file_size), info.filename)


def _parse(content: bytes, name: str) -> NDArray[np.generic]:
    """An array in NumPy's own format, never unpickled. Raises InputError."""
    file = io.BytesIO(content)
    try:
        version = _npy.read_magic(file)
        read_header = (
            _npy.read_array_header_1_0 if version == (1, 0) else _npy.read_array_header_2_0
        )
        shape, fortran, dtype = read_header(file, max_header_size=_MAX_HEADER)
    except Exception as error:  # NumPy parses the header as a Python literal
        raise InputError(f"Its {name} is no array that NumPy saved ({error}).") from error
    if dtype.hasobject or dtype.names is not None:
        raise InputError(
            f"Its {name} holds pickled objects, which could run code: refused. "
            "Save plain numbers, with allow_pickle=False."
        )
    start = file.tell()
    expected = math.prod(shape) * dtype.itemsize
    if min(shape, default=0) < 0 or len(content) - start < expected or not dtype.itemsize:
        raise InputError(
            f"Its {name} announces {expected:,} bytes of values but holds "
            f"{len(content) - start:,}. Save it again."
        )
    values = np.frombuffer(content, dtype, count=math.prod(shape), offset=start)
    return values.reshape(shape, order="F" if fortran else "C")
