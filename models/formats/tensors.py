"""The tensors that a model takes and gives, by name, as its manifest stores them."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

Tensors = tuple[NDArray[Any], ...]  # one for each input of a model, or output; n first in each

MOST = 64  # inputs of a model, or outputs
LARGEST = 1 << 24  # values of one tensor, for one input
_MOST_BATCH = 4096
DTYPES = ("float32", "float64", "float16", "int32", "int64", "uint8", "bool")


@dataclass(frozen=True)
class Tensor:
    """One input or output. ``shape`` is without the batch; None is a size that the model leaves
    free. ``values`` is the number of different values of an integer input, as of a table of words,
    where it is known. ``size`` gives the free sizes that were chosen: as ``shape``, without None.
    ``batch`` is how many inputs the model takes at once, where that is fixed.
    """

    name: str
    shape: tuple[int | None, ...]
    dtype: str = "float32"
    values: int | None = None
    size: tuple[int, ...] = ()
    batch: int | None = None

    @property
    def whole(self) -> tuple[int, ...]:
        """Its shape with the sizes that were chosen. Raises ValueError where one is missing."""
        shape = self.size or self.shape
        known = tuple(each for each in shape if each is not None)
        if len(known) != len(shape):
            raise ValueError(f"{self.name} {self.shape} leaves sizes free")
        return known


def typed(tensors: Tensors, takes: Sequence[Tensor]) -> Tensors:
    """The same as the model takes them: pixels are floats until they become its bytes, rounded."""
    return tuple(_typed(each, one.dtype) for each, one in zip(tensors, takes, strict=True))


def _typed(values: NDArray[Any], dtype: str) -> NDArray[Any]:
    if values.dtype == dtype:
        return values
    whole = values.dtype.kind == "f" and np.dtype(dtype).kind in "iu"
    return (np.rint(values) if whole else values).astype(dtype)


def parse(stored: Sequence[Mapping[str, Any]]) -> tuple[Tensor, ...]:
    """What ``dataclasses.asdict`` made of tensors. Raises ValueError, KeyError or TypeError."""
    tensors = tuple(map(_tensor, stored))
    if len(tensors) > MOST:
        raise ValueError(f"{len(tensors)} tensors; {MOST} are the most")
    return tensors


def fit(one: Sequence[Tensor], other: Sequence[Tensor]) -> bool:
    """Whether shapes can be the same. Formats may have several tensors in other orders: then it is
    only their number.
    """
    if len(one) != len(other):
        return False
    return len(one) > 1 or _same(one[0].shape, other[0].shape)


def _same(one: Sequence[int | None], other: Sequence[int | None]) -> bool:
    """A size that is free fits any; ``(None,)`` is a shape that nobody said."""
    if tuple(one) == (None,) or tuple(other) == (None,):
        return True
    return len(one) == len(other) and all(
        a == b or None in (a, b) for a, b in zip(one, other, strict=True)
    )


def shapes(tensors: Sequence[Tensor]) -> str:
    """The shapes of tensors, in words."""
    if len(tensors) > 1:
        return f"{len(tensors)} tensors"
    sizes = tensors[0].shape
    return "×".join("?" if each is None else str(each) for each in sizes) or "one number"


def _tensor(stored: Mapping[str, Any]) -> Tensor:
    shape = tuple(None if each is None else int(each) for each in stored["shape"])
    size, dtype = tuple(map(int, stored.get("size") or ())), str(stored["dtype"])
    values = None if stored.get("values") is None else int(stored["values"])
    known = size or tuple(each for each in shape if each is not None)
    if min(known, default=1) < 1 or math.prod(known) > LARGEST or dtype not in DTYPES:
        raise ValueError(f"a tensor {shape} {size} of {dtype}")
    if size and (
        len(size) != len(shape) or any(a not in (None, b) for a, b in zip(shape, size, strict=True))
    ):
        raise ValueError(f"a tensor {shape} with the sizes {size}")
    if values is not None and not 1 <= values < 1 << 31:
        raise ValueError(f"a tensor of {values} different values")
    batch = None if stored.get("batch") is None else int(stored["batch"])
    if batch is not None and not 1 <= batch <= _MOST_BATCH:
        raise ValueError(f"a tensor for {batch} inputs at once")
    return Tensor(str(stored["name"]), shape, dtype, values, size, batch)
