"""A picture's writing: ink without what encloses it, its dots joined and its outlines filled.

SciPy is imported only for pictures: drawings do not need it.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw

from models.digit import components
from models.digit.components import Components
from models.digit.enclosure import Inside, inside, of_ink
from models.digit.framing import line_width
from models.digit.grayscale import Grey
from models.digit.ink import from_grey

Floats = NDArray[np.float64]
Mask = NDArray[np.bool_]

INK = 0.35  # a pixel with more ink than this belongs to a line
_FEWEST, _MOST = 8, 500  # dots of a drawing
_DOTS = 0.75  # of all components, at least
_LIKE = 2.5  # times as large as most dots, or as small
_ROUND = 1.8  # times as long as wide: less is a dot, more a dash
_BAR = 0.8  # as solid as a dash, as a share of a rectangle with the same moments
_GAP = 4.5  # times a dot's width, from one to the next
_REACH = 1.6  # times the usual gap: dots further apart are not neighbours
_ALONG = 0.5  # cosine between a dash and the way to the next
_JOINED = 0.34  # of the dots are left as pieces, at most: else they are no line

_COVERS = 0.75  # of a digit's box, in both directions: the inside of its outline
_HOLES = 4  # of that extent are looked at, the largest: texture may have a million
_STROKE = 0.3  # of its longer side: the width of that inside, at most
_CROOKED = 0.78  # as solid as that, or less; the hole of a 0 is more
_LONG = 4.5  # ... or as many times as long as wide: an outlined 1
_THINNER, _THIN = 0.6, 0.15  # of that width: an outline; that of an outlined 1


@dataclass(frozen=True, eq=False)
class _Dots:
    """Middles and axes (n, 2) as (x, y), and ``long`` and ``short`` (n,) sides in pixels."""

    middle: Floats
    axis: Floats
    long: Floats
    short: Floats
    solid: Floats


def writing(picture: Grey) -> list[Inside]:
    """The ink of each part of a picture (height, width) in [0, 1] that something encloses, and of
    all of it where nothing does: how much ink each pixel holds, 0 to 1.
    """
    return [
        Inside(each.picture, paper.top + each.top, paper.left + each.left)
        for paper in inside(picture)
        for each in _mended(from_grey(paper.picture))
    ]


def _mended(strength: Grey) -> list[Inside]:
    found = components.of(strength > INK)
    line = joined(strength, found)
    if line is not strength:
        found = components.of(line > INK)
    parts = of_ink(line, found)
    if parts[0].picture is not line:
        return parts
    return [Inside(filled(line, found), 0, 0)]


def joined(strength: Grey, found: Components) -> Grey:
    """The ink (height, width), with lines between the dots or dashes of one; as it is without."""
    if not _FEWEST <= len(found) <= 4 * _MOST:
        return strength
    dots = _dots(found)
    wide, long = np.median(dots.short), np.median(dots.long)
    like = (dots.short < _LIKE * wide) & (dots.short > wide / _LIKE)
    like &= (dots.long < _LIKE * long) & (dots.long > long / _LIKE / 2)
    plain = int((like & (dots.solid > _BAR)).sum())
    if not (_FEWEST <= like.sum() <= _MOST and plain >= _DOTS * len(found)):
        return strength
    dots = _Dots(
        *(each[like] for each in (dots.middle, dots.axis, dots.long, dots.short, dots.solid))
    )
    lines = _lines(dots, is_dashed=bool(long > _ROUND * wide))
    if lines is None:
        return strength
    image = Image.fromarray(strength)
    pen = ImageDraw.Draw(image)
    for start, end in lines:
        pen.line([tuple(start), tuple(end)], fill=1, width=max(1, round(float(wide))))
    return np.asarray(image, np.float32)


def _dots(found: Components) -> _Dots:
    """What the moments of each component say of its shape."""
    y, x = np.nonzero(found.parts)
    number, count = found.parts[y, x] - 1, len(found)

    def mean(values: Floats) -> Floats:
        return np.bincount(number, values, count) / found.sizes

    middle_x, middle_y = mean(x.astype(np.float64)), mean(y.astype(np.float64))
    away_x, away_y = x - middle_x[number], y - middle_y[number]
    xx, yy = mean(away_x**2) + 1 / 12, mean(away_y**2) + 1 / 12
    xy = mean(away_x * away_y)
    root = np.sqrt((xx - yy) ** 2 + 4 * xy**2)
    long, short = (
        np.sqrt(12 * np.maximum(each / 2, 1e-9)) for each in (xx + yy + root, xx + yy - root)
    )
    angle = np.arctan2(2 * xy, xx - yy) / 2
    axis = np.stack([np.cos(angle), np.sin(angle)], axis=1)
    return _Dots(
        np.stack([middle_x, middle_y], axis=1), axis, long, short, found.sizes / (long * short)
    )


def _lines(dots: _Dots, *, is_dashed: bool) -> Floats | None:
    """Lines (m, 2, 2) from end to end of neighbours; None where they are not of one drawing."""
    from scipy import sparse
    from scipy.spatial import cKDTree

    count = len(dots.long)
    half = dots.axis * (dots.long - dots.short)[:, None] / 2 * is_dashed
    ends = np.concatenate([dots.middle + half, dots.middle - half])
    away = np.concatenate([half, -half])
    owner = np.tile(np.arange(count), 2)
    distance, other = cKDTree(ends).query(ends, min(8, len(ends)))
    foreign = owner[other] != owner[:, None]
    gaps = np.where(foreign, distance, np.inf)
    nearest = gaps.min(axis=1)
    usual = float(np.median(nearest))
    if usual > _GAP * float(np.median(dots.short)):
        return None
    near = gaps <= _REACH * usual
    if is_dashed:
        way = ends[other] - ends[:, None]
        along = (way * away[:, None]).sum(axis=2)
        lengths = np.hypot(*np.moveaxis(way, 2, 0)) * np.hypot(*away.T)[:, None]
        near &= along >= _ALONG * lengths
    first, rank = np.nonzero(near)
    second = other[first, rank]
    graph = sparse.coo_matrix(
        (np.ones(len(first)), (owner[first], owner[second])), shape=(count, count)
    )
    pieces, _ = sparse.csgraph.connected_components(graph, directed=False)
    if pieces > _JOINED * count:
        return None
    return np.stack([ends[first], ends[second]], axis=1)


def filled(strength: Grey, found: Components) -> Grey:
    """The ink, with what an outline encloses filled where that is the inside of a stroke."""
    if not len(found):
        return strength
    largest = int(found.sizes.argmax())
    (top, left), (bottom, right) = found.low[largest], found.high[largest]
    rows, columns = slice(top, bottom), slice(left, right)
    inked = found.parts[rows, columns] > 0
    outline = found.parts[rows, columns] == largest + 1
    if outline.mean() > 0.6 or min(inked.shape) < 8:
        return strength
    holes, pen = components.of(~inked, corners=False), line_width(outline)
    wanted = _COVERS * np.array([bottom - top, right - left]) - (0, 2 * pen)
    within = (holes.low > 0).all(axis=1) & (holes.high < inked.shape).all(axis=1)
    wide = np.flatnonzero(within & (holes.high - holes.low >= wanted).all(axis=1))
    for at in wide[np.argsort(-holes.sizes[wide], kind="stable")][:_HOLES].tolist():
        (down, across), (below, beyond) = holes.low[at], holes.high[at]
        inner = holes.parts[down:below, across:beyond] == at + 1
        if _is_stroke(inner, pen):
            result = strength.copy()
            result[rows, columns][down:below, across:beyond][inner] = 1
            return result
    return strength


def _is_stroke(inner: Mask, pen: float) -> bool:
    """Whether the inside of an outline is long and narrow, and crooked or with inner outlines."""
    width = line_width(inner)
    if width > _STROKE * max(inner.shape) or pen > _THINNER * width:
        return False
    y, x = np.nonzero(inner)
    covariance = np.cov(np.stack([y, x])) + np.eye(2) / 12
    low, high = np.linalg.eigvalsh(covariance)
    solid = len(y) / (12 * np.sqrt(low * high))
    return bool(solid < _CROOKED or (np.sqrt(high / low) > _LONG and pen < _THIN * width))
