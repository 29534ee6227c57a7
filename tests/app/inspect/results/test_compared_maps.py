"""A channel in two versions and their difference: what is drawn, and what is said of it."""

from __future__ import annotations

import base64
import io

import numpy as np
from PIL import Image

from app.inspect.results.compared_maps import Figure, Version, farthest, figures


def compared(base: np.ndarray, other: np.ndarray, **more) -> list[Figure]:
    one = Version("Keras, the original", "the original", base)
    two = Version("graph, browser", "the graph model in your browser", other)
    return list(figures("conv1, channel 3", one, two, **more))


def pixels(figure: Figure) -> list:
    content = figure.url.partition(",")[2]
    return np.asarray(Image.open(io.BytesIO(base64.b64decode(content)))).tolist()


BASE = np.array([[[0.0, 1.0], [2.0, 4.0]]], np.float32)


def test_both_are_on_one_scale_and_the_difference_on_its_own_which_is_said():
    other = BASE + np.array([[[0, 0], [0.0002, 0]]], np.float32)
    one, two, difference = compared(BASE, other)
    assert pixels(one) == pixels(two) == [[0, 64], [128, 255]]
    assert pixels(difference) == [[0, 0], [255, 0]]
    assert one.caption == "Keras, the original: 0 to 4"
    assert two.caption == "graph, browser, on the same scale"
    assert difference.caption == "Their difference, amplified 20,000 times: white is 0.0002"


def test_text_alternatives_say_what_is_seen():
    other = BASE + np.array([[[0, 0], [3e-7, 0]]], np.float32)
    one, _, difference = compared(BASE, other, every=2)
    assert one.alt == (
        "conv1, channel 3, in the original: 2×2 values from 0 to 4, brightest at row 2, column 2"
    )
    assert difference.alt == (
        "conv1, channel 3: the difference between the original and the graph model in your "
        "browser, up to 0.00000024 (2.4e-7), largest at row 2, column 0"
    )


def test_no_difference_is_black_and_said_to_be_none():
    *_, difference = compared(BASE, BASE)
    assert pixels(difference) == [[0, 0], [0, 0]]
    assert difference.caption == "Their difference: none, every value is the same"
    assert difference.alt.endswith("all black: there is none")


def test_a_channel_of_one_value_has_no_brightest_place():
    one, *_ = compared(np.zeros((1, 2, 2), np.float32), BASE)
    assert one.alt.endswith("2×2 values, all 0")


def test_a_strip_s_place_is_one_number():
    one, *_ = compared(BASE.reshape(1, 1, 4), BASE.reshape(1, 1, 4))
    assert one.alt.endswith("brightest at 3")


def test_what_is_no_number_is_grey_and_counted():
    other = BASE.copy()
    other[0, 0] = [np.nan, np.inf]
    _, two, difference = compared(BASE, other)
    assert pixels(two)[0] == pixels(difference)[0] == [96, 96]
    assert two.alt.endswith("grey: 2 that are no numbers")
    assert two.caption.endswith("grey: 2 that are no numbers")


def test_a_last_line_that_is_filled_up_is_not_counted():
    filled = np.array([[[1.0, 2.0], [3.0, np.nan]]], np.float32)
    one = Version("a", "a", filled, count=3)
    assert "no numbers" not in figures("fc", one, one)[0].alt


def test_two_that_are_as_far_apart_as_their_values_are_not_amplified():
    *_, difference = compared(BASE, BASE[:, ::-1, ::-1])
    assert difference.caption == "Their difference: white is 4"


def test_the_largest_float32s_have_a_difference():
    huge = np.full((1, 1, 2), 3.4e38, np.float32)
    *_, difference = compared(huge, -huge)
    assert pixels(difference) == [[255, 255]]


def test_the_channel_to_begin_with_is_the_farthest_and_nan_is_farther():
    base, other = np.zeros((3, 2, 2), np.float32), np.zeros((3, 2, 2), np.float32)
    other[1, 0, 0] = 1e-7
    assert farthest(base, other) == 1
    other[2, 1, 1] = np.nan
    assert farthest(base, other) == 2
    base[2, 1, 1] = np.nan
    assert farthest(base, other) == 1
