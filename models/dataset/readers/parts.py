"""Pictures that come part by part: a set of 500 MB is read without ever being whole in memory."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from numpy.typing import NDArray

from models.dataset import value_range

VALUES = 1 << 21  # in a part: as float32, 8 MiB


@dataclass(frozen=True, eq=False)
class Parts:
    """``count`` pictures of ``sides`` (height, width); ``read`` begins anew at each call, and gives
    arrays (k, height, width) of numbers. ``seen`` is the range of all, where that is known.
    """

    count: int
    sides: tuple[int, int]
    read: Callable[[], Iterator[NDArray[Any]]]
    seen: value_range.Range | None = None

    @classmethod
    def of(cls, values: NDArray[Any]) -> Parts:
        """An array (n, h, w), in parts that are views of it."""
        count, height, width = values.shape
        step = at_a_time((height, width))

        def read() -> Iterator[NDArray[Any]]:
            return (values[start : start + step] for start in range(0, count, step))

        return cls(count, (height, width), read)

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


def at_a_time(sides: tuple[int, int]) -> int:
    """How many pictures of this size make a part."""
    return max(1, VALUES // max(1, sides[0] * sides[1]))
