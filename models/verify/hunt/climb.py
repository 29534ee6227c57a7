"""The climb: candidates are proposed, both lanes asked, and the best kept, again and again."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from models.formats.tensors import Tensors
from models.verify.hunt import pool as pools
from models.verify.hunt.measure import Scored
from models.verify.hunt.pool import Pool
from models.verify.hunt.proposals import WITHOUT_A_MODEL, Ground, Proposal, woken
from models.verify.hunt.slopes import Slopes
from models.verify.hunt.space import Candidates, Space, joined

_LOG = logging.getLogger(__name__)

_PARTS = 8  # that a step's candidates are proposed in
_FLIPS = 3  # every so many steps candidates are made for another top class

Ask = Callable[[Tensors], Scored]


@dataclass(frozen=True, eq=False)
class Climbed:
    """``apart`` are those farthest apart, ``flips`` those whose top class changes most, the best
    first; ``real`` the real inputs' scores. ``steps`` were made, ``asked`` inputs in all.
    """

    apart: Pool
    flips: Pool
    real: Scored
    steps: int
    asked: int


def climb(
    space: Space,
    ask: Ask,
    slopes: Slopes | None,
    *,
    count: int,
    seed: int,
    go_on: Callable[[int], bool],
) -> Climbed:
    """Climb from the real inputs of ``space``, ``count`` candidates a step, until ``go_on`` says
    no, which is told how many steps were made, or until a lane gives NaN: nothing is farther.

    All is decided by ``seed`` but where time ends it.
    """
    random = np.random.default_rng(seed)
    every = Candidates(np.arange(len(space)), np.zeros((len(space), space.size), np.float32))
    real = ask(space.real)
    apart, flips = pools.of(every, real.apart), pools.of(every, real.flips)
    proposals = WITHOUT_A_MODEL if slopes is None else (*WITHOUT_A_MODEL, woken)
    step, asked = 0, len(space)
    while go_on(step) and np.isfinite(apart.best[1]):
        _LOG.info("Step %s: the farthest is %.2g of the bound", f"{step:,}", apart.best[1])
        for_flips = step % _FLIPS == _FLIPS - 1 and np.isfinite(flips.best[1])
        ground = Ground(space, flips if for_flips else apart, random, -(-count // _PARTS), slopes)
        made = _propose(ground, proposals, count)
        scored = ask(space.tensors(made))
        apart = apart.with_others(made, scored.apart)
        flips = flips.with_others(made, scored.flips)
        step, asked = step + 1, asked + len(made.at)
    return Climbed(apart, flips, real, step, asked)


def _propose(ground: Ground, proposals: Sequence[Proposal], count: int) -> Candidates:
    """``count`` candidates by proposals that chance chooses."""
    parts, there = [], 0
    while there < count:
        made = proposals[int(ground.random.integers(len(proposals)))](ground)
        parts.append(made)
        there += len(made.at)
    return ground.space.within(joined(parts).take(slice(0, count)))
