"""The geometry of pen strokes: framing them, drawing them as pixels, reading them from UNIPEN.

A stroke is an (n, 2) array of points along the pen's path: x to the right, y down, in any unit.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from models.errors import InputError
from models.lanes import Pixels

Stroke = NDArray[np.float64]

_SPACING = 0.5  # pixels between points drawn: discs this close leave no ripple that a pixel shows
_MANY = 1_000


def check(strokes: Sequence[NDArray[np.floating[Any]]]) -> list[Stroke]:
    """The strokes that have points, as float64. Raises InputError unless each is (n, 2), finite."""
    checked = [np.asarray(stroke, np.float64) for stroke in strokes if len(stroke)]
    for stroke in checked:
        if stroke.ndim != 2 or stroke.shape[1] != 2 or not np.isfinite(stroke).all():
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
    """Points along the stroke's path, its ends among them, at most ``spacing`` apart."""
    steps = np.hypot(*np.diff(stroke, axis=0).T)
    way = np.concatenate([[0.0], np.cumsum(steps)])
    if way[-1] == 0:
        return stroke[:1]
    at = np.linspace(0, way[-1], int(np.ceil(way[-1] / spacing)) + 1)
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
    """The digits of a UNIPEN file such as that of the UCI set "Pen-Based Recognition of Digits".

    Each segment has a ``.SEGMENT DIGIT … "8"`` line, a ``.COMMENT digit writer number`` line, and
    ``.PEN_DOWN`` … ``.PEN_UP`` blocks of "x y" with y up, which is turned to y down here.
    Raises InputError when the file holds none, or a line that cannot be read.
    """
    try:
        lines = path.read_text("latin-1").splitlines()
    except OSError as error:
        raise InputError(f"{path} cannot be read: {error.strerror}.") from error
    try:
        drawings = list(_segments(lines))
    except (ValueError, IndexError) as error:
        raise InputError(f"{path} is not a UNIPEN file of digits: {error}.") from error
    if not drawings:
        raise InputError(f"{path} has no `.SEGMENT DIGIT` with strokes. Is it a UNIPEN file?")
    return drawings


def _segments(lines: Sequence[str]) -> Iterator[PenDrawing]:
    starts = [at for at, line in enumerate(lines) if line.startswith(".SEGMENT DIGIT")]
    for start, end in zip(starts, [*starts[1:], len(lines)], strict=True):
        label = int(lines[start].split('"')[1])
        writer, strokes, pen_down = -1, list[list[tuple[float, float]]](), False
        for line in lines[start + 1 : end]:
            word, *numbers = line.split() or [""]
            if word == ".COMMENT" and len(numbers) > 1:
                writer = int(numbers[1])
            elif word == ".PEN_DOWN":
                strokes.append([])
                pen_down = True
            elif word.startswith("."):
                pen_down = False
            elif word and pen_down:
                strokes[-1].append((float(word), -float(numbers[0])))
        arrays = tuple(np.array(stroke) for stroke in strokes if stroke)
        if arrays:
            yield PenDrawing(label, writer, arrays)
