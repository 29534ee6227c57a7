"""How much a dataset may hold: every limit, in one place."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

MIB = 1024 * 1024


@dataclass(frozen=True)
class Limits:
    """``file_bytes`` of one file, also inside a ZIP; ``unpacked_bytes`` of all that one holds;
    ``pixels`` of one picture; ``images`` in a dataset (all of MNIST fits), and ``set_bytes`` of
    their pixels as a model takes them, a byte each (1,783 pictures of 224×224 in colour); ``files``
    in one ZIP or folder.

    Where files are read in a process of their own: ``seconds`` of a processor for a file, and
    ``seconds_a_picture`` for each picture in it; ``memory`` in bytes, beside what the process needs
    for itself, which is about 50 MiB; ``images_together`` in all datasets that are in use, and
    ``bytes_together`` of their pixels.
    """

    file_bytes: int = 200 * MIB
    unpacked_bytes: int = 512 * MIB
    pixels: int = 50_000_000
    images: int = 70_000
    set_bytes: int = 256 * MIB
    files: int = 100_000
    seconds: float = 4.5  # with the start of the process: 5
    seconds_a_picture: float = 0.02
    memory: int = 288 * MIB
    images_together: int = 140_000  # a file adds at most half of what is left
    bytes_together: int = 512 * MIB  # likewise

    def most(self, picture: tuple[int, ...]) -> int:
        """How many pictures of this shape a dataset may hold."""
        return min(self.images, self.set_bytes // math.prod(picture))

    def holds(self, picture: tuple[int, ...]) -> str:
        """A sentence on how many pictures of this shape a dataset may hold."""
        if (most := self.most(picture)) == self.images:
            return f"A set holds at most {most:,}."
        sides = "×".join(map(str, picture))
        return f"A set holds at most {most:,} of {sides}, {size(self.set_bytes)} in all."

    def describe(self, picture: tuple[int, ...] = (28, 28)) -> str:
        """One line for the person who chooses files, for pictures of this shape."""
        return (
            f"At most {size(self.file_bytes)} a file, {size(self.unpacked_bytes)} unpacked, "
            f"{self.pixels / 1e6:g} million pixels a picture, {self.most(picture):,} images a set."
        )


LIMITS = Limits()
OWN = replace(LIMITS, set_bytes=2048 * MIB, bytes_together=4096 * MIB)
"""On a machine of one's own, where no others upload: 14,000 pictures of 224×224 in colour."""


def size(count: float) -> str:
    """Bytes in words: ``200 MiB``."""
    for unit in ("bytes", "KiB", "MiB"):
        if count < 1024:
            return f"{count:.3g} {unit}" if unit != "bytes" else f"{count:.0f} bytes"
        count /= 1024
    return f"{count:.3g} GiB"
