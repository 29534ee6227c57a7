"""The inside of what encloses, as a picture of its own."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from models.digit import resolution
from models.digit.components import Components
from models.digit.enclosure.around import enclose
from models.digit.enclosure.papers import Paper, papers_of
from models.digit.enclosure.table import in_reading_order, with_missed_cells
from models.digit.grayscale import Grey
from models.digit.ink import is_faint
from models.digit.tone.otsu import otsu, separability

_DEPTH = 4  # frames in each other that one threshold does not show
_SMALL = 32  # pixels: the longer side of a picture of two greys
_SMALLEST = 14  # pixels: the shorter side of a paper
_CLEAR = 0.8  # of the variance lies between two groups of greys on one side of a threshold
_SHARE = 0.02  # of the picture is in the smaller group, at least
_STEP = 0.1  # between the groups' means


@dataclass(frozen=True, eq=False)
class Inside:
    """A paper's picture, and where its top left corner was in the whole."""

    picture: Grey
    top: int
    left: int


def inside(picture: Grey, *, deep: int = _DEPTH) -> list[Inside]:
    """The papers of a picture (height, width) in [0, 1] in reading order, as pictures of their own.

    The whole picture where nothing encloses its writing.
    """
    whole = [Inside(picture, 0, 0)]
    if not deep or min(picture.shape) < _SMALLEST or is_faint(picture):
        return whole
    for threshold in _thresholds(picture):
        papers = papers_of(picture > threshold)
        if papers and enclose(papers, picture, threshold):
            papers = in_reading_order(with_missed_cells(papers))
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
    """Otsu's, and one on each side of it where the greys there are two groups as well: of a small
    picture those are the edges of its strokes, and to look took a third of its time.
    """
    step = max(1, min(picture.shape) // 100)
    sample = picture[::step, ::step]
    first = otsu(sample)
    yield first
    if max(picture.shape) <= _SMALL:
        return
    for part in (sample[sample > first], sample[sample <= first]):
        if len(part) and np.ptp(part) > _STEP:
            second = otsu(part)
            share = float((part > second).mean())
            least = _SHARE * sample.size / len(part)
            apart = float(part[part > second].mean() - part[part <= second].mean())
            if (
                min(share, 1 - share) > least
                and apart > _STEP
                and separability(part, second) > _CLEAR
            ):
                yield second


def _cropped(picture: Grey, paper: Paper) -> Grey:
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
