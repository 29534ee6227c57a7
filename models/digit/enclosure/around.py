"""Whether what lies around papers is no writing."""

from __future__ import annotations

import numpy as np

from models.digit.enclosure.papers import Paper
from models.digit.enclosure.shapes import edge_of
from models.digit.grayscale import Grey

_ENCLOSED = 0.55  # of the picture's edge lies in the paper, at most
_TIGHT = 0.8  # of a paper from one side of the picture to the other: taller writing is cut close
_DOMINANT = 0.25  # of the box around all ink: the papers
_SHARP = 0.4  # of the way from paper to what is around: the step at its edge; light has none


def enclose(papers: list[Paper], picture: Grey, threshold: float) -> bool:
    """Whether all that matters lies in the papers, and something else around them."""
    height, width = picture.shape
    covered = np.zeros(picture.shape, np.bool_)
    for paper in papers:
        covered[paper.rows, paper.columns] |= paper.filled
    if covered.all():
        return False
    if edge_of(covered).mean() > _ENCLOSED:
        return False
    light = picture > threshold
    around = light != (edge_of(light).mean() > 0.5)
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


def _cut_close(paper: Paper, height: int, width: int) -> bool:
    """Whether it reaches from one side of the picture to the other and its writing nearly does."""
    writing = paper.filled & ~paper.own
    for axis, side in ((1, height), (0, width)):
        at = np.flatnonzero(writing.any(axis=axis))
        if paper.filled.shape[1 - axis] == side and at[-1] + 1 - at[0] > _TIGHT * side:
            return True
    return False


def _has_sharp_edge(paper: Paper, picture: Grey) -> bool:
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
