"""An HDF5 file's contents, looked through before they are read.

HDF5 can lead out of its file (external links, external and virtual datasets), claim arrays of any
shape that take no room, and load other packages' code to unpack one.
"""

from __future__ import annotations

import io
import math
import mmap
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from models.formats import model_limits
from models.formats.architecture import hdf5_heaps
from models.storage.plain_files import shown

MAX_OBJECTS = 100_000  # groups and arrays; EfficientNetB7 has 3,000
RATIO = 100  # what gzip makes of weights is 1.1, of zeros 1,000
FREE = 1 << 20  # bytes of an array that nobody minds: a bias of zeros
MAX_ATTRIBUTE = 8 << 20  # bytes
MAX_TEXTS = 1 << 30  # bytes of a list of texts, were each as long as the longest
_NUMBERS = "fiub"  # NumPy's kinds: floats, integers, truth
_FILTERS = (1, 2, 3)  # gzip, shuffle, a checksum: HDF5's own


def count(path: Path) -> int:
    """How many numbers all arrays of an HDF5 file have together.

    Raises ValueError, in words, for what leads out of the file, is no number, or claims more than
    the file can hold; what h5py raises for other files.
    """
    with path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as content:
        return _count(path, len(content), hdf5_heaps.longest(content))


def count_in(content: bytes) -> int:
    """The same of an HDF5 file that is in memory."""
    return _count(io.BytesIO(content), len(content), hdf5_heaps.longest(content))


def _count(source: Any, size: int, longest: int) -> int:
    import h5py

    numbers = total = 0
    with h5py.File(source, "r") as file:
        for name, dataset in _datasets(file, longest):
            values, taken = _checked(name, dataset)
            numbers, total = numbers + values, total + taken
            model_limits.check_size(total, "arrays")
            if total > RATIO * size + 64 * FREE:
                raise ValueError(
                    f"has arrays of more than {total:,} bytes in a file of {size:,}: that is no "
                    "model"
                )
    return numbers


def _datasets(file: Any, longest: int) -> Iterator[tuple[str, Any]]:
    import h5py

    waiting, seen, met = [("", file.id)], set(), 0
    while waiting:
        path, group = waiting.pop()
        _check_attributes(path, group, longest)
        for raw in group:
            name = f"{path}/{raw.decode('utf-8', 'replace')}"
            met += 1
            if met > MAX_OBJECTS:
                raise ValueError(f"has more than {MAX_OBJECTS:,} groups and arrays")
            if group.links.get_info(raw).type != h5py.h5l.TYPE_HARD:
                raise ValueError(f"has {shown(name)}, a link: weights have to lie in their place")
            place = h5py.h5o.get_info(group, raw)
            if (place.fileno, place.addr) in seen:
                raise ValueError(f"has {shown(name)} in two places")
            seen.add((place.fileno, place.addr))
            found = h5py.h5o.open(group, raw)
            if isinstance(found, h5py.h5g.GroupID):
                waiting.append((name, found))
            elif isinstance(found, h5py.h5d.DatasetID):
                _check_attributes(name, found, longest)
                yield name, found
            else:
                raise ValueError(f"has {shown(name)}, which is neither a group nor an array")


def _checked(name: str, dataset: Any) -> tuple[int, int]:
    """How many numbers an array has, and the bytes that they take."""
    import h5py

    made = dataset.get_create_plist()
    if made.get_external_count() or made.get_layout() == h5py.h5d.VIRTUAL:
        raise ValueError(f"has {shown(name)}, an array that lies in another file")
    for index in range(made.get_nfilters()):
        number = made.get_filter(index)[0]
        if number not in _FILTERS:
            raise ValueError(f"has {shown(name)}, which is packed in an unusual way ({number})")
    dtype = dataset.dtype
    if dtype.kind not in _NUMBERS or dtype.subdtype is not None:
        raise ValueError(f"has {shown(name)}, an array of {shown(str(dtype))} in place of numbers")
    values = math.prod(dataset.shape or ())
    taken, stored = values * dtype.itemsize, dataset.get_storage_size()
    if taken > RATIO * stored + FREE:
        raise ValueError(
            f"has {shown(name)} of the shape {shown(str(dataset.shape))}, {taken:,} bytes of which "
            f"the file holds {stored:,}"
        )
    return values, taken


def _check_attributes(name: str, place: Any, longest: int) -> None:
    """Raise ValueError for what takes far more memory than room in the file."""
    import h5py

    for index in range(h5py.h5a.get_num_attrs(place)):
        attribute = h5py.h5a.open(place, index=index)
        parts = math.prod(attribute.shape or ())
        if parts * attribute.dtype.itemsize > MAX_ATTRIBUTE:
            raise ValueError(f"has more than {MAX_ATTRIBUTE >> 20} MB beside {shown(name or '/')}")
        # Each of a list may stand for the same long text.
        if attribute.dtype.kind == "O" and parts * longest > MAX_TEXTS:
            raise ValueError(f"has a list of texts without end beside {shown(name or '/')}")
