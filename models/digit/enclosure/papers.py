"""Papers: components that are solid and have writing in them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from models.digit import components
from models.digit.components import Components
from models.digit.enclosure.shapes import Mask, edge_of, fills_a_rectangle, shape_of
from models.digit.framing import line_width

_SMALLEST = 14  # pixels: the shorter side of a paper
_LEAST = 0.0004  # of the picture: a paper; of sheets with more, no digit can be told
_MOST = 20_000  # components that are looked at
_SOLID = 0.92  # of the area of a rectangle with the same second moments; an ellipse has 1.05
_STROKE = 0.17  # of the longer side of no rectangle: narrower is a fat 8 or an outlined 0
_SLIM = 2.2  # times as long as wide, and no rectangle: a slim 8
_LARGE = 0.4  # of the picture's longer side, by no rectangle: smaller is a 0 of a fat pen
_PAPER = 0.5  # of a paper is bare, at least
_WRITING = 0.12  # of the paper's longer side: the size of the largest writing in it
_LOOKED_AT = 12  # pieces of that size, the largest: hatching has hundreds
_FAT = 0.2  # of writing's longer side, as thick anywhere: the hole of a 0 or an 8
_PLAIN = 0.8  # as solid as the hole of a 0 or an 8, or as a 1
_FILLS = 0.3  # of the box around a paper, at least: one turned by 45 degrees
_TALL = 0.3  # of the paper's longer side: a 1 in it, at least
_BAR = 3.0  # times as long as wide, with more of the paper's longer side beside it: a 1
_MARGIN, _ROUND_MARGIN = 0.2, 0.3
_ENCLOSED = 0.55  # of the picture's edge lies in the paper, at most


@dataclass(frozen=True, eq=False)
class Paper:
    """``rows``, ``columns`` of the picture; in these, ``own`` is bare and ``filled`` all of it."""

    rows: slice
    columns: slice
    own: Mask
    filled: Mask


def papers_of(light: Mask) -> list[Paper]:
    """The inmost papers of both kinds."""
    found = [each for mask in (light, ~light) for each in _solid_with_writing(mask)]
    found.sort(key=lambda paper: paper.filled.size)
    inmost, taken = list[Paper](), np.zeros(light.shape, np.bool_)
    for paper in found:
        place = taken[paper.rows, paper.columns]
        if not place[paper.filled].any():
            inmost.append(paper)
            place |= paper.filled
    return inmost


def _solid_with_writing(mask: Mask) -> Iterator[Paper]:
    found = components.of(mask, corners=False)
    edge = np.bincount(edge_of(found.parts), minlength=len(found) + 1)[1:]
    height, width = np.moveaxis(found.high - found.low, 1, 0)
    least = max(_SMALLEST**2 // 2, _LEAST * mask.size)
    # What reaches most of the picture's edge is what others lie on. A ring that fills too little of
    # its box is looked at no further, so that all boxes together are few times the picture.
    large = (found.sizes >= least) & (edge <= _ENCLOSED * 2 * sum(mask.shape))
    large &= (np.minimum(height, width) >= _SMALLEST) & (found.sizes >= _FILLS * height * width)
    for at in np.flatnonzero(large)[:_MOST].tolist():
        (top, left), (bottom, right) = found.low[at].tolist(), found.high[at].tolist()
        rows, columns = slice(top, bottom), slice(left, right)
        own = found.parts[rows, columns] == at + 1
        paper = Paper(rows, columns, own, _filled(own))
        area = int(paper.filled.sum())
        if max(own.shape) < _LARGE * max(mask.shape) and not fills_a_rectangle(paper.filled, area):
            continue
        if found.sizes[at] >= _PAPER * area and _is_paper(paper, area, mask[rows, columns]):
            yield paper


def _filled(own: Mask) -> Mask:
    """The mask with its holes."""
    from scipy import ndimage

    outside, _ = ndimage.label(np.pad(~own, 1, constant_values=True), np.ones((3, 3)))
    filled: Mask = outside[1:-1, 1:-1] != outside[0, 0]
    return filled


def _is_paper(paper: Paper, area: int, kind: Mask) -> bool:
    """Whether it is solid and has writing in it, which is no hole of a fat 0, 6, 8 or 9."""
    if area == int(paper.own.sum()):
        return False
    shape, long = shape_of(paper.filled)
    longer = max(paper.filled.shape)
    if shape < _SOLID:
        return False
    is_rectangle = fills_a_rectangle(paper.filled, area)
    if not is_rectangle and (long > _SLIM or line_width(paper.own) < _STROKE * longer):
        return False
    writing = components.of(paper.filled & ~kind)
    sides = (writing.high - writing.low).max(axis=1, initial=0)
    large = np.flatnonzero(sides >= max(4, _WRITING * longer))
    largest = large[np.argsort(-sides[large], kind="stable")][:_LOOKED_AT].tolist()
    if not is_rectangle and any(_thickness(writing, at) > _FAT * sides[at] for at in largest):
        return False
    for at in largest:
        (top, left), (bottom, right) = writing.low[at].tolist(), writing.high[at].tolist()
        width = right - left
        solid, long = shape_of(writing.parts[top:bottom, left:right] == at + 1)
        if solid < _PLAIN:
            return True
        beside = (paper.filled.shape[1] - width) / 2
        margin = _MARGIN if is_rectangle else _ROUND_MARGIN
        if beside > margin * longer and long > _BAR and sides[at] > _TALL * longer:
            return True
    return False


def _thickness(found: Components, at: int) -> int:
    """The side in pixels of the largest square in one of the components."""
    from scipy import ndimage

    (top, left), (bottom, right) = found.low[at].tolist(), found.high[at].tolist()
    mask = np.pad(found.parts[top:bottom, left:right] == at + 1, 1)
    return 2 * int(ndimage.distance_transform_cdt(mask).max())
