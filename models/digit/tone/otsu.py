"""Otsu's method (1979): split values into two groups, and tell how separate those are."""

from __future__ import annotations

import numpy as np

from models.digit.grayscale import Grey


def otsu(values: Grey) -> float:
    """The threshold between the groups: of 64 steps, the one that explains most of the variance."""
    first, last = float(values.min()), float(values.max())
    if last - first < 1e-6:
        return first - 1e-6
    counts, edges = np.histogram(values, 64, (first, last))
    centres = (edges[:-1] + edges[1:]) / 2
    share = counts / counts.sum()
    below = np.cumsum(share)
    mass = np.cumsum(share * centres)
    with np.errstate(divide="ignore", invalid="ignore"):
        between = (mass[-1] * below - mass) ** 2 / (below * (1 - below))
    best = int(np.nan_to_num(between[:-1], nan=0.0, posinf=0.0).argmax())
    return float(edges[1 + best])


def separability(values: Grey) -> float:
    """The share of the variance that lies between the two groups (Otsu's η).

    It is 2 / π = 0.64 for normally distributed grain, 0.75 for an even spread, 1 for two values.
    """
    above = values > otsu(values)
    share = float(above.mean())
    if not 0 < share < 1:
        return 0.0
    apart = float(values[above].mean() - values[~above].mean())
    return share * (1 - share) * apart**2 / float(values.var())
