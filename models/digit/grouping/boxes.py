"""Which components of ink are strokes of one digit, judged by their boxes.

Components that lie over each other, or next to each other with hardly a gap, are strokes of one
digit: a 5 with a loose bar, an open 4. Small components belong to the digit they are nearest to.
"""

from __future__ import annotations

import math
from bisect import bisect_left
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import TypeVar

from models.digit.grouping import sheet

_TALL = 0.45  # of the tallest component: less is part of a digit, not a digit
_MANY = 200  # digits: more are a sheet's, whose components are near each other or not at all
_MOST_PAIRS = 800_000  # of components near each other that are compared: more are texture

_OVERLAP = 0.3  # of the narrower component's width: over each other
_TOUCH = 0.06  # of the tallest component: hardly a gap beside
_TOUCH_UNEVEN = 0.12  # ... where one is clearly shorter
_BREAK = 0.25  # ... or between the halves of a digit that is broken across
_NEAR = 0.5  # ... or from a loose bar to its digit
_DIGIT = 8  # pixels: the tallest digit of a sheet, at least
_ALIKE = 0.8  # of a sheet's digits are as tall as most: other pieces of ink are texture


T = TypeVar("T")


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

    @property
    def corners(self) -> tuple[int, int, int, int]:
        return self.left, self.top, self.right, self.bottom

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


Group = tuple[list[int], Box]
"""Indices of components, and the box around them."""


def groups(boxes: Sequence[Box]) -> list[Group]:
    """Indices of the components of each digit with the box around them, in reading order.

    None where hundreds are not as tall as each other, as digits of a sheet are.
    """
    tallest = max((box.height for box in boxes), default=0)
    tall = [i for i, box in enumerate(boxes) if box.height >= _TALL * tallest]
    small = sorted(set(range(len(boxes))) - set(tall))
    if len(tall) <= _MANY:
        return in_reading_order(_grouped(boxes, tall, small, tallest))
    if tallest < _DIGIT or len(tall) < _ALIKE * len(boxes):
        return []
    near = sheet.clusters([each.corners for each in boxes], tallest)
    if sum(len(cluster) ** 2 for cluster in near if len(cluster) <= _MANY) > _MOST_PAIRS:
        return []
    of_sheet = [
        group
        for cluster in near
        if len(cluster) <= _MANY
        for group in _grouped(
            boxes,
            [i for i in cluster if boxes[i].height >= _TALL * tallest],
            [i for i in cluster if boxes[i].height < _TALL * tallest],
            tallest,
        )
    ]
    return in_reading_order(of_sheet)


def by_cell(boxes: Sequence[Box], cells: sheet.Lattice) -> list[Group]:
    """Indices of the components in each cell of a sheet with the box around them, row by row."""
    found: dict[tuple[int, int], Group] = {}
    for i, box in enumerate(boxes):
        cell = cells.cell((box.top + box.bottom) / 2, (box.left + box.right) / 2)
        members, whole = found.get(cell, ([], box))
        found[cell] = ([*members, i], whole | box)
    return [found[cell] for cell in sorted(found)]


def _grouped(
    boxes: Sequence[Box], tall: Sequence[int], small: Sequence[int], tallest: int
) -> list[Group]:
    found = _merged([([i], boxes[i]) for i in tall], tallest)
    for i in small:
        _attach(i, boxes[i], found, tallest)
    return found


def _merged(groups: list[Group], tallest: int) -> list[Group]:
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


def _attach(index: int, box: Box, groups: list[Group], tallest: int) -> None:
    """Give a small component to the nearest digit, or to none when all are far."""

    def distance(group: Box) -> float:
        return math.hypot(max(0, -group.across(box)), max(0, -group.down(box)))

    nearest = min(range(len(groups)), key=lambda j: distance(groups[j][1]), default=None)
    if nearest is not None and distance(groups[nearest][1]) <= _NEAR * tallest:
        members, whole = groups[nearest]
        groups[nearest] = ([*members, index], whole | box)


def in_reading_order(groups: Sequence[Group]) -> list[Group]:
    """Line by line, from left to right. A line's digits overlap its first one by half."""
    return by_lines(groups, lambda group: group[1])


def by_lines(things: Iterable[T], box: Callable[[T], Box]) -> list[T]:
    """Things line by line, as ``in_reading_order``, each at its ``box``.

    Only those that begin above a line's first end are compared with it: there are thousands.
    """
    left = sorted(((box(each), each) for each in things), key=lambda each: each[0].top)
    ordered: list[T] = []
    while left:
        first = left[0][0]
        end = bisect_left(left, max(first.bottom, first.top + 1), key=lambda each: each[0].top)
        line, rest = list[tuple[Box, T]](), list[tuple[Box, T]]()
        for each in left[:end]:
            in_line = each[0].down(first) >= 0.5 * min(each[0].height, first.height)
            (line if in_line else rest).append(each)
        ordered += [each for _, each in sorted(line, key=lambda each: each[0].left)]
        left[:end] = rest
    return ordered
