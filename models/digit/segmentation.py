"""Cut apart a picture that plainly holds several digits, in reading order.

A component is ink that hangs together. Components that lie over each other, or next to each other
with hardly a gap, are strokes of one digit: a 5 with a loose bar, an open 4. Small components
belong to the digit they are nearest to. Where this leaves one digit, or a picture full of texture,
nothing is cut.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from models.digit import components, enclosure, framing, resolution
from models.digit.grayscale import Grey, grey
from models.digit.ink import from_grey

_INK = 0.35  # a pixel with more ink than this belongs to a stroke
_SMALLEST_SIDE = 20  # pixels of a picture: less holds one digit at most
_SPECK = 0.02  # of the largest component's pixels: less is dust
_TALL = 0.45  # of the tallest component: less is part of a digit, not a digit
_MOST = 200  # digits in a picture: more is texture
_MOST_COMPONENTS = 4_000  # that are not dust: more is texture, whatever their size
_LAYERS = 2  # times the picture's area: digits whose boxes cover more lie in each other

_OVERLAP = 0.3  # of the narrower component's width: over each other
_TOUCH = 0.06  # of the tallest component: hardly a gap beside
_TOUCH_UNEVEN = 0.12  # ... where one is clearly shorter
_BREAK = 0.25  # ... or between the halves of a digit that is broken across
_NEAR = 0.5  # ... or from a loose bar to its digit


@dataclass(frozen=True)
class Box:
    """A rectangle in pixels; ``right`` and ``bottom`` lie outside, as in NumPy's slices."""

    left: int
    top: int
    right: int
    bottom: int

    @property
    def height(self) -> int:
        return self.bottom - self.top

    @property
    def width(self) -> int:
        return self.right - self.left

    def __or__(self, other: Box) -> Box:
        return Box(
            min(self.left, other.left),
            min(self.top, other.top),
            max(self.right, other.right),
            max(self.bottom, other.bottom),
        )

    def across(self, other: Box) -> int:
        """Pixels by which they overlap from left to right; negative: the gap."""
        return min(self.right, other.right) - max(self.left, other.left)

    def down(self, other: Box) -> int:
        """Pixels by which they overlap from top to bottom; negative: the gap."""
        return min(self.bottom, other.bottom) - max(self.top, other.top)


_Group = tuple[list[int], Box]
"""Indices of components, and the box around them."""


@dataclass(frozen=True, eq=False)
class Piece:
    """One digit of a picture: where it was, (left, top, right, bottom), and how much ink each pixel
    around it holds, (height, width) from 0 to 1, of this digit alone.
    """

    box: tuple[int, int, int, int]
    ink: Grey


def cut(image: Image.Image) -> list[Piece]:
    """The digits of a picture in reading order; one where there are not plainly several, and none
    without ink.

    Raises InputError for a picture without pixels or with too many.
    """
    whole = grey(image)
    picture = resolution.own(whole)
    times = whole.shape[0] // picture.shape[0]
    pieces = [
        piece
        for paper in enclosure.inside(picture)
        for piece in _moved(_cut(from_grey(paper.picture)), paper, times)
    ]
    return pieces


def _cut(strength: Grey) -> list[Piece]:
    if not strength.any():
        return []
    height, width = strength.shape
    one = [Piece((0, 0, width, height), strength)]
    if min(strength.shape) < _SMALLEST_SIDE:
        return one
    parts, boxes = _components(strength)
    groups = _groups(boxes) if len(boxes) <= _MOST_COMPONENTS else []
    if not 1 < len(groups) <= _MOST:
        return one
    if sum(box.height * box.width for _, box in groups) > _LAYERS * strength.size:
        return one
    return [_piece(strength, parts, [boxes[i][0] for i in group], box) for group, box in groups]


def _moved(pieces: list[Piece], paper: enclosure.Inside, times: int) -> list[Piece]:
    """The pieces of a paper, their boxes in the picture's own pixels."""
    result = []
    for piece in pieces:
        left, top, right, bottom = piece.box
        box = (left + paper.left, top + paper.top, right + paper.left, bottom + paper.top)
        scaled = (box[0] * times, box[1] * times, box[2] * times, box[3] * times)
        result.append(Piece(scaled, piece.ink))
    return result


def _components(strength: Grey) -> tuple[NDArray[np.int32], list[tuple[int, Box]]]:
    """The component of each pixel, and the number and box of those that are not dust."""
    found = components.of(strength > _INK)
    inner = ~framing.edges(found, strength.shape)
    largest = found.sizes[inner].max(initial=0)
    kept = np.flatnonzero(inner & (found.sizes > _SPECK * largest))[: _MOST_COMPONENTS + 1]
    corners = np.concatenate([found.low[kept], found.high[kept]], axis=1).tolist()
    boxes = [Box(left, top, right, bottom) for top, left, bottom, right in corners]
    return found.parts, list(zip((kept + 1).tolist(), boxes, strict=True))


