"""Single arrays out of a model's file, by the name of their layer: statistics, constants."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from models.formats.architecture import file_kinds, reader, stored
from models.formats.model_json import read_weights

_MOST = 4_096  # values: one for each channel is what is asked for
_IN_ARCHIVE = "model.weights.h5"  # of a .keras, which numbers the arrays of a layer
_NUMBERED = {"mean": 0, "variance": 1, "moving_mean": -2, "moving_variance": -1}


class Numbers(Protocol):
    """Gives the array ``role`` of a layer, or a graph's constant ``name``; None where the file has
    none, or more than a few thousand values. One value each.
    """

    def __call__(self, name: str, role: str = "") -> NDArray[np.float64] | None: ...


def unknown(name: str, role: str = "") -> NDArray[np.float64] | None:
    """Those of a model whose file is not looked into."""
    return None


def of(path: Path) -> Numbers:
    """The numbers of a model that ``safety.check`` has looked at. The file is read when one is
    asked for, and only then; nothing is known of a SavedModel's, nor of a file that is damaged.
    """
    known: dict[str, NDArray[np.float64]] | None = None

    def number(name: str, role: str = "") -> NDArray[np.float64] | None:
        nonlocal known
        if known is None:
            try:
                known = {key: np.float64(each).ravel() for key, each in _small(path)}
            except reader.UNREADABLE:
                known = {}
        for each in _names(name, role):
            ends = (key for key in known if key == each or key.endswith(f"/{each}"))
            if (found := next(ends, None)) is not None:
                return known[found]
        return known.get(role)  # a converted Normalization's are called by that alone

    return number


def _names(name: str, role: str) -> Iterator[str]:
    yield f"{name}/{role}" if role else name
    if role:  # Keras 3 names a layer in its file by its class
        kind = "batch_normalization" if role.startswith("moving") else "normalization"
        yield from (f"{each}/vars/{role}" for each in (name, kind))


def _small(path: Path) -> Iterator[tuple[str, NDArray[Any]]]:
    import h5py

    kind, file = file_kinds.found(path)
    if kind == "json":
        weights = read_weights((stored.of_json(file).whole or {})["weightsManifest"], file.parent)
        yield from ((name, each.value) for name, each in weights.items() if _is_small(each.value))
    elif kind == "h5":
        with h5py.File(file, "r") as opened:
            yield from _arrays(opened["model_weights"], "")
    elif kind == "keras":
        with zipfile.ZipFile(file) as archive:
            content = io.BytesIO(archive.read(_IN_ARCHIVE))
        with h5py.File(content, "r") as opened:
            yield from _arrays(opened, "")


def _arrays(group: Any, path: str) -> Iterator[tuple[str, NDArray[Any]]]:
    """The small arrays of an HDF5 group, by their paths. Numbered ones get the roles that they can
    have, as the last two of four are a mean and a variance too.
    """
    for name, each in group.items():
        at = f"{path}/{name}"
        if hasattr(each, "items"):
            yield from _arrays(each, at)
        elif each.dtype.kind == "f" and each.size <= _MOST:
            yield at.partition(":")[0], np.asarray(each)
            for role, number in _NUMBERED.items():
                if name == str(number % len(group)):
                    yield f"{path}/{role}", np.asarray(each)


def _is_small(value: NDArray[Any]) -> bool:
    return value.dtype.kind in "fiu" and value.size <= _MOST
