"""Every digit is made of whole 255ths, so that eight bits a pixel carry it exactly."""

from __future__ import annotations

import numpy as np
import pytest

from models.digit.digit import Digit, from_levels, from_strokes
from models.errors import InputError

ZIGZAG = [np.array([[0.0, 0.0], [31.0, 7.0], [3.0, 50.0], [29.0, 61.0]])]


def in_255ths(digit: Digit) -> np.ndarray:
    return np.rint(digit.pixels * 255).astype(np.float32) / np.float32(255)


@pytest.mark.parametrize("digit", [from_strokes(ZIGZAG), from_strokes([])])
def test_pixels_made_from_strokes_are_whole_255ths(digit):
    np.testing.assert_array_equal(digit.pixels, in_255ths(digit))


def test_any_pixels_are_rounded_to_the_nearest_255th():
    values = np.random.default_rng(1).random((28, 28), np.float32)
    digit = Digit(values)
    np.testing.assert_array_equal(digit.pixels, in_255ths(digit))
    assert np.abs(digit.pixels - values).max() <= 0.5 / 255 + 1e-7


def test_8_bit_pixels_are_kept_to_the_last_bit():
    levels = np.arange(784).reshape(28, 28) % 256
    values = (levels / 255).astype(np.float32)
    np.testing.assert_array_equal(Digit(values).pixels, values)


def test_a_digit_leaves_the_array_it_was_made_from_alone():
    values = np.full((28, 28), 0.3, np.float32)
    digit = Digit(values)
    values[0, 0] = 1
    assert digit.pixels[0, 0] != 1
    assert not digit.pixels.flags.writeable


@pytest.mark.parametrize("value", [np.nan, np.inf, -0.1, 1.1, 255.0])
def test_a_pixel_that_is_no_share_of_ink_is_refused(value):
    pixels = np.zeros((28, 28), np.float32)
    pixels[3, 4] = value
    with pytest.raises(InputError, match="between 0"):
        Digit(pixels)


def test_levels_and_back_is_the_same_digit():
    digit = from_strokes(ZIGZAG)
    assert len(digit.levels) == 784
    again = from_levels(digit.levels)
    np.testing.assert_array_equal(again.pixels, digit.pixels)
    assert again.id == digit.id


@pytest.mark.parametrize("count", [0, 783, 785])
def test_another_number_of_levels_is_refused(count):
    with pytest.raises(InputError, match="784 levels"):
        from_levels(bytes(count))
