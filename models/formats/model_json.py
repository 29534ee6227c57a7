"""Read the ``model.json`` of both converted formats: the weights beside it, the signature.

NumPy reads the weights, as in the official reader, because importing that loads TensorFlow.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from models.formats.weights_manifest import DTYPES, groups, stored_dtype


@dataclass(frozen=True, eq=False)
class Weight:
    """One array of numbers. ``value`` is what a runtime computes with, float32 where it was stored
    as float16 or uint8; ``stored`` is the dtype in the file, ``bytes`` its size there.
    """

    name: str
    value: NDArray[Any]
    stored: str
    bytes: int


@dataclass(frozen=True, eq=False)
class Stored:
    """One array as it lies in the files: its entry of the ``weightsManifest``, its numbers before
    they are restored, and how many bytes they take.
    """

    entry: Mapping[str, Any]
    value: NDArray[Any]
    bytes: int


def read_weights(manifest: Any, folder: Path) -> dict[str, Weight]:
    """The arrays of a ``weightsManifest`` by name.

    Raises OSError when a shard cannot be read, ValueError, in words, when the files do not hold
    what the manifest says, see ``groups``.
    """
    return {
        name: Weight(name, _restored(each.value, each.entry), stored_dtype(each.entry), each.bytes)
        for name, each in read_stored(manifest, folder).items()
    }


def read_stored(manifest: Any, folder: Path) -> dict[str, Stored]:
    """The same as they are stored. Raises what ``read_weights`` raises."""
    found: dict[str, Stored] = {}
    for group in groups(manifest, folder):
        raw = b"".join(path.read_bytes() for path in group.files)
        found |= {str(each.entry["name"]): each for each in _group(group.entries, raw)}
    return found


def _group(entries: Sequence[Mapping[str, Any]], raw: bytes) -> Iterator[Stored]:
    start = 0
    for entry in entries:
        stored, shape = stored_dtype(entry), tuple(entry["shape"])
        if stored == "string":
            value, length = _strings(shape, memoryview(raw)[start:])
            start += length
            yield Stored(entry, value, length)
            continue
        dtype = np.dtype(DTYPES[stored])
        count = math.prod(shape)
        if start + count * dtype.itemsize > len(raw):
            raise ValueError(f"the files end before the weights of {entry['name']}")
        value = np.frombuffer(raw, dtype, count, start).reshape(shape)
        start += value.nbytes
        yield Stored(entry, value, value.nbytes)
    if start < len(raw):
        raise ValueError(f"the files go on for {len(raw) - start:,} bytes after the last weights")


def _strings(shape: tuple[int, ...], raw: memoryview) -> tuple[NDArray[Any], int]:
    """Strings, each after its length in four bytes, and how many bytes all of them take."""
    texts, at = [], 0
    for _ in range(math.prod(shape)):  # at most a quarter of the bytes
        if at + 4 > len(raw):
            raise ValueError("the files end within a string")
        end = at + 4 + int.from_bytes(raw[at : at + 4], "little")
        texts.append(bytes(raw[at + 4 : end]))
        at = end
    if at > len(raw):
        raise ValueError("the files end within a string")
    return np.array(texts, object).reshape(shape), at


def _restored(value: NDArray[Any], entry: Mapping[str, Any]) -> NDArray[Any]:
    """A stored array as TensorFlow.js restores it before computing."""
    steps = entry.get("quantization")
    if steps is None or entry.get("dtype") not in ("float32", "int32"):
        return value
    if value.dtype != np.float16:
        if not {"scale", "min"} <= steps.keys():
            raise ValueError(f"{entry['name']} is quantised without a scale and a min")
        value = value.astype(np.float64) * float(steps["scale"]) + float(steps["min"])
        value = np.round(value) if entry["dtype"] == "int32" else value
    return value.astype(DTYPES[entry["dtype"]])


def signature(stored: Mapping[str, Any]) -> tuple[dict[str, str], dict[str, str]] | None:
    """The names of a graph's input and output tensors, by what the signature calls them.

    Converters before 2.0 stored none. For some models the converter writes the number of the
    tensor behind the name, ``age:0``; that is no part of what Keras calls it.
    """
    named = stored.get("signature") or stored.get("userDefinedMetadata", {}).get("signature")
    if not named:
        return None
    inputs, outputs = (
        {
            str(key).removesuffix(":0"): str(each["name"])
            for key, each in named.get(side, {}).items()
        }
        for side in ("inputs", "outputs")
    )
    return inputs, outputs
