"""Cut apart a picture that plainly holds several digits, in reading order.

A component is ink that hangs together. Which of them are strokes of one digit is told by
``models.digit.grouping``. Where this leaves one digit, or a picture full of texture, nothing is
cut. A sheet whose digits cannot be told apart is refused: it must not be read as one digit.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from models.digit import components, enclosure, framing, mending, resolution
from models.digit.grayscale import Grey, grey
from models.digit.grouping import sheet
from models.digit.grouping.boxes import Box, Group, by_cell, groups
from models.digit.ink import from_grey
from models.errors import InputError

_INK = 0.35  # a pixel with more ink than this belongs to a stroke
_SMALLEST_SIDE = 20  # pixels of a picture: less holds one digit at most
_SPECK = 0.02  # of the largest component's pixels: less is dust
_MOST_COMPONENTS = 40_000  # that are not dust: more is texture, whatever their size
_KNOWN_SIZE = 64 * 64  # pixels of a piece whose ink is kept
_MOST_KNOWN = 256  # of these
_LAYERS = 2  # times the picture's area: digits whose boxes cover more lie in each other
_TOLD_APART = 0.6  # of a sheet's pieces of ink lie in one cell, at least; else it is refused
_SPANS = (
    0.9  # of both sides of the picture: ink of a single digit, or of a sheet that hangs together
)
_IN_CELL = 1.3  # times a cell's side: what is longer is in several

SHEET = 9
"""So many digits in rows and columns are a sheet; fewer may be anything."""


@dataclass(frozen=True, eq=False)
class Piece:
    """One digit of a picture, found at ``box`` (left, top, right, bottom)."""

    box: tuple[int, int, int, int]
    _separate: Callable[[], Grey]

    @property
    def ink(self) -> Grey:
        """How much ink each pixel around it holds, (height, width) from 0 to 1, of this one alone.

        Made at each call: a sheet has thousands.
        """
        return self._separate()


def cut(image: Image.Image) -> list[Piece]:
    """The digits of a picture in reading order; one where there are not plainly several, and none
    without ink.

    Raises InputError for a sheet whose digits cannot be told apart, and for a picture without
    pixels or with too many.
    """
    whole = grey(image)
    picture = resolution.own(whole)
    times = whole.shape[0] // picture.shape[0]
    return [
        _moved(piece, part, times)
        for part in mending.writing(picture)
        for piece in _of_part(part.picture)
    ]


def _of_part(strength: Grey) -> list[Piece]:
    if not strength.any():
        return []
    height, width = strength.shape
    one = [Piece((0, 0, width, height), lambda: strength)]
    if min(strength.shape) < _SMALLEST_SIDE:
        return one
    parts, numbers, boxes = _components(strength)
    spans = any(
        box.height > _SPANS * height and box.width > _SPANS * width for box in boxes[:SHEET]
    )
    cells = sheet.lattice(strength) if len(boxes) >= SHEET or spans else None
    if cells is not None and cells.cells >= SHEET:
        found = _of_sheet(boxes, cells)
    else:
        found = groups(boxes) if len(boxes) <= _MOST_COMPONENTS else []
    if sum(box.height * box.width for _, box in found) > _LAYERS * strength.size:
        return one
    if len(found) < 2:
        return one
    known: dict[bytes, Grey] = {}
    return [
        Piece(box.corners, partial(_alone, strength, parts, numbers[group], box, known))
        for group, box in found
    ]


def _of_sheet(boxes: list[Box], cells: sheet.Lattice) -> list[Group]:
    """The digits in the cells of a sheet. Raises InputError where they reach from cell to cell."""
    down, across = cells.step
    wide = [box for box in boxes if box.height > _IN_CELL * down or box.width > _IN_CELL * across]
    if len(wide) > (1 - _TOLD_APART) * len(boxes) or len(boxes) > _MOST_COMPONENTS:
        raise InputError(
            f"This looks like a sheet of about {cells.cells:,} digits, which cannot be told apart. "
            "Leave more room between them, or save each as a picture."
        )
    return by_cell(boxes, cells)


def _moved(piece: Piece, part: enclosure.Inside, times: int) -> Piece:
    """A piece of a part of the picture, its box in the picture's own pixels."""
    left, top, right, bottom = piece.box
    across, down = part.left, part.top
    box = (left + across, top + down, right + across, bottom + down)
    return Piece((box[0] * times, box[1] * times, box[2] * times, box[3] * times), piece._separate)


def _components(strength: Grey) -> tuple[NDArray[np.int32], NDArray[np.intp], list[Box]]:
    """The component of each pixel, and the numbers and boxes of those that are not dust."""
    found = components.of(strength > _INK)
    inner = ~framing.edges(found, strength.shape)
    largest = found.sizes[inner].max(initial=0)
    kept = np.flatnonzero(inner & (found.sizes > _SPECK * largest))[: _MOST_COMPONENTS + 1]
    corners = np.concatenate([found.low[kept], found.high[kept]], axis=1).tolist()
    boxes = [Box(left, top, right, bottom) for top, left, bottom, right in corners]
    return found.parts, kept + 1, boxes


def _alone(
    strength: Grey,
    parts: NDArray[np.int32],
    numbers: NDArray[np.intp],
    box: Box,
    known: dict[bytes, Grey],
) -> Grey:
    """The ink of some components, with the pale rim around it, on paper. ``known`` has that of
    small ones that were made: thousands of one shape make a small file, which must not take long.
    """
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
    key = b"%d " % len(kept) + kept.tobytes() if kept.size <= _KNOWN_SIZE else b""
    if key in known:
        return known[key]
    ink = from_grey(1 - kept)
    if key and len(known) < _MOST_KNOWN:
        known[key] = ink
    return ink
