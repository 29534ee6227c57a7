"""UNIPEN files of pen drawings: each drawing redrawn from its strokes, as on the canvas."""

from __future__ import annotations

import io
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from models.dataset.collector import Collector
from models.dataset.dataset import Levels
from models.digit.digit import from_strokes
from models.digit.picture import levels
from models.digit.strokes import MAX_POINTS, Stroke
from models.errors import InputError


@dataclass(frozen=True, eq=False)
class PenDrawing:
    """A digit written with a pen: what was asked for, by whom, and the strokes (y down)."""

    label: int
    writer: int
    strokes: tuple[Stroke, ...]


def looks_like_one(head: bytes) -> bool:
    """Whether the first bytes hold one of UNIPEN's keywords at the start of a line."""
    lines = head.split(b"\n")
    return any(line.startswith((b".VERSION", b".SEGMENT", b".COMMENT")) for line in lines[:20])


def read(name: str, content: bytes, collector: Collector) -> None:
    """Add the drawings of a UNIPEN file to the dataset. Raises InputError."""
    if not collector.options.target.is_digit:
        raise InputError("It holds pen drawings of digits, and the model takes other pictures.")
    pixels, labels = list[Levels](), list[int]()
    others, room = 0, collector.room
    for drawing in parse(io.TextIOWrapper(io.BytesIO(content), "latin-1"), "It"):
        if not 0 <= drawing.label <= 9:
            others += 1
            continue
        if len(labels) == room:
            collector.skip(
                name,
                f"The set is full: the drawings after its first {room:,} were left out. "
                f"{collector.holds}",
            )
            break
        collector.seen += 1
        collector.report(name, len(labels))
        pixels.append(levels(from_strokes(drawing.strokes)))
        labels.append(drawing.label)
    if others:
        collector.skip(name, f"{others:,} of its drawings are labelled as no digit.")
    if labels:
        names = [f"{name} [{index}]" for index in range(len(labels))]
        collector.add(name, names, np.stack(pixels), np.array(labels))


def read_drawings(path: Path) -> list[PenDrawing]:
    """The digits of the UNIPEN file at ``path``. Raises InputError as ``parse`` does."""
    try:
        with path.open(encoding="latin-1") as lines:
            return list(parse(lines, str(path)))
    except OSError as error:
        raise InputError(f"{path} cannot be read: {error.strerror}.") from error


def parse(lines: Iterable[str], name: str) -> Iterator[PenDrawing]:
    """The digits in the lines of a UNIPEN file such as UCI's data set "Pen-Based Recognition of
    Digits", one after the other.

    Each segment has a ``.SEGMENT DIGIT … "8"`` line, a ``.COMMENT digit writer number`` line, and
    ``.PEN_DOWN`` … ``.PEN_UP`` blocks of "x y" with y up, which is turned to y down here.
    Raises InputError, which begins with ``name``, when there are none, when a line cannot be read,
    and when a drawing has more than ``MAX_POINTS`` points.
    """
    has_digits = False
    try:
        for segment in _segments(lines):
            if strokes := tuple(np.array(each) for each in segment.strokes if each):
                yield PenDrawing(segment.label, segment.writer, strokes)
                has_digits = True
    except (ValueError, IndexError) as error:
        raise InputError(f"{name} is not a UNIPEN file of digits: {error}.") from error
    if not has_digits:
        raise InputError(f"{name} has no `.SEGMENT DIGIT` with strokes. Is it a UNIPEN file?")


@dataclass
class _Segment:
    label: int
    writer: int = -1
    strokes: list[list[tuple[float, float]]] = field(default_factory=list)
    pen_down: bool = False
    room: int = MAX_POINTS

    def read(self, line: str) -> None:
        word, *numbers = line.split(maxsplit=3) or [""]  # a limit: a line may have millions
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
        """Use up one of the strokes and points that there is room for."""
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
