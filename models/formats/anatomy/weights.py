"""The weights beside a ``model.json``, read by NumPy: importing the converter loads TensorFlow."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from models.formats.anatomy.parts import Weight

_DTYPES = {
    "float32": "<f4",
    "float16": "<f2",
    "int32": "<i4",
    "uint8": "u1",
    "uint16": "<u2",
    "bool": "?",
}


def read_weights(manifest: Sequence[Mapping[str, Any]], folder: Path) -> dict[str, Weight]:
    """The arrays of a ``weightsManifest`` by name.

    Raises OSError when a shard is missing, ValueError or KeyError when the files do not hold what
    the manifest says.
    """
    found: dict[str, Weight] = {}
    for group in manifest:
        raw = b"".join((folder / path).read_bytes() for path in group["paths"])
        found |= {weight.name: weight for weight in _group(group["weights"], raw)}
    return found


def _group(entries: Sequence[Mapping[str, Any]], raw: bytes) -> Iterator[Weight]:
    start = 0
    for entry in entries:
        stored = str(entry.get("quantization", entry)["dtype"])
        if stored not in _DTYPES:
            raise ValueError(f"{entry['name']} is stored as {stored}, which is not known here")
        dtype, shape = np.dtype(_DTYPES[stored]), tuple(map(int, entry["shape"]))
        count = math.prod(shape)
        if start + count * dtype.itemsize > len(raw):
            raise ValueError(f"the files end before the weights of {entry['name']}")
        value = np.frombuffer(raw, dtype, count, start).reshape(shape)
        start += value.nbytes
        yield Weight(str(entry["name"]), _restored(value, entry), stored, value.nbytes)


def _restored(value: NDArray[Any], entry: Mapping[str, Any]) -> NDArray[Any]:
    """What TensorFlow.js makes of a stored array before it computes."""
    steps = entry.get("quantization")
    if steps is None or entry["dtype"] not in ("float32", "int32"):
        return value
    if "scale" in steps:
        value = value.astype(np.float64) * float(steps["scale"]) + float(steps["min"])
    return value.astype(_DTYPES[entry["dtype"]])
