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
_FORGET = 0.9  # what a success counts at the next step
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
    real = _scored(space, ask, every, count)
    apart, flips = pools.of(every, real.apart), pools.of(every, real.flips)
    proposals = WITHOUT_A_MODEL if slopes is None else (*WITHOUT_A_MODEL, woken)
    luck = np.ones(len(proposals))
    step, asked = 0, len(space)
    while go_on(step) and np.isfinite(apart.best[1]):
        _LOG.info("Step %s: the farthest is %.2g of the bound", f"{step:,}", apart.best[1])
        for_flips = step % _FLIPS == _FLIPS - 1 and np.isfinite(flips.best[1])
        ground = Ground(
            space, flips if for_flips else apart, random, -(-count // _PARTS), step, slopes
        )
        made, by = _propose(ground, proposals, luck, count)
        scored = ask(space.tensors(made))
        apart, entered = apart.with_others(made, scored.apart)
        flips, changed = flips.with_others(made, scored.flips)
        luck *= _FORGET
        np.add.at(luck, by[changed if for_flips else entered], 1.0)
        step, asked = step + 1, asked + len(made.at)
    return Climbed(apart, flips, real, step, asked)


def _scored(space: Space, ask: Ask, found: Candidates, count: int) -> Scored:
    """The scores of any number of candidates, ``count`` at once."""
    parts = [
        ask(space.tensors(found.take(slice(first, first + count))))
        for first in range(0, len(found.at), count)
    ]
    return Scored(*map(np.concatenate, zip(*parts, strict=True)))


def _propose(
    ground: Ground, proposals: Sequence[Proposal], luck: np.ndarray, count: int
) -> tuple[Candidates, np.ndarray]:
    """``count`` candidates, and which proposal each is by: of those with more luck more, and never
    none for long.
    """
    shares = 0.5 * luck / luck.sum() + 0.5 / len(luck)
    parts, by, there = [], [], 0
    while there < count:
        which = int(ground.random.choice(len(proposals), p=shares))
        made = proposals[which](ground)
        parts.append(made)
        by.append(np.full(len(made.at), which))
        there += len(made.at)
    found = ground.space.within(joined(parts).take(slice(0, count)))
    return found, np.concatenate(by)[:count]
