"""A drawing becomes the grey square that a model takes, as it is drawn or framed as MNIST."""

from __future__ import annotations

import numpy as np
import pytest

from models.digit import sketch
from models.digit.digit import from_strokes
from models.errors import InputError
from models.lanes import Pixels

LINE = np.array([[70.0, 140.0], [210.0, 140.0]])  # across the middle of a canvas of 280
SEVEN = np.array([[40.0, 60.0], [220.0, 60.0], [120.0, 240.0]])


def drawn(*strokes: np.ndarray, side: int = 56) -> Pixels:
    return sketch.from_drawing(strokes, side, canvas=280, pen=20).pixels


def test_a_drawing_is_scaled_down_where_it_is() -> None:
    pixels = drawn(LINE)
    rows, columns = (np.flatnonzero((pixels > 0.5).any(axis=axis)) for axis in (1, 0))
    assert pixels.shape == (56, 56)
    assert (rows[0], rows[-1]) == (26, 29), "four of twenty pixels of the canvas"
    assert 11 <= columns[0] <= 13 and 42 <= columns[-1] <= 44, "with the pen's round ends"


def test_a_smaller_picture_holds_the_same_ink() -> None:
    shares = [drawn(SEVEN, side=side).mean() for side in (14, 28, 56, 224)]
    assert np.ptp(shares) < 0.005


def test_edges_are_antialiased() -> None:
    pixels = drawn(SEVEN)
    assert ((pixels > 0.1) & (pixels < 0.9)).sum() > 20


def test_a_dot_is_ink() -> None:
    assert drawn(np.array([[140.0, 140.0]]))[28, 28] == 1


def test_without_strokes_the_picture_is_black() -> None:
    assert drawn().max() == 0 and sketch.framed([], 32).pixels.max() == 0


@pytest.mark.parametrize("side", [14, 28, 32, 64])
def test_a_framed_drawing_is_mnists_at_any_size(side: int) -> None:
    pixels = sketch.framed([SEVEN], side).pixels
    inked = np.argwhere(pixels > 0.4)
    assert max(np.ptp(inked, axis=0) + 1) == pytest.approx(20 / 28 * side, abs=1.5)
    centre = (np.argwhere(pixels >= 0) * pixels.reshape(-1, 1)).sum(axis=0) / pixels.sum()
    assert centre == pytest.approx([side / 2, side / 2], abs=0.7)


def test_at_mnists_size_it_looks_like_the_digit_of_the_same_strokes() -> None:
    digit, framed = from_strokes([SEVEN]).pixels, sketch.framed([SEVEN], 28).pixels
    assert np.corrcoef(digit.ravel(), framed.ravel())[0, 1] > 0.97


def test_a_framed_drawing_is_the_same_wherever_it_was_drawn() -> None:
    moved = sketch.framed([SEVEN * 0.5 + 20], 32).pixels
    assert np.abs(moved - sketch.framed([SEVEN], 32).pixels).max() < 0.15


def test_a_tap_is_a_round_dot_when_it_is_framed() -> None:
    tap = np.array([[140.0, 140.0], [150.0, 143.0]])
    inked = np.argwhere(sketch.framed([tap], 56, pen=18).pixels > 0.5)
    assert set(np.ptp(inked, axis=0) + 1) <= {3, 4, 5}, "four pixels are the pen's width"


def test_what_is_no_stroke_is_refused() -> None:
    for wrong in (np.zeros((3, 3)), np.array([[np.nan, 0.0]])):
        with pytest.raises(InputError):
            drawn(wrong)
        with pytest.raises(InputError):
            sketch.framed([wrong], 32)


def test_a_drawing_of_the_most_points_takes_bounded_work() -> None:
    scribble = np.random.default_rng(0).uniform(0, 280, (20_000, 2))
    assert drawn(scribble, side=224).max() == 1
