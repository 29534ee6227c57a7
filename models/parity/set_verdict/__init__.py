"""The verdict on all lanes for a whole dataset: one sentence, and one of figures."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from models.dataset import UNKNOWN
from models.lanes import REFERENCE, Lane
from models.parity.judgement import FIXED, Judge
from models.parity.scores import Scores
from models.parity.set_verdict.counted import many, percent
from models.parity.set_verdict.judging import judgements
from models.parity.set_verdict.sentences import Read, Seen, conclude
from models.parity.verdict import Verdict

__all__ = ["Read", "Seen", "conclude", "judgements", "many", "percent", "seen", "verdict"]


def verdict(
    results: Sequence[Scores],
    labels: NDArray[np.integer] | None = None,
    *,
    reference: Lane = REFERENCE,
    judge: Judge = FIXED,
    left_out: int = 0,
) -> Verdict:
    """Judge the lanes' answers; a lane may have failed, or stopped before the end.

    ``labels`` (n,) are ``UNKNOWN`` where there is none. Lanes agree when ``judge`` finds each as
    near to the reference as rounding explains; what is no number differs.
    """
    return conclude(seen(results, labels, reference, judge, left_out))


def seen(
    results: Sequence[Scores],
    labels: NDArray[np.integer] | None,
    reference: Lane,
    judge: Judge,
    left_out: int = 0,
) -> Seen:
    """What there is to say of these answers."""
    read = [Read(each.lane, each.top, each.error) for each in results]
    if labels is None:
        labels = np.full(len(read[0].top) if read else 0, UNKNOWN, np.int64)
    judged = list(judgements(results, reference, judge).values())
    return Seen(read, judged, labels, reference, judge, left_out)
