"""The pen's strokes in a link, beside the digit's pixels: for the pad alone, nothing reads them.

A token holds, for each stroke, the number of its points and the steps from point to point, in whole
units of the pad, as numbers of seven bits a byte. A stroke is drawn through fewer points than the
pen gave: through those that keep it within ``NEAR`` units of its path, of a pen of 18.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from models.digit import tokens
from models.digit.strokes import Stroke

LONGEST = 700  # characters
NEAR = 1.0  # units of the pad, which has 280 a side
FARTHEST = 2_000  # units from the pad's corner
MOST_POINTS = 500  # more fit into no token of this length, as people draw
_MOST_BYTES = 8 * MOST_POINTS
_MOST_GIVEN = 20_000


def encode(strokes: Sequence[Stroke]) -> str | None:
    """The strokes, each (n, 2) in the pad's units, as a token; None where it would be too long."""
    if not strokes or not all(map(len, strokes)) or sum(map(len, strokes)) > _MOST_GIVEN:
        return None
    content, at, left = bytearray(), np.zeros(2, np.int64), MOST_POINTS
    for stroke in strokes:
        points = _fewer(np.asarray(stroke, np.float64), left)
        if points is None or np.abs(points).max() > FARTHEST:
            return None
        left -= len(points)
        content += _bytes(len(points))
        for step in np.diff(points, axis=0, prepend=at[None]).ravel():
            content += _bytes(_folded(int(step)))
        at = points[-1]
    token = tokens.pack(bytes(content))
    return token if len(token) <= LONGEST else None


def decode(token: str) -> list[Stroke] | None:
    """The strokes in a token, each (n, 2) float64; None for any other text."""
    if len(token) > LONGEST:
        return None
    content = tokens.unpack(token, _MOST_BYTES)
    if content is None:
        return None
    try:
        return _strokes(list(_numbers(content)))
    except ValueError:
        return None


def _strokes(numbers: Sequence[int]) -> list[Stroke]:
    strokes: list[Stroke] = []
    place, at, left = 0, np.zeros(2, np.int64), MOST_POINTS
    while place < len(numbers):
        count = numbers[place]
        steps = [_unfolded(each) for each in numbers[place + 1 : place + 1 + 2 * count]]
        left -= count
        if count == 0 or left < 0 or len(steps) != 2 * count:
            raise ValueError("no stroke of so many points")
        points = at + np.cumsum(np.array(steps, np.int64).reshape(-1, 2), axis=0)
        if np.abs(points).max() > FARTHEST:
            raise ValueError("a point far from the pad")
        place, at = place + 1 + 2 * count, points[-1]
        strokes.append(points.astype(np.float64))
    return strokes


def _fewer(points: Stroke, most: int) -> NDArray[np.int64] | None:
    """Whole points that keep the stroke within ``NEAR`` of its path (Ramer, Douglas, Peucker); None
    where these are more than ``most``.
    """
    kept, parts = {0, len(points) - 1}, [(0, len(points) - 1)]
    while parts:
        first, last = parts.pop()
        if last - first < 2:
            continue
        far = _distances(points[first + 1 : last], points[first], points[last])
        if far.max() <= NEAR:
            continue
        middle = first + 1 + int(far.argmax())
        kept.add(middle)
        if len(kept) > most:
            return None
        parts += [(first, middle), (middle, last)]
    whole = np.rint(points[sorted(kept)]).astype(np.int64)
    is_new = np.any(np.diff(whole, axis=0, prepend=whole[:1] - 1) != 0, axis=1)
    return whole[is_new] if is_new.sum() <= most else None


def _distances(points: Stroke, start: Stroke, end: Stroke) -> Stroke:
    """How far each point is from the straight line between ``start`` and ``end``."""
    way, steps = end - start, points - start
    length = float(way @ way)
    share = np.clip(steps @ way / length, 0, 1) if length > 0 else np.zeros(len(points))
    apart = steps - share[:, None] * way
    return np.hypot(apart[:, 0], apart[:, 1])


def _bytes(number: int) -> bytes:
    """Seven bits a byte, the lowest first; all but the last have the eighth."""
    parts = [number & 127]
    while number := number >> 7:
        parts[-1] |= 128
        parts.append(number & 127)
    return bytes(parts)


def _numbers(content: bytes) -> Iterator[int]:
    number, shift = 0, 0
    for byte in content:
        number |= (byte & 127) << shift
        shift += 7
        if byte < 128:
            yield number
            number, shift = 0, 0
        elif shift > 14:
            raise ValueError("a number of more than three bytes")
    if shift:
        raise ValueError("the last number is cut off")


def _folded(number: int) -> int:
    """0, -1, 1, -2, … → 0, 1, 2, 3, …"""
    return -2 * number - 1 if number < 0 else 2 * number


def _unfolded(number: int) -> int:
    return -(number + 1) // 2 if number % 2 else number // 2
