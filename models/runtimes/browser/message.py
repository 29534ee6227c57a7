"""What a page says: words, and numbers behind them."""

from __future__ import annotations

import json
import math
import struct
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

MOST_HEAD = 4 << 20  # bytes of its words: a large model's operations have names and shapes


@dataclass(frozen=True, eq=False)
class Message:
    """What the page said: words, and numbers, float32, where it sent any."""

    said: dict[str, Any]
    values: NDArray[np.float32]

    @property
    def array(self) -> NDArray[np.float32]:
        """The numbers in the shape that it says. Raises ValueError where they are not as many."""
        shape = tuple(map(int, self.said["shape"]))
        if any(size < 0 for size in shape) or math.prod(shape) != self.values.size:
            raise ValueError(f"{self.values.size} numbers for the shape {shape}")
        return self.values.reshape(shape)


def read(body: bytes, most: int = MOST_HEAD) -> Message | None:
    """A message of the page: the length of its words in four bytes, ``most`` at most, these as
    JSON, and float32 numbers, all little-endian. None for anything else.
    """
    if len(body) < 4:
        return None
    (length,) = struct.unpack_from("<I", body)
    if length > most or 4 + length > len(body) or (len(body) - 4 - length) % 4:
        return None
    try:
        said = json.loads(body[4 : 4 + length])
    except (ValueError, RecursionError):
        return None
    if not isinstance(said, dict) or not isinstance(said.get("kind"), str):
        return None
    return Message(said, np.frombuffer(body[4 + length :], "<f4"))
