"""Which classes the charts show: all of a few; of many, those that any lane takes for likely."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np

from models.lanes import LaneResult

MOST = 12  # classes that a chart has room for
TOP = 5  # of each lane


def are_many(classes: Sequence[str]) -> bool:
    """Whether the charts show a choice of the classes."""
    return len(classes) > MOST


def of_interest(
    results: Iterable[LaneResult], classes: Sequence[str], wanted: Sequence[int] = ()
) -> list[int]:
    """The indices of the classes to show, in the charts' order.

    Of many, the ``TOP`` of every lane, the first lane's first, and those that are ``wanted``.
    """
    if not are_many(classes):
        return list(range(len(classes)))
    tops = [np.argsort(-each.probabilities, kind="stable")[:TOP] for each in results
            if each.probabilities is not None]  # fmt: skip
    likely = dict.fromkeys(int(index) for top in tops for index in top)
    return list(dict.fromkeys([*list(likely)[:MOST], *wanted]))
