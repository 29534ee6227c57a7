"""The best candidates so far, from which others are made."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from models.verify.hunt.space import Candidates, joined

SIZE = 64
_PRESSURE = 8.0  # how much rather the best is taken than the last


@dataclass(frozen=True, eq=False)
class Pool:
    """Candidates with their ``scores``, the best first."""

    found: Candidates
    scores: NDArray[np.float64]

    @property
    def best(self) -> tuple[Candidates, float]:
        """The best alone, and its score."""
        return self.found.take(slice(0, 1)), float(self.scores[0])

    def drawn(self, count: int, random: np.random.Generator) -> Candidates:
        """``count`` of them, the better ones more often."""
        shares = np.exp(-_PRESSURE * np.arange(len(self.scores)) / SIZE)
        chosen = random.choice(len(self.scores), count, p=shares / shares.sum())
        return self.found.take(chosen)

    def with_others(self, others: Candidates, scores: NDArray[np.float64]) -> Pool:
        """The best of both."""
        return of(joined([self.found, others]), np.concatenate([self.scores, scores]))


def of(found: Candidates, scores: NDArray[np.float64]) -> Pool:
    """A pool of the ``SIZE`` best of these, of one score only one."""
    _, best = np.unique(-scores, return_index=True)
    return Pool(found.take(best[:SIZE]), scores[best[:SIZE]])
