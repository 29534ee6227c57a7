"""What encloses the writing is not ink: a frame, a page around a canvas, the table under a sheet.

A threshold parts a picture into light and dark components. One of either kind is a *paper* if it is
solid, nearly a rectangle or an ellipse at any angle, and has writing of the other kind in it. Of
papers in each other, the inmost is meant. What lies around it is replaced by more of the paper; of
several papers beside each other, each is a picture of its own.

SciPy is imported only for pictures: drawings do not need it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from models.digit import resolution
from models.digit.components import Components
from models.digit.framing import line_width
from models.digit.grayscale import Grey
from models.digit.otsu import otsu, separability

Mask = NDArray[np.bool_]

_DEPTH = 4  # frames in each other that one threshold does not show
_SMALLEST = 14  # pixels: the shorter side of a paper
_LEAST = 0.0004  # of the picture: a paper; of sheets with more, no digit can be told
_MOST = 20_000  # components that are looked at
_SOLID = 0.92  # of the area of a rectangle with the same second moments; an ellipse has 1.05
_SQUARE = 0.88  # of the least rectangle around it: a rectangle itself, at any angle
_SKEW = 0.01  # from a rectangle's 1: what is no exact one
_STROKE = (
    0.17  # of the longer side of such a paper: narrower is a fat 8, or the inside of an outlined 0
)
_PAPER = 0.5  # of a paper is bare, at least
_WRITING = 0.12  # of the paper's longer side: the size of the largest writing in it
_PLAIN = 0.8  # as solid as the hole of a 0 or an 8, or as a 1
_BAR = 3.0  # times as long as wide, with more of the paper's longer side beside it: a 1
_MARGIN, _ROUND_MARGIN = 0.2, 0.3
_ENCLOSED = 0.55  # of the picture's edge lies in the paper, at most
_TIGHT = 0.8  # of a paper from one side of the picture to the other: taller writing is cut close
_DOMINANT = 0.25  # of the box around all ink: the papers
_TABLE = 4  # papers beside and above each other: others between them are missed
_SHARP = 0.4  # of the way from paper to what is around: the step at its edge; light has none
_CLEAR = 0.8  # of the variance lies between two groups of greys on one side of a threshold
_SHARE = 0.02  # of these greys are in the smaller group, at least
_STEP = 0.1  # between the groups' means


@dataclass(frozen=True, eq=False)
class Inside:
    """A paper's picture, and where its top left corner was in the whole."""

    picture: Grey
    top: int
    left: int


@dataclass(frozen=True, eq=False)
class _Paper:
    """``rows``, ``columns`` of the picture; in these, ``own`` is bare and ``filled`` all of it."""

    rows: slice
    columns: slice
    own: Mask
    filled: Mask


def inside(picture: Grey, *, deep: int = _DEPTH) -> list[Inside]:
    """The papers of a picture (height, width) in [0, 1] in reading order, as pictures of their own.

    The whole picture where nothing encloses its writing.
    """
    whole = [Inside(picture, 0, 0)]
    if not deep or min(picture.shape) < _SMALLEST:
        return whole
    for threshold in _thresholds(picture):
        papers = _papers(picture > threshold)
        if papers and _enclose(papers, picture, threshold):
            papers = _in_reading_order(_with_missed_cells(papers))
            inner = [(paper, _cropped(picture, paper)) for paper in papers]
            return [
                Inside(each.picture, paper.rows.start + each.top, paper.columns.start + each.left)
                for paper, crop in inner
                for each in inside(crop, deep=deep - 1)
            ]
    return whole


def of_ink(strength: Grey, found: Components) -> list[Inside]:
    """The same for ink (height, width) in [0, 1], whose components are ``found``: in light that
    falls off, frames are seen only where the ink is.
    """
    if not len(found):
        return [Inside(strength, 0, 0)]
    widest = int((found.high - found.low).prod(axis=1).argmax())
    within = (found.low > found.low[widest]).all(axis=1)
    within &= (found.high < found.high[widest]).all(axis=1)
    parts = inside(paper := 1 - strength) if within.any() else []
    if not parts or parts[0].picture is paper:
        return [Inside(strength, 0, 0)]
    return [Inside(1 - each.picture, each.top, each.left) for each in parts]


