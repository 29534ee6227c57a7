"""MNIST's own IDX files: images and labels in a file each, as yann.lecun.com/exdb/mnist defined it.

Two zero bytes, a byte for the type (8: unsigned byte), a byte for the number of dimensions, each
dimension as a big-endian 32-bit integer, then the values.
"""

from __future__ import annotations

import re
import struct

import numpy as np
from numpy.typing import NDArray

from models.dataset.collector import Collector
from models.dataset.readers import arrays, shapes
from models.dataset.readers.parts import Parts
from models.errors import InputError

_NAMED = re.compile(r"idx[0-9]+|ubyte", re.IGNORECASE)


def looks_like_one(name: str, head: bytes) -> bool:
    """Whether the name or the first bytes say IDX."""
    return bool(_NAMED.search(name)) or (
        head[:3] == b"\0\0\x08" and head[3:4] in (b"\1", b"\3", b"\4")
    )


def read(name: str, content: bytes, collector: Collector) -> None:
    """Add images to the dataset, or keep labels until their images come. Raises InputError."""
    values = parse(content)
    if values.ndim == 1:
        collector.keep_labels(name, arrays.as_labels(values, collector, name))
        return
    pictures = shapes.of(values.shape, collector.options.target)
    arrays.add_unlabelled(collector, name, Parts.of(values, pictures))


def parse(content: bytes) -> NDArray[np.uint8]:
    """The array in an IDX file: (n,) labels or (n, h, w[, c]) images. Raises InputError."""
    if len(content) < 4 or content[:3] != b"\0\0\x08" or content[3] not in (1, 3, 4):
        raise InputError(
            f"It begins with the bytes {content[:4].hex(' ') or 'of nothing'}. "
            "Expected an IDX file's 00 00 08 03 (images) or 00 00 08 01 (labels)."
        )
    dimensions = content[3]
    start = 4 + 4 * dimensions
    if len(content) < start:
        raise InputError("This IDX file breaks off inside its header. Download it again.")
    shape = struct.unpack(f">{dimensions}I", content[4:start])
    expected, actual = _product(shape), len(content) - start
    if actual != expected:
        raise InputError(
            f"This IDX file announces {' × '.join(map(str, shape))} values, {expected:,} bytes, "
            f"but holds {actual:,}. Download it again."
        )
    return np.frombuffer(content, np.uint8, offset=start).reshape(shape)


def _product(shape: tuple[int, ...]) -> int:
    total = 1
    for side in shape:
        total *= side
    return total
