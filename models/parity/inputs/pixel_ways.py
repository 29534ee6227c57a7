"""Whether pixel data of digits is read better when it is taken another way: inverted, turned,
stretched.

Rates of false alarm, and what is found, are printed by ``python -m benchmarks.nonsense``.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from models.dataset.pixel_data import Values, Way
from models.dataset.remedy import Remedy
from models.lanes import Probabilities
from models.parity.figures import percent
from models.parity.inputs.other_input import (
    LABELS,
    RIGHT_ENOUGH,
    Hits,
    is_clearly_better,
    surely,
)

SURE = 0.9  # the probability of an answer that the model is sure of
_MOSTLY = 0.8  # of the pictures: some of any set are odd
_LIGHT = 127.5  # the mean level of a picture that is mostly white, which no digit fills
_PALE = 160  # levels between the lightest and the darkest pixel, where a digit's ink has 255
_READ = 0.9  # of the pictures are read surely when they are taken as they are meant
_UNREAD = 0.8  # at most, when they are not
_FEW = 10  # pictures, of which less is no evidence for a turn
_CLASSES = 10

_LIGHT_WAYS: tuple[Way, ...] = ("inverted", "inverted-transposed")
_TURNED: tuple[Way, ...] = (
    "transposed",
    "turned-left",
    "turned-right",
    "upside-down",
    "mirrored",
)
_WORDS: Mapping[Way, tuple[str, str]] = {
    "inverted": ("black on white", "inverted"),
    "inverted-transposed": (
        "black on white, with rows for columns",
        "inverted and transposed",
    ),
    "transposed": ("with rows for columns, as EMNIST's files have it", "transposed"),
    "turned-left": ("turned to the right", "turned back to the left"),
    "turned-right": ("turned to the left", "turned back to the right"),
    "upside-down": ("upside down", "turned around"),
    "mirrored": ("mirrored", "mirrored back"),
    "stretched": ("on another scale, without real black and white", "stretched"),
}


@dataclass(frozen=True, eq=False)
class Reading:
    """How pictures are read: of each whether ``sure`` (n,), of each labelled one whether right,
    ``hits`` (m,).
    """

    sure: Hits
    hits: Hits

    @classmethod
    def of(cls, answers: Probabilities, labels: NDArray[np.integer[Any]]) -> Reading:
        """From probabilities (n, 10), and labels (n,) that are below 0 where unknown."""
        known = labels >= 0
        return cls(answers.max(axis=1) >= SURE, (answers.argmax(axis=1) == labels)[known])


def sensible(levels: Values, now: Reading) -> Sequence[Way]:
    """The ways in which it makes sense to take pictures (n, 28, 28) uint8 that are read as ``now``;
    none where they are read well.
    """
    if not len(levels):
        return ()
    flat = levels.reshape(len(levels), -1)
    if np.median(flat.max(axis=1).astype(int) - flat.min(axis=1)) <= _PALE:
        return ("stretched",)
    if (flat.mean(axis=1) > _LIGHT).mean() >= _MOSTLY:
        return _LIGHT_WAYS
    if len(now.hits) >= _FEW:
        return _TURNED if now.hits.mean() < RIGHT_ENOUGH else ()
    return _TURNED if len(levels) >= _FEW and now.sure.mean() <= _UNREAD else ()


def better(now: Reading, others: Mapping[Way, Reading]) -> Way | None:
    """The way in which pictures are clearly read better than ``now``; None where none is."""
    found = [way for way, each in others.items() if _is_better(way, each, now)]
    return max(found, key=lambda way: _rank(others[way]), default=None)


def remedy(way: Way, now: Reading, other: Reading) -> Remedy:
    """What was seen, and the click that takes the set this ``way``."""
    seems, taken = _WORDS[way]
    if len(now.hits) >= _FEW:
        before, after = _share(now.hits), _share(other.hits)
        seen = f"{after} of {len(now.hits):,} labelled images are read right, and {before}"
    else:
        before, after = _share(now.sure), _share(other.sure)
        seen = f"{after} of {len(now.sure):,} images are read surely, and {before}"
    return Remedy(
        f"The pixel data seems to be {seems}: {taken}, {seen} as it is.",
        f"Take it {taken}",
        f"--pixels {way}",
        {"pixels": way},
    )


def _is_better(way: Way, other: Reading, now: Reading) -> bool:
    if _is_better_by_labels(other.hits, now.hits):
        return True
    if other.hits.sum() < now.hits.sum() or other.sure.mean() < _READ:
        return False
    if len(now.hits) >= LABELS and now.hits.mean() >= RIGHT_ENOUGH:
        return False
    if way in _LIGHT_WAYS:  # no ink fills most of a picture: how sure it is now tells nothing
        return True
    if now.sure.mean() > _UNREAD:
        return False
    return way == "stretched" or (len(now.sure) >= _FEW and surely(other.sure, now.sure))


def _is_better_by_labels(other: Hits, now: Hits) -> bool:
    if len(now) >= LABELS:
        return is_clearly_better(other, now, _CLASSES)
    return len(now) >= _FEW and bool(other.mean() >= _READ) and surely(other, now)


def _rank(reading: Reading) -> tuple[float, float]:
    right = float(reading.hits.mean()) if len(reading.hits) >= _FEW else 0.0
    return right, float(reading.sure.mean())


def _share(which: Hits) -> str:
    return percent(float(which.mean()))