def _thresholds(picture: Grey) -> Iterator[float]:
    """Otsu's, and one on each side of it where the greys there are two groups as well."""
    step = max(1, min(picture.shape) // 200)
    sample = picture[::step, ::step]
    first = otsu(sample)
    yield first
    for part in (sample[sample > first], sample[sample <= first]):
        if len(part) and np.ptp(part) > _STEP:
            second = otsu(part)
            share = float((part > second).mean())
            apart = float(part[part > second].mean() - part[part <= second].mean())
            if min(share, 1 - share) > _SHARE and apart > _STEP and separability(part) > _CLEAR:
                yield second


def _papers(light: Mask) -> list[_Paper]:
    """The inmost papers of both kinds."""
    found = [each for mask in (light, ~light) for each in _solid_with_writing(mask)]
    found.sort(key=lambda paper: paper.filled.size)
    inmost, taken = list[_Paper](), np.zeros(light.shape, np.bool_)
    for paper in found:
        place = taken[paper.rows, paper.columns]
        if not place[paper.filled].any():
            inmost.append(paper)
            place |= paper.filled
    return inmost


def _solid_with_writing(mask: Mask) -> Iterator[_Paper]:
    from scipy import ndimage

    parts, count = ndimage.label(mask)
    if not count:
        return
    sizes = np.bincount(parts.reshape(-1))[1:]
    edge = np.bincount(_edge(parts), minlength=count + 1)[1:]
    # What reaches most of the picture's edge is what others lie on.
    sizes[edge > _ENCLOSED * 2 * sum(mask.shape)] = 0
    least = max(_SMALLEST**2 // 2, _LEAST * mask.size)
    boxes = ndimage.find_objects(parts)
    large = np.flatnonzero(sizes >= least)
    for at in large[np.argsort(sizes[large])[::-1]][:_MOST]:
        rows, columns = boxes[at]
        height, width = rows.stop - rows.start, columns.stop - columns.start
        if min(height, width) < _SMALLEST or sizes[at] < 0.3 * height * width:
            continue
        own = parts[rows, columns] == at + 1
        paper = _Paper(rows, columns, own, _filled(own))
        area = int(paper.filled.sum())
        if sizes[at] >= _PAPER * area and _is_paper(paper, area, mask[rows, columns]):
            yield paper


def _filled(own: Mask) -> Mask:
    """The mask with its holes."""
    from scipy import ndimage

    outside, _ = ndimage.label(np.pad(~own, 1, constant_values=True), np.ones((3, 3)))
    filled: Mask = outside[1:-1, 1:-1] != outside[0, 0]
    return filled


def _is_paper(paper: _Paper, area: int, kind: Mask) -> bool:
    """Whether it is solid and has writing in it, which is no hole of a fat 0, 6, 8 or 9."""
    from scipy import ndimage

    if area == int(paper.own.sum()):
        return False
    shape, _ = _shape(paper.filled)
    longer = max(paper.filled.shape)
    if shape < _SOLID:
        return False
    is_rectangle = _fills_a_rectangle(paper.filled, area)
    if not is_rectangle and line_width(paper.own) < _STROKE * longer:
        return False
    parts, _ = ndimage.label(paper.filled & ~kind, np.ones((3, 3)))
    for number, (rows, columns) in enumerate(ndimage.find_objects(parts), 1):
        width = columns.stop - columns.start
        size = max(rows.stop - rows.start, width)
        if size < max(4, _WRITING * longer):
            continue
        solid, long = _shape(parts[rows, columns] == number)
        if solid < _PLAIN:
            return True
        beside = (paper.filled.shape[1] - width) / 2
        margin = _MARGIN if is_rectangle else _ROUND_MARGIN
        if beside > margin * longer and long > _BAR and size > 0.3 * longer:
            return True
    return False


def _fills_a_rectangle(filled: Mask, area: int) -> bool:
    """Whether it is nearly the rectangle around it at some angle."""
    if area > _SQUARE * filled.size:
        return True
    rows = np.flatnonzero(filled.any(axis=1))
    firsts = filled[rows].argmax(axis=1)
    lasts = filled.shape[1] - 1 - filled[rows, ::-1].argmax(axis=1)
    x, y = np.concatenate([firsts, lasts]), np.concatenate([rows, rows])
    turns = np.deg2rad(np.arange(0, 90, 5))[:, None]
    long, wide = (
        np.ptp(each, axis=1) + 1
        for each in (x * np.cos(turns) + y * np.sin(turns), y * np.cos(turns) - x * np.sin(turns))
    )
    return bool(area > _SQUARE * (long * wide).min())


def _shape(mask: Mask) -> tuple[float, float]:
    """The area as a share of a rectangle's with the same second moments, and how many times as long
    as wide that is.
    """
    down, across = mask.sum(axis=1, dtype=np.float64), mask.sum(axis=0, dtype=np.float64)
    area = down.sum()
    y, x = np.arange(len(down)), np.arange(len(across))
    middle_y, middle_x = down @ y / area, across @ x / area
    # A pixel is a square of 1/12 around its middle.
    yy = down @ (y - middle_y) ** 2 / area + 1 / 12
    xx = across @ (x - middle_x) ** 2 / area + 1 / 12
    xy = (y - middle_y) @ (mask @ (x - middle_x)) / area
    root = np.sqrt((yy - xx) ** 2 + 4 * xy**2)
    long, short = (yy + xx + root) / 2, max((yy + xx - root) / 2, 1e-9)
    return float(area / (12 * np.sqrt(long * short))), float(np.sqrt(long / short))


def _enclose(papers: list[_Paper], picture: Grey, threshold: float) -> bool:
    """Whether all that matters lies in the papers, and something else around them."""
    height, width = picture.shape
    covered = np.zeros(picture.shape, np.bool_)
    for paper in papers:
        covered[paper.rows, paper.columns] |= paper.filled
    if covered.all():
        return False
    if _edge(covered).mean() > _ENCLOSED:
        return False
    light = picture > threshold
    around = light != (_edge(light).mean() > 0.5)
    rows, columns = (np.flatnonzero((around | covered).any(axis=axis)) for axis in (1, 0))
    box = (rows[-1] + 1 - rows[0]) * (columns[-1] + 1 - columns[0])
    top = min(paper.rows.start for paper in papers)
    bottom = max(paper.rows.stop for paper in papers)
    left = min(paper.columns.start for paper in papers)
    right = max(paper.columns.stop for paper in papers)
    if (bottom - top) * (right - left) < _DOMINANT * box:
        return False
    if len(papers) == 1 and _cut_close(papers[0], height, width):
        return False
    return all(_has_sharp_edge(paper, picture) for paper in papers[:8])


def _with_missed_cells(papers: list[_Paper]) -> list[_Paper]:
    """The papers, and the places between them of a table whose writing touches its lines."""
    if len(papers) < _TABLE:
        return papers
    height, width = (
        int(np.median([each.filled.shape[axis] for each in papers])) for axis in (0, 1)
    )
    tops, lefts = (
        _apart([each.rows.start for each in papers], height),
        _apart([each.columns.start for each in papers], width),
    )
    if len(tops) * len(lefts) > 2 * len(papers):
        return papers
    taken = {
        (_nearest(tops, each.rows.start), _nearest(lefts, each.columns.start)) for each in papers
    }
    whole = np.ones((height, width), np.bool_)
    missed = [
        _Paper(slice(top, top + height), slice(left, left + width), whole, whole)
        for row, top in enumerate(tops)
        for column, left in enumerate(lefts)
        if (row, column) not in taken
    ]
    return papers + missed


def _apart(starts: list[int], side: int) -> list[int]:
    """Starts that are more than half a side apart, each the middle of those near it."""
    groups: list[list[int]] = []
    for start in sorted(starts):
        if groups and start - groups[-1][-1] <= side / 2:
            groups[-1].append(start)
        else:
            groups.append([start])
    return [int(np.median(each)) for each in groups]


def _nearest(starts: list[int], start: int) -> int:
    return int(np.abs(np.array(starts) - start).argmin())


def _edge(mask: NDArray[Any]) -> NDArray[Any]:
    return np.concatenate([mask[0], mask[-1], mask[:, 0], mask[:, -1]])


def _cut_close(paper: _Paper, height: int, width: int) -> bool:
    """Whether it reaches from one side of the picture to the other and its writing nearly does."""
    writing = paper.filled & ~paper.own
    for axis, side in ((1, height), (0, width)):
        at = np.flatnonzero(writing.any(axis=axis))
        if paper.filled.shape[1 - axis] == side and at[-1] + 1 - at[0] > _TIGHT * side:
            return True
    return False


def _has_sharp_edge(paper: _Paper, picture: Grey) -> bool:
    from scipy import ndimage

    height, width = picture.shape
    reach = 3
    top, left = max(0, paper.rows.start - reach), max(0, paper.columns.start - reach)
    bottom = min(height, paper.rows.stop + reach)
    right = min(width, paper.columns.stop + reach)
    seen = picture[top:bottom, left:right]
    filled = np.zeros(seen.shape, np.bool_)
    filled[
        paper.rows.start - top : paper.rows.stop - top,
        paper.columns.start - left : paper.columns.stop - left,
    ] = paper.filled
    own = picture[paper.rows, paper.columns][paper.own]
    bare = float(np.median(own))
    beyond = ndimage.binary_dilation(filled, np.ones((3, 3))) & ~filled
    if not beyond.any():
        return False
    lighter = float(np.median(seen[beyond])) > bare
    extreme = ndimage.maximum_filter if lighter else ndimage.minimum_filter
    outer = float(np.median(extreme(seen, 2 * reach - 1)[beyond]))
    inner = ndimage.minimum_filter(filled, 2 * reach - 1)
    inner_edge = inner & ~ndimage.minimum_filter(filled, 2 * reach + 1)
    if not inner_edge.any():
        return True
    near = float(np.median(seen[inner_edge]))
    rest = picture[paper.rows, paper.columns][~paper.own & paper.filled]
    ink = float(np.median(rest))
    return abs(near - outer) > _SHARP * abs(bare - ink)


def _cropped(picture: Grey, paper: _Paper) -> Grey:
    """The paper's own part of the picture, with more paper where something else was."""
    from scipy import ndimage

    crop = picture[paper.rows, paper.columns]
    rim = 1 + round(0.01 * min(crop.shape))
    kept = ndimage.minimum_filter(np.pad(paper.filled, rim), 2 * rim + 1)[rim:-rim, rim:-rim]
    bare = (kept & paper.own).astype(np.float32)
    if not bare.any():
        return crop
    total, block = resolution.reduced(crop * bare, 48)
    share, _ = resolution.reduced(bare, 48)
    width = 0.05 * max(total.shape) + 1
    near = ndimage.gaussian_filter(share, width, mode="nearest")
    light = ndimage.gaussian_filter(total, width, mode="nearest") / np.maximum(near, 1e-6)
    middle = float(np.median(crop[bare > 0]))
    light = np.where(near > 1e-3, light, middle).astype(np.float32)
    result: Grey = np.where(kept, crop, resolution.enlarged(light, block, *crop.shape))
    return result


def _in_reading_order(papers: list[_Paper]) -> list[_Paper]:
    """Line by line, from left to right. A line's papers overlap its first one by half."""
    left = sorted(papers, key=lambda paper: paper.rows.start)
    ordered: list[_Paper] = []
    while left:
        first = left[0].rows
        line = [
            each
            for each in left
            if min(each.rows.stop, first.stop) - max(each.rows.start, first.start)
            >= 0.5 * min(each.rows.stop - each.rows.start, first.stop - first.start)
        ]
        ordered += sorted(line, key=lambda paper: paper.columns.start)
        taken = {id(each) for each in line}
        left = [each for each in left if id(each) not in taken]
    return ordered
