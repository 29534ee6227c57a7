"""One input that was found: how far apart lanes are there, and how far it is from a real one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from models.formats.tensors import Tensors
from models.verify.hunt import pair, space
from models.verify.hunt.measure import Measure, logarithms
from models.verify.hunt.pair import Answer
from models.verify.hunt.pool import Pool
from models.verify.hunt.space import Space


@dataclass(frozen=True, eq=False)
class Place:
    """One input that was found, asked alone: ``origin`` is the real input that it began at.

    ``linf`` and ``rms`` are how far it is from that, ``l2`` the same as a sum, in shares of the
    range. ``tops`` are the top classes of both lanes, None where answers are no classes; where they
    are two, ``margins`` says how much each lane prefers its own to the other's, in natural
    logarithms of probabilities. ``picture`` has its levels, 0 to 255, where it is one.
    """

    distance: float
    bound: float
    flips: float
    origin: int
    linf: float
    rms: float
    l2: float
    tensors: Tensors
    picture: NDArray[np.uint8] | None
    tops: tuple[int, int] | None
    margins: tuple[float, float] | None

    @property
    def holds(self) -> bool:
        """Whether rounding, as it was measured on the real inputs, explains the distance."""
        return self.distance <= self.bound


class Alone:
    """Asks both lanes for one input after the other, as a page does: a batch rounds otherwise."""

    def __init__(self, ground: Space, answers: Sequence[Answer], measure: Measure) -> None:
        self._ground, self._answers, self._measure = ground, answers, measure

    def best(self, pool: Pool, by: str) -> Place:
        """The best of a pool by one of the scores."""
        tensors = self._ground.tensors(pool.found)
        one, other = pair.asked(self._answers, tensors, alone=True)
        scored = self._measure.scored(one, other)
        at = int(getattr(scored, by).argmax())
        found = pool.found.take(slice(at, at + 1))
        delta = found.delta[0].astype(np.float64)
        picture = None
        if self._ground.given is not None:
            picture = self._ground.pictures(found)[0].astype(np.uint8)
        classes = self._classes(one[0][at : at + 1], other[0][at : at + 1])
        return Place(
            float(scored.distance[at]),
            float(scored.bound[at]),
            float(scored.flips[at]),
            int(found.at[0]),
            float(np.abs(delta).max()),
            float(space.rms(found.delta)[0]),
            float(np.sqrt(np.square(delta).sum())),
            tuple(each[at : at + 1] for each in tensors),
            picture,
            *classes,
        )

    def _classes(
        self, one: NDArray[Any], other: NDArray[Any]
    ) -> tuple[tuple[int, int] | None, tuple[float, float] | None]:
        kind = self._measure.answers
        if kind == "values" or one.ndim != 2:
            return None, None
        first, second = logarithms(one, kind)[0], logarithms(other, kind)[0]
        tops = int(first.argmax()), int(second.argmax())
        if tops[0] == tops[1]:
            return tops, None
        mine, theirs = first[tops[0]] - first[tops[1]], second[tops[1]] - second[tops[0]]
        return tops, (float(mine), float(theirs))
