"""Augmentation: vary whole batches of digits as other people might write or scan them.

Every function takes and returns (n, 28, 28) float32 in [0, 1], white on black. All randomness comes
from ``rng``: the same seed gives the same pictures.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

from models.lanes import Pixels

SIZE = 28
Change = Callable[[Pixels, np.random.Generator], Pixels]


def augment(pictures: Pixels, rng: np.random.Generator) -> Pixels:
    """Warp every picture; change the thickness of a third, and the sharpness of a quarter."""
    bent = warp(pictures, rng)
    chance = rng.random(len(bent))
    _apply(bent, chance < 0.17, thicker, rng)
    _apply(bent, (chance >= 0.17) & (chance < 0.34), thinner, rng)
    chance = rng.random(len(bent))
    _apply(bent, chance < 0.08, blur, rng)
    _apply(bent, (chance >= 0.08) & (chance < 0.13), coarse, rng)
    _apply(bent, (chance >= 0.13) & (chance < 0.23), contrast, rng)
    return bent


def warp(
    pictures: Pixels,
    rng: np.random.Generator,
    *,
    degrees: float = 11.0,
    shear: float = 0.18,
    scale: float = 0.13,
    shift: float = 1.3,
    bend: float = 0.9,
) -> Pixels:
    """Turn, slant, scale by up to ``scale`` along each axis, move by ``shift`` pixels, and bend.

    The bend is a smooth random field of displacements with a standard deviation of ``bend``
    pixels (Simard et al., 2003), given at 4×4 points and interpolated between them.
    """
    n = len(pictures)
    angle = np.deg2rad(rng.uniform(-degrees, degrees, n))
    slant = rng.uniform(-shear, shear, n)
    sizes = np.exp(rng.uniform(-scale, scale, (2, n)))
    cosine, sine = np.cos(angle), np.sin(angle)
    # Where each pixel of the result comes from: rotation × shear / scale, about the middle.
    matrix = np.array([[cosine, -sine], [sine, cosine + slant * sine]])
    matrix[0, 1] += slant * cosine
    matrix = (matrix / sizes[:, None]).astype(np.float32)
    y, x = np.mgrid[:SIZE, :SIZE].astype(np.float32).reshape(2, -1) - (SIZE - 1) / 2
    moved = rng.uniform(-shift, shift, (2, n, 1)).astype(np.float32) + (SIZE - 1) / 2
    field = _smooth_field(n, bend, rng)
    at_x = matrix[0, 0][:, None] * x + matrix[0, 1][:, None] * y + moved[0] + field[0]
    at_y = matrix[1, 0][:, None] * x + matrix[1, 1][:, None] * y + moved[1] + field[1]
    return _sample(pictures, at_x, at_y)


def thicker(pictures: Pixels, rng: np.random.Generator) -> Pixels:
    """Move each pixel towards the largest value of its neighbourhood."""
    most = ndimage.maximum_filter(pictures, (1, 3, 3), mode="constant")
    return _mix(pictures, most, rng.uniform(0.2, 0.9, len(pictures)))


def thinner(pictures: Pixels, rng: np.random.Generator) -> Pixels:
    """Move each pixel towards the smallest value of its neighbourhood; thin lines stay visible."""
    least = ndimage.minimum_filter(pictures, (1, 2, 2), mode="constant")
    thin = _mix(pictures, least, rng.uniform(0.2, 0.9, len(pictures)))
    top = thin.max(axis=(1, 2), keepdims=True)
    return np.where(top > 0.3, thin / np.maximum(top, 0.3), pictures).astype(np.float32)


def blur(pictures: Pixels, rng: np.random.Generator) -> Pixels:
    """Blur by a Gaussian of up to one pixel; the ink stays as deep."""
    soft = ndimage.gaussian_filter(pictures, (0, 0.9, 0.9))
    mixed = _mix(pictures, soft, rng.uniform(0.4, 1.0, len(pictures)))
    top = np.maximum(mixed.max(axis=(1, 2), keepdims=True), 0.3)
    result: Pixels = np.minimum(mixed / top, 1).astype(np.float32)
    return result


def coarse(pictures: Pixels, rng: np.random.Generator) -> Pixels:
    """Reduce to 14×14 pixels and enlarge again."""
    half = pictures.reshape(-1, SIZE // 2, 2, SIZE // 2, 2).mean(axis=(2, 4))
    large = ndimage.zoom(half, (1, 2, 2), order=1, mode="nearest", grid_mode=True)
    top = np.maximum(large.max(axis=(1, 2), keepdims=True), 0.3)
    mixed = _mix(pictures, np.minimum(large / top, 1), rng.uniform(0.5, 1.0, len(pictures)))
    return mixed


def contrast(pictures: Pixels, rng: np.random.Generator) -> Pixels:
    """Raise each value to a power: edges become harder or softer."""
    power = np.exp(rng.uniform(-0.7, 0.7, len(pictures))).astype(np.float32)
    result: Pixels = np.clip(pictures, 0, 1) ** power[:, None, None]
    return result


def _apply(
    pictures: Pixels, chosen: NDArray[np.bool_], change: Change, rng: np.random.Generator
) -> None:
    if chosen.any():
        pictures[chosen] = change(pictures[chosen], rng)


def _mix(one: Pixels, other: Pixels, share: NDArray[np.float64]) -> Pixels:
    weight = share.astype(np.float32)[:, None, None]
    return (one + (other - one) * weight).astype(np.float32, copy=False)


def _smooth_field(n: int, deviation: float, rng: np.random.Generator) -> NDArray[np.float32]:
    """(2, n, 784): cubic B-splines over 4×4 random displacements."""
    at = np.arange(SIZE) / (SIZE - 1) * 3
    distance = np.abs(at[:, None] - np.arange(4)[None, :])
    basis = np.exp(-0.5 * (distance / 0.55) ** 2)
    basis /= np.sqrt((basis**2).sum(axis=1, keepdims=True))  # unit variance everywhere
    knots = rng.normal(0, deviation, (2 * n, 4, 4)).astype(np.float32)
    weights = basis.astype(np.float32)
    field = (weights @ knots @ weights.T).astype(np.float32, copy=False)
    return field.reshape(2, n, SIZE * SIZE)


def _sample(pictures: Pixels, at_x: NDArray[np.float32], at_y: NDArray[np.float32]) -> Pixels:
    """Sample bilinearly, zeros outside: a border of two zeros keeps every index inside."""
    n, side = len(pictures), SIZE + 4
    padded = np.zeros((n, side, side), np.float32)
    padded[:, 2:-2, 2:-2] = pictures
    flat = padded.reshape(-1)
    x = np.clip(at_x + 2, 0, side - 2)
    y = np.clip(at_y + 2, 0, side - 2)
    left, top = x.astype(np.int32), y.astype(np.int32)
    right, down = x - left, y - top
    index = top * side + left + (np.arange(n, dtype=np.int32) * side * side)[:, None]
    upper = flat.take(index)
    upper += (flat.take(index + 1) - upper) * right
    lower = flat.take(index + side)
    lower += (flat.take(index + side + 1) - lower) * right
    upper += (lower - upper) * down
    return upper.reshape(n, SIZE, SIZE)
