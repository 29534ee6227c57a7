"""The geometry of pen strokes: framing them, drawing them as pixels, reading them from UNIPEN.

A stroke is an (n, 2) array of points along the pen's path: x to the right, y down, in any unit.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from models.errors import InputError
from models.lanes import Pixels

Stroke = NDArray[np.float64]

_SPACING = 0.5  # pixels between points drawn: discs this close leave no ripple that a pixel shows
_MANY = 1_000
_LARGEST = 1e100  # coordinates: beyond, their differences and means are no numbers
_MOST_DRAWN = 99_992  # points along a stroke: one more than a prime, so that on a path that is
# gone to and fro, where that is too few, each time other places are met

MAX_POINTS = 20_000
"""The most points that a drawing may have: minutes of scribbling."""


def check(strokes: Sequence[NDArray[np.floating[Any]]]) -> list[Stroke]:
    """The strokes that have points, as float64. Raises InputError unless each is (n, 2), finite."""
    checked = [np.asarray(stroke, np.float64) for stroke in strokes if len(stroke)]
    for stroke in checked:
        if stroke.ndim != 2 or stroke.shape[1] != 2 or not (np.abs(stroke) < _LARGEST).all():
            raise InputError(
                f"A stroke has the shape {stroke.shape} or a point that is no number. "
                "Expected (n, 2) finite numbers: x to the right, y down."
            )
    return checked


def fit(strokes: Sequence[Stroke], side: float) -> list[Stroke]:
    """Move the middle of the strokes' box to (0, 0) and scale its longer side to ``side``."""
    points = np.concatenate(strokes)
    low, high = points.min(axis=0), points.max(axis=0)
    longer = float((high - low).max())
    # A dot has no size to scale; neither has one whose size is only rounding.
    scale = side / longer if longer > 1e-9 * (1 + np.abs(points).max()) else 0.0
    return [(stroke - (low + high) / 2) * scale for stroke in strokes]


def along(stroke: Stroke, spacing: float = _SPACING) -> Stroke:
    """Points along the stroke's path, its ends among them, at most ``spacing`` apart.

    On a path of tens of thousands of pixels they are further apart: their number has a limit.
    """
    steps = np.hypot(*np.diff(stroke, axis=0).T)
    way = np.concatenate([[0.0], np.cumsum(steps)])
    if way[-1] == 0:
        return stroke[:1]
    count = min(int(np.ceil(way[-1] / spacing)) + 1, _MOST_DRAWN)
    at = np.linspace(0, way[-1], count)
    return np.stack([np.interp(at, way, stroke[:, axis]) for axis in (0, 1)], axis=1)


def draw(points: Stroke, pen: float, size: int = 28) -> Pixels:
    """Draw discs of diameter ``pen`` at ``points`` → (size, size) float32, white on black.

    The middle of the picture is (0, 0), a pixel has side 1. A pixel's value is how far the edge of
    the ink reaches into it along the way to the nearest point: antialiasing without oversampling.
    """
    if len(points) > _MANY:  # a scribble crosses the same places again and again
        points = np.unique(np.round(points * 4), axis=0) / 4
    centres = np.arange(size) - (size - 1) / 2
    across = (centres[None, :] - points[:, :1]) ** 2  # (n, columns)
    down = (centres[:, None] - points[:, 1]) ** 2  # (rows, n)
    nearest = np.sqrt((down[:, :, None] + across[None]).min(axis=1))
    pixels: Pixels = np.clip(pen / 2 + 0.5 - nearest, 0, 1).astype(np.float32)
    return pixels


@dataclass(frozen=True, eq=False)
class PenDrawing:
    """A digit written with a pen: what was asked for, by whom, and the strokes (y down)."""

    label: int
    writer: int
    strokes: tuple[Stroke, ...]


def read_unipen(path: Path) -> list[PenDrawing]:
    """The digits of the UNIPEN file at ``path``. Raises InputError as ``parse_unipen`` does."""
    try:
        with path.open(encoding="latin-1") as lines:
            return list(parse_unipen(lines, str(path)))
    except OSError as error:
        raise InputError(f"{path} cannot be read: {error.strerror}.") from error


def parse_unipen(lines: Iterable[str], name: str) -> Iterator[PenDrawing]:
    """The digits in the lines of a UNIPEN file such as that of the UCI set "Pen-Based Recognition
    of Digits", one after the other.

    Each segment has a ``.SEGMENT DIGIT … "8"`` line, a ``.COMMENT digit writer number`` line, and
    ``.PEN_DOWN`` … ``.PEN_UP`` blocks of "x y" with y up, which is turned to y down here.
    Raises InputError, which begins with ``name``, when there are none, when a line cannot be read,
    and when a drawing has more than ``MAX_POINTS`` points.
    """
    found = False
    try:
        for segment in _segments(lines):
            if strokes := tuple(np.array(each) for each in segment.strokes if each):
                yield PenDrawing(segment.label, segment.writer, strokes)
                found = True
    except (ValueError, IndexError) as error:
        raise InputError(f"{name} is not a UNIPEN file of digits: {error}.") from error
    if not found:
        raise InputError(f"{name} has no `.SEGMENT DIGIT` with strokes. Is it a UNIPEN file?")


@dataclass
class _Segment:
    label: int
    writer: int = -1
    strokes: list[list[tuple[float, float]]] = field(default_factory=list)
    pen_down: bool = False
    room: int = MAX_POINTS

    def read(self, line: str) -> None:
        word, *numbers = line.split(maxsplit=3) or [""]  # no more: a line may have millions
        if word == ".COMMENT" and len(numbers) > 1:
            self.writer = int(numbers[1])
        elif word == ".PEN_DOWN":
            self.take()
            self.strokes.append([])
            self.pen_down = True
        elif word.startswith("."):
            self.pen_down = False
        elif word and self.pen_down:
            self.take()
            self.strokes[-1].append((float(word), -float(numbers[0])))

    def take(self) -> None:
        """Make use of the room that there is for strokes and points."""
        if not self.room:
            raise ValueError(f"a drawing in it has more than {MAX_POINTS:,} points")
        self.room -= 1


def _segments(lines: Iterable[str]) -> Iterator[_Segment]:
    segment: _Segment | None = None
    for line in lines:
        if line.startswith(".SEGMENT DIGIT"):
            if segment:
                yield segment
            segment = _Segment(int(line.split('"', maxsplit=2)[1]))
        elif segment:
            segment.read(line)
    if segment:
        yield segment
