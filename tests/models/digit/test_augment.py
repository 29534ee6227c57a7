"""Augmented digits stay digits: same shape and range, something left to read, seeds repeat."""

from __future__ import annotations

import numpy as np
import pytest

from models.digit import augment
from models.digit.digit import from_strokes

EIGHT = from_strokes(
    [np.array([[0.8, 0.2], [0.5, 0], [0.2, 0.2], [0.8, 0.8], [0.5, 1], [0.2, 0.8], [0.8, 0.2]])]
).pixels
DIGITS = np.tile(EIGHT, (200, 1, 1))
CHANGES = [
    augment.augment,
    augment.warp,
    augment.thicker,
    augment.thinner,
    augment.blur,
    augment.coarse,
    augment.contrast,
]


@pytest.mark.parametrize("change", CHANGES)
def test_shape_type_and_range_stay(change):
    result = change(DIGITS.copy(), np.random.default_rng(1))
    assert result.shape == DIGITS.shape and result.dtype == np.float32
    assert result.min() >= 0 and result.max() <= 1 + 1e-6


@pytest.mark.parametrize("change", CHANGES)
def test_a_seed_repeats_and_another_differs(change):
    first, again, other = (change(DIGITS.copy(), np.random.default_rng(s)) for s in (1, 1, 2))
    np.testing.assert_array_equal(first, again)
    assert np.abs(first - other).max() > 0.01


@pytest.mark.parametrize("change", CHANGES)
def test_every_picture_keeps_ink_and_most_of_its_place(change):
    result = change(DIGITS.copy(), np.random.default_rng(3))
    assert result.max(axis=(1, 2)).min() > 0.3
    mass = result.sum(axis=(1, 2))
    centre = (result.sum(axis=2) @ np.arange(28)) / mass
    assert np.abs(centre - 14).max() < 6


def test_a_warp_of_nothing_changes_nothing():
    still = augment.warp(
        DIGITS[:4], np.random.default_rng(1), degrees=0, shear=0, scale=0, shift=0, bend=0
    )
    np.testing.assert_allclose(still, DIGITS[:4], atol=1e-5)


def test_a_shift_moves_the_ink_by_whole_pixels_or_parts():
    moved = augment.warp(
        DIGITS, np.random.default_rng(1), degrees=0, shear=0, scale=0, shift=2, bend=0
    )
    assert np.ptp((moved.sum(axis=2) @ np.arange(28)) / moved.sum(axis=(1, 2))) > 3


def test_thicker_adds_ink_and_thinner_takes_some():
    rng = np.random.default_rng(1)
    mass = DIGITS.sum(axis=(1, 2))
    assert (augment.thicker(DIGITS, rng).sum(axis=(1, 2)) > mass).all()
    assert (augment.thinner(DIGITS, rng).sum(axis=(1, 2)) < mass).mean() > 0.9
