"""A model's inputs as files for TensorFlow.js, which knows three types of numbers."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from models.errors import InputError
from models.formats.tensors import Tensor, Tensors

_STORED = {"float32": "<f4", "int32": "<i4", "bool": "|b1"}
_WIDEST = np.iinfo(np.int32)


def check(takes: Sequence[Tensor], tensors: Tensors) -> None:
    """Raise InputError unless ``tensors`` are batches of what a model takes, all of one size."""
    counts = {each.shape[:1] for each in tensors}
    fit = len(tensors) == len(takes) and all(map(_fits, takes, tensors))
    if not fit or len(counts) != 1 or counts & {(), (0,)}:
        given = " and ".join(str(each.shape) for each in tensors) or "nothing"
        wanted = " and ".join(map(_shape, takes))
        raise InputError(f"Tensors of the shape {given} were given. Expected {wanted}, n ≥ 1.")


def write(takes: Sequence[Tensor], tensors: Tensors, folder: Path) -> list[dict[str, Any]]:
    """Write each tensor to a file of its own in ``folder``, little-endian, row after row.

    Returns what a job of Node says of each: name, file, shape without n, and the type that
    TensorFlow.js has for it. Raises InputError for whole numbers that need more than 32 bits.
    """
    listed = []
    for number, (taken, values) in enumerate(zip(takes, tensors, strict=True)):
        dtype, path = _dtype(taken), folder / f"input{number}"
        if dtype == "int32" and values.size and _is_wide(values):
            raise InputError(
                f"The input {taken.name!r} has numbers beyond {_WIDEST.min:,} to {_WIDEST.max:,}, "
                "which TensorFlow.js cannot hold."
            )
        np.asarray(values, _STORED[dtype]).tofile(path)
        shape = list(values.shape[1:])
        listed.append({"name": taken.name, "file": str(path), "shape": shape, "dtype": dtype})
    return listed


def _is_wide(values: NDArray[Any]) -> bool:
    return bool(values.max() > _WIDEST.max or values.min() < _WIDEST.min)


def _dtype(taken: Tensor) -> str:
    """The type of TensorFlow.js that stands for a model's."""
    if taken.dtype == "bool":
        return "bool"
    return "float32" if taken.dtype.startswith("float") else "int32"


def _fits(taken: Tensor, values: NDArray[Any]) -> bool:
    """Whether the shape is as declared; sizes that the model leaves free may be any."""
    wanted, given = taken.shape, values.shape[1:]
    return len(wanted) == len(given) and all(
        size in (None, there) for size, there in zip(wanted, given, strict=True)
    )


def _shape(taken: Tensor) -> str:
    sizes = ("n", *("any" if each is None else str(each) for each in taken.shape))
    return f"({', '.join(sizes)})" if len(sizes) > 1 else "(n,)"