def _groups(boxes: Sequence[tuple[int, Box]]) -> list[_Group]:
    """Indices of the components of each digit with the box around them, in reading order."""
    tallest = max((box.height for _, box in boxes), default=0)
    tall = [i for i, (_, box) in enumerate(boxes) if box.height >= _TALL * tallest]
    if len(tall) > 2 * _MOST:
        return []
    groups = _merged([([i], boxes[i][1]) for i in tall], tallest)
    if len(groups) > _MOST:
        return []
    for i in sorted(set(range(len(boxes))) - set(tall)):
        _attach(i, boxes[i][1], groups, tallest)
    return _in_reading_order(groups)


def _merged(groups: list[_Group], tallest: int) -> list[_Group]:
    """The groups with all strokes of one digit in one, each with the first that it belongs to.

    After a merge only the group that grew is compared again with those before the place that was
    reached: of n groups, no more than 2 n² pairs are compared in all.
    """

    def joins(at: int, other: int) -> bool:
        return _one_digit(groups[at][1], groups[other][1], tallest)

    reached = 0
    while reached < len(groups):
        at, other = reached, next((j for j in range(reached) if joins(reached, j)), None)
        if other is None:
            reached += 1
        while other is not None:
            groups[other] = (groups[other][0] + groups[at][0], groups[other][1] | groups[at][1])
            del groups[at]
            reached -= at < reached
            grown = at = other
            other = next((j for j in range(grown) if joins(grown, j)), None)
            if other is None:
                later = (j for j in range(grown + 1, reached) if joins(j, grown))
                at, other = next(((j, grown) for j in later), (grown, None))
    return groups


def _one_digit(one: Box, other: Box, tallest: int) -> bool:
    """Whether two tall components are strokes of one digit."""
    narrower = min(one.width, other.width)
    gap = -one.across(other) / tallest
    over = one.across(other) >= max(1.0, _OVERLAP * narrower)
    together = one.down(other) >= 0.3 * min(one.height, other.height)
    broken = one.down(other) >= -_BREAK * tallest
    # The left part of an open 4 is shorter than its bar; two digits of a line are not.
    uneven = min(one.height, other.height) <= 0.75 * max(one.height, other.height)
    beside = gap <= (_TOUCH_UNEVEN if uneven else _TOUCH) and narrower < 0.25 * tallest
    return (over and (together or broken)) or (beside and together)


def _attach(index: int, box: Box, groups: list[_Group], tallest: int) -> None:
    """Give a small component to the nearest digit, or to none when all are far."""

    def distance(group: Box) -> float:
        return math.hypot(max(0, -group.across(box)), max(0, -group.down(box)))

    nearest = min(range(len(groups)), key=lambda j: distance(groups[j][1]), default=None)
    if nearest is not None and distance(groups[nearest][1]) <= _NEAR * tallest:
        members, whole = groups[nearest]
        groups[nearest] = ([*members, index], whole | box)


def _in_reading_order(groups: Sequence[_Group]) -> list[_Group]:
    """Line by line, from left to right. A line's digits overlap its first one by half."""
    left = sorted(groups, key=lambda group: group[1].top)
    ordered: list[_Group] = []
    while left:
        first = left[0][1]
        line = [
            each for each in left if each[1].down(first) >= 0.5 * min(each[1].height, first.height)
        ]
        ordered += sorted(line, key=lambda group: group[1].left)
        left = [each for each in left if not any(each is one for one in line)]
    return ordered


def _piece(strength: Grey, parts: NDArray[np.int32], numbers: Sequence[int], box: Box) -> Piece:
    """The ink of some components, with the pale rim around it, on paper."""
    from scipy import ndimage

    margin = max(2, round(0.15 * max(box.height, box.width)))
    rows, columns = slice(box.top, box.bottom), slice(box.left, box.right)
    own = np.pad(np.isin(parts[rows, columns], numbers), margin)
    # The window may reach beyond the picture, where there is only paper.
    top, left = max(0, box.top - margin), max(0, box.left - margin)
    seen = strength[top : box.bottom + margin, left : box.right + margin]
    down, across = top - (box.top - margin), left - (box.left - margin)
    window = np.zeros(own.shape, strength.dtype)
    window[down : down + seen.shape[0], across : across + seen.shape[1]] = seen
    kept = np.where(ndimage.binary_dilation(own, np.ones((3, 3)), iterations=2), window, 0)
    return Piece((box.left, box.top, box.right, box.bottom), from_grey(1 - kept))
