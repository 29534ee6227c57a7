"""What readers found in some files, before it is one dataset."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from models.dataset.dataset import Bytes28, Cut, Skipped


class Digits(NamedTuple):
    """Digits that were added together: of each its name, (28, 28) uint8, its label, ``named``."""

    names: tuple[str, ...]
    pixels: Bytes28
    labels: NDArray[np.int8]
    named: NDArray[np.bool_]


@dataclass
class Part:
    """What came of some files: all that a collector holds."""

    digits: list[Digits] = field(default_factory=list)
    sources: Counter[str] = field(default_factory=Counter)
    skipped: list[Skipped] = field(default_factory=list)
    cuts: list[Cut] = field(default_factory=list)
    idx_images: list[tuple[str, int, int]] = field(default_factory=list)
    """Name, first digit, number of digits."""
    idx_labels: list[tuple[str, NDArray[np.uint8]]] = field(default_factory=list)
