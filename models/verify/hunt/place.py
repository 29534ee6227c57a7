"""One input that was found: how far apart lanes are there, and how far it is from a real one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

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
    picture: NDArray[np.uint8] | None = None
    tops: tuple[int, int] | None = None
    margins: tuple[float, float] | None = None

    @property
    def holds(self) -> bool:
        """Whether rounding, as it was measured on the real inputs, explains the distance."""
        return self.distance <= self.bound


def best(ground: Space, answers: Sequence[Answer], measure: Measure, pool: Pool, by: str) -> Place:
    """The best of a pool by one of the scores, each asked alone as a page does: a batch rounds
    otherwise.
    """
    tensors = ground.tensors(pool.found)
    one, other = pair.asked(answers, tensors, alone=True)
    scored = measure.scored(one, other)
    at = int(getattr(scored, by).argmax())
    found = pool.found.take(slice(at, at + 1))
    delta = found.delta[0].astype(np.float64)
    tops, margins = None, None
    if measure.has_classes(one[0]):
        first, second = (logarithms(each[0][[at]], measure.answers)[0] for each in (one, other))
        tops = int(first.argmax()), int(second.argmax())
        if tops[0] != tops[1]:
            mine, theirs = (float(each[tops[0]] - each[tops[1]]) for each in (first, second))
            margins = mine, -theirs
    return Place(
        distance=float(scored.distance[at]),
        bound=float(scored.bound[at]),
        flips=float(scored.flips[at]),
        origin=int(found.at[0]),
        linf=float(np.abs(delta).max()),
        rms=float(space.rms(found.delta)[0]),
        l2=float(np.sqrt(np.square(delta).sum())),
        tensors=tuple(each[[at]] for each in tensors),
        picture=None if ground.given is None else ground.pictures(found)[0].astype(np.uint8),
        tops=tops,
        margins=margins,
    )
