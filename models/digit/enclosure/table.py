"""Papers in rows and columns: the cells of a table."""

from __future__ import annotations

import numpy as np

from models.digit.enclosure.papers import Paper
from models.digit.grouping.boxes import Box, by_lines

_TABLE = 4  # papers beside and above each other: others between them are missed


def with_missed_cells(papers: list[Paper]) -> list[Paper]:
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
        Paper(slice(top, top + height), slice(left, left + width), whole, whole)
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


def in_reading_order(papers: list[Paper]) -> list[Paper]:
    """Line by line, from left to right."""
    return by_lines(
        papers,
        lambda paper: Box(
            paper.columns.start, paper.rows.start, paper.columns.stop, paper.rows.stop
        ),
    )
