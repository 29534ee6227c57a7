"""Drawn, scanned and scribbled samples: preprocessed as in the app, repeatable, what they say."""

from __future__ import annotations

import numpy as np
import pytest

from models.dataset.readers.unipen import PenDrawing
from models.digit.digit import from_picture, from_strokes
from models.train import synthetic_digits

SEVEN = np.array([[100.0, -400.0], [300.0, -400.0], [180.0, -100.0]])
DRAWING = PenDrawing(7, 1, (SEVEN,))
PICTURE = synthetic_digits.to_bytes([from_strokes([SEVEN])])[0]


def alike(one, other):
    return float(np.corrcoef(one.ravel(), other.ravel())[0, 1])


def test_the_canvas_is_280_pixels_white_with_a_brush_of_20():
    image = np.asarray(synthetic_digits.on_canvas([np.array([[100.0, 0.0], [300.0, 0.0]])]))
    assert image.shape == (280, 280) and image[0, 0] == 255
    assert (image[:, 140] < 128).sum() in (19, 20, 21)


def test_a_drawing_on_the_canvas_reads_like_its_strokes():
    drawn = from_picture(synthetic_digits.on_canvas([SEVEN])).pixels
    assert alike(drawn, from_strokes([SEVEN]).pixels) > 0.8


@pytest.mark.parametrize("kind", range(12))
def test_a_scan_comes_back_as_the_same_digit(kind):
    scanned = from_picture(synthetic_digits.scan(PICTURE, np.random.default_rng(kind))).pixels
    assert alike(scanned, PICTURE) > 0.6


def test_redrawn_drawings_vary_and_stay_what_they_are():
    variants = [synthetic_digits.redrawn([DRAWING], seed)[0] for seed in range(6)]
    assert len({each.tobytes() for each in variants}) == 6
    assert min(alike(each, PICTURE) for each in variants) > 0.4


@pytest.mark.parametrize(
    "make",
    [
        lambda seed: synthetic_digits.redrawn([DRAWING] * 3, seed),
        lambda seed: synthetic_digits.as_uploads(np.stack([PICTURE] * 3), seed),
        lambda seed: synthetic_digits.scribbles(3, seed),
        lambda seed: synthetic_digits.letters(3, seed, "AK"),
    ],
)
def test_a_seed_repeats_and_another_differs(make):
    np.testing.assert_array_equal(make(1), make(1))
    assert (make(1) != make(2)).any()
    assert make(1).max(axis=(1, 2)).min() > 128


def test_letters_to_measure_on_are_none_that_were_trained_on():
    assert 0 < len(set(synthetic_digits.TRAINED_LETTERS)) < len(set(synthetic_digits.LETTERS))
