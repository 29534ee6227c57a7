"""Whether sure readings contradict nearly all labels: then these are of something else."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from models.lanes import Probabilities
from models.parity.inputs.pixel_ways import SURE

LEAST = 4  # labelled pictures that are read surely
NEARLY_ALL = 0.7  # of those; of labels by chance nine in ten are wrong
_ENOUGH = 0.5  # of the labelled pictures are read surely, or the readings are no measure
_ONE = 0.8  # of the sure readings are of one class: it is the pictures that are misread
_FOR_A_MAP = 20  # labelled pictures, for a rule that explains them
_EXPLAINED = 0.9


@dataclass(frozen=True)
class Contradiction:
    """Of ``sure`` readings of labelled pictures, ``wrong`` contradict the label. ``one`` is the
    class that nearly all were read as, ``shift`` what labels are more than what is read.
    """

    sure: int
    wrong: int
    one: int | None = None
    shift: int | None = None


def find(answers: Probabilities, labels: NDArray[np.integer[Any]]) -> Contradiction | None:
    """The contradiction between probabilities (n, classes) and labels (n,), which are below 0 where
    unknown; None where readings are not sure, or agree with the labels.
    """
    top, sure = answers.argmax(axis=1), answers.max(axis=1) >= SURE
    known = labels >= 0
    at = known & sure
    if at.sum() < max(LEAST, _ENOUGH * known.sum()):
        return None
    wrong = int((top != labels)[at].sum())
    if wrong < NEARLY_ALL * at.sum():
        return None
    counts = np.bincount(top[at])
    one = int(counts.argmax())
    mostly_one = counts[one] >= _ONE * at.sum() and len(np.unique(labels[at])) > 2
    apart, often = np.unique(labels[at] - top[at], return_counts=True)
    explained = at.sum() >= _FOR_A_MAP and often.max() >= _EXPLAINED * at.sum()
    return Contradiction(
        int(at.sum()),
        wrong,
        one if mostly_one else None,
        int(apart[often.argmax()]) if explained else None,
    )
