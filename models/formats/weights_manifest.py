"""A ``weightsManifest`` and its files, looked through before anything of them is read.

What the files hold is what the manifest says, to the byte: a file that belongs to no weight could
be any file of the operator, and a shape that nobody has would be made before its bytes are missed.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from models.formats import model_limits
from models.storage import plain_files
from models.storage.plain_files import shown

MAX_WEIGHTS = 20_000  # arrays or files of a group; EfficientNetB7 has 2,000
MAX_DIMENSIONS = 32  # as NumPy's
_LONGEST = 4 << 30  # of a shape's side
DTYPES = {
    "float32": "<f4",
    "float16": "<f2",
    "int32": "<i4",
    "uint8": "u1",
    "uint16": "<u2",
    "bool": "?",
}


@dataclass(frozen=True)
class Group:
    """Weights that lie one after another in files. How long ``texts`` are, only the files say."""

    entries: Sequence[Mapping[str, Any]]
    files: tuple[Path, ...]
    texts: bool

    @property
    def values(self) -> int:
        """How many numbers and texts it has."""
        return sum(math.prod(entry["shape"]) for entry in self.entries)


def groups(manifest: Any, folder: Path) -> list[Group]:
    """The groups of a ``weightsManifest``, whose files were looked at but not read.

    Raises ValueError, in words, for a name that leads elsewhere, a link, a device, a file that
    belongs to no weight, weights or files that are there twice, sizes other than the files', and
    more than ``model_limits`` allows.
    """
    if not isinstance(manifest, list) or not all(isinstance(each, Mapping) for each in manifest):
        raise ValueError("has no weightsManifest that is a list of objects")
    made = [_looked_at(each, folder) for each in manifest]
    names = [str(entry["name"]) for group in made for entry in group.entries]
    if len(set(names)) < len(names):
        double = next(name for name in names if names.count(name) > 1)
        raise ValueError(f"has the weights of {shown(double)} twice")
    files = [path.name for group in made for path in group.files]
    if (double_file := plain_files.twice(files)) is not None:
        raise ValueError(f"lists the shard {shown(double_file)} twice")
    model_limits.check_size(
        sum(path.stat().st_size for group in made for path in group.files), "weights"
    )
    return made


def _looked_at(group: Mapping[str, Any], folder: Path) -> Group:
    entries, paths = group.get("weights"), group.get("paths")
    if not isinstance(entries, list) or not isinstance(paths, list):
        raise ValueError("has a group of weights without a list of them, or of files")
    if len(entries) > MAX_WEIGHTS or len(paths) > MAX_WEIGHTS:
        raise ValueError(f"has more than {MAX_WEIGHTS:,} weights or files")
    if paths and not entries:
        raise ValueError(f"lists the shard {shown(paths[0])}, which belongs to no weights")
    texts = [each for each in entries if not _check_entry(each)]
    files, size = [], 0
    for listed in paths:
        # TensorFlow.js itself, where a page saves a model, writes ./model.weights.bin.
        name = listed.removeprefix("./") if isinstance(listed, str) else listed
        if why := plain_files.wrong_name(name):
            raise ValueError(f"lists the shard {shown(name)}, which is not beside it: {why}")
        try:
            path = plain_files.inside(folder, name)
            size += plain_files.plain(path)
        except ValueError as error:
            raise ValueError(
                f"lists the shard {shown(name)}, which is not beside it: {error}"
            ) from error
        files.append(path)
    ends = list(itertools.accumulate(map(_bytes_of, entries), initial=0))
    if ends[-1] > size:
        missed = next(each for each, end in zip(entries, ends[1:], strict=True) if end > size)
        raise ValueError(
            f"has {size:,} bytes in its shards, so the files end before the weights of "
            f"{shown(missed['name'])}: all take {ends[-1]:,}"
        )
    if ends[-1] < size and not texts:
        raise ValueError(f"has {size:,} bytes in its shards, where its weights take {ends[-1]:,}")
    return Group(entries, tuple(files), bool(texts))


def _check_entry(entry: Any) -> bool:
    """Whether a weight takes a known number of bytes; texts do not. Raises ValueError, in words,
    where it is none.
    """
    if not isinstance(entry, Mapping) or not isinstance(entry.get("name"), str):
        raise ValueError("has a weight without a name")
    if not plain_files.is_line(entry["name"]):
        raise ValueError(f"has the weights {shown(entry['name'])}, which cannot be printed")
    name, shape, stored = entry["name"], entry.get("shape"), stored_dtype(entry)
    if stored != "string" and stored not in DTYPES:
        raise ValueError(f"has {shown(name)} stored as {shown(stored)}, which is not known here")
    if not isinstance(shape, list) or len(shape) > MAX_DIMENSIONS:
        raise ValueError(f"has no shape for {shown(name)}")
    if not all(type(side) is int and 0 <= side <= _LONGEST for side in shape):
        raise ValueError(f"has {shown(name)} of the shape {shown(str(shape))}, which is none")
    steps = entry.get("quantization", {})
    numbers = (steps.get("scale", 0), steps.get("min", 0))
    if not all(isinstance(each, (int, float)) for each in numbers):
        raise ValueError(f"has {shown(name)}, whose scale or min is no number")
    return stored != "string"


def stored_dtype(entry: Mapping[str, Any]) -> str:
    """The dtype in the file. Raises ValueError, in words, where there is none."""
    source = entry.get("quantization", entry)
    if not isinstance(source, Mapping) or not isinstance(source.get("dtype"), str):
        raise ValueError(f"has no dtype for {shown(entry.get('name'))}")
    return str(source["dtype"])


def _bytes_of(entry: Mapping[str, Any]) -> int:
    """The bytes that an entry takes; of texts the least, four for the length of each."""
    stored = stored_dtype(entry)
    size = 4 if stored == "string" else np.dtype(DTYPES[stored]).itemsize
    return int(math.prod(entry["shape"])) * size
