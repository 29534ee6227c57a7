"""Where a hunt looks next: each proposal makes candidates of the best so far, or of real inputs.

Most know nothing of the model; ``woken`` follows the gradients of the original, where it has them.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from models.verify.hunt.pool import Pool
from models.verify.hunt.slopes import Slopes
from models.verify.hunt.space import Candidates, Space, joined

_GRIDS = (2, 3, 5, 7, 10)  # areas a side that are made lighter or darker together
_UP = (1.0, 1.0, -1.0)  # a unit is made larger rather than smaller
_STEPS = 6  # that a gradient is followed


@dataclass(frozen=True, eq=False)
class Ground:
    """What all proposals may use: each makes about ``count`` candidates."""

    space: Space
    pool: Pool
    random: np.random.Generator
    count: int
    slopes: Slopes | None = None


Proposal = Callable[[Ground], Candidates]


def pixels(ground: Ground) -> Candidates:
    """Some values changed, few or many, much or little."""
    found, random = ground.pool.drawn(ground.count, ground.random), ground.random
    share = 2.0 ** -random.uniform(0, np.log2(max(2, ground.space.size)), (ground.count, 1))
    chosen = random.random(found.delta.shape) < share
    chosen[np.arange(ground.count), random.integers(ground.space.size, size=ground.count)] = True
    size = ground.space.limits.linf * 2.0 ** -random.uniform(0, 6, (ground.count, 1))
    added = chosen * random.normal(size=found.delta.shape) * size
    return Candidates(found.at, found.delta + added.astype(np.float32))


def areas(ground: Ground) -> Candidates:
    """Whole areas of a picture lighter or darker; of other numbers, all values together."""
    found, random = ground.pool.drawn(ground.count, ground.random), ground.random
    size = ground.space.limits.linf * 2.0 ** -random.uniform(0, 4, (ground.count, 1))
    if not ground.space.shape:
        factor = 1 + random.normal(size=size.shape) / 4
        return Candidates(found.at, (found.delta * factor).astype(np.float32))
    height, width, channels = ground.space.shape
    added = np.empty((ground.count, height, width, channels))
    for each in added:
        grid = int(random.choice(_GRIDS))
        rows, columns = (np.arange(side) * grid // side for side in (height, width))
        each[:] = random.normal(size=(grid, grid, channels))[rows][:, columns]
    return Candidates(found.at, (found.delta + added.reshape(ground.count, -1) * size).astype("f4"))


def faded(ground: Ground) -> Candidates:
    """A real input with less contrast, or more, and lighter or darker."""
    space, random = ground.space, ground.random
    at = random.integers(len(space), size=ground.count)
    start = space.start[at]
    contrast = random.uniform(-1, 0.5, (ground.count, 1)).astype(np.float32)
    lighter = random.normal(0, 0.1, (ground.count, 1)).astype(np.float32)
    middle = start.mean(axis=1, keepdims=True)
    return Candidates(at, contrast * (start - middle) + lighter)


def transferred(ground: Ground) -> Candidates:
    """What was added to one of the best, added to another real input."""
    found = ground.pool.drawn(ground.count, ground.random)
    at = ground.random.integers(len(ground.space), size=ground.count)
    return Candidates(at, found.delta)


def woken(ground: Ground) -> Candidates:
    """Inputs that make a unit of the model larger, or smaller, than real ones do: those first that
    real ones hardly wake. Half the way up the gradient, and all of it.
    """
    slopes, space, random = ground.slopes, ground.space, ground.random
    assert slopes is not None
    count = max(1, min(slopes.rows, ground.count // 2))
    chosen = (len(slopes.units) * random.random(count) ** 2).astype(np.int64)
    units, up = [slopes.units[place] for place in chosen], random.choice(_UP)
    at = random.integers(len(space), size=count)
    found = Candidates(at, np.zeros((count, space.size), np.float32))
    size = np.float32(space.limits.linf * 2.0 ** -random.uniform(1, 4))
    way = []
    for _ in range(_STEPS):
        slope = space.slopes(slopes.wake(space.tensors(found), units, up))
        step = size * np.sign(slope)
        found = space.within(Candidates(found.at, found.delta + step.astype("f4")))
        way.append(found)
    return joined([way[_STEPS // 2], way[-1]])


WITHOUT_A_MODEL: tuple[Proposal, ...] = (pixels, areas, faded, transferred)
