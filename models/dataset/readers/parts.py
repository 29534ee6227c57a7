"""Pictures that come part by part: a set of 500 MB is read without ever being whole in memory."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from numpy.typing import NDArray

from models.dataset import value_range
from models.dataset.readers.shapes import Pictures

VALUES = 1 << 21  # in a part: as float32, 8 MiB


@dataclass(frozen=True, eq=False)
class Parts:
    """``count`` pictures of the shape ``picture``, (height, width) or with channels after these;
    ``read`` begins anew at each call, and gives arrays (k, *picture) of numbers. ``seen`` is the
    range of all, where that is known.
    """

    count: int
    picture: tuple[int, ...]
    read: Callable[[], Iterator[NDArray[Any]]]
    seen: value_range.Range | None = None

    @classmethod
    def of(cls, values: NDArray[Any], pictures: Pictures) -> Parts:
        """An array of these pictures, in parts that are views of it."""
        whole = pictures.of(values)
        step = at_a_time(pictures.picture)

        def read() -> Iterator[NDArray[Any]]:
            return (whole[start : start + step] for start in range(0, len(whole), step))

        return cls(len(whole), pictures.picture, read)

    def scale(self) -> value_range.Scale:
        """The scale of all of them. Raises InputError as ``value_range.of`` does."""
        if self.seen is not None:
            return self.seen.scale()
        seen = value_range.Range()
        for part in self.read():
            seen.add(part)
            if seen.decided:
                break
        return seen.scale()


def at_a_time(picture: tuple[int, ...]) -> int:
    """How many pictures of this shape make a part."""
    return max(1, VALUES // max(1, math.prod(picture)))
