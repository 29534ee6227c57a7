"""Feature maps as pictures."""

from __future__ import annotations

import base64
import io

import numpy as np
import pytest
from PIL import Image

from app.inspect.results.feature_maps import ACROSS, MOST, SIDE, channels, cut, picture, span
from models.formats.model_input import Input


def pixels(url: str) -> np.ndarray:
    kind, _, content = url.partition(",")
    assert kind == "data:image/png;base64"
    return np.asarray(Image.open(io.BytesIO(base64.b64decode(content))))


def test_channels_come_first_for_any_output():
    picture_like = np.arange(24, dtype=np.float32).reshape(1, 2, 3, 4)
    assert channels(picture_like).shape == (4, 2, 3)
    np.testing.assert_array_equal(channels(picture_like)[1], picture_like[0, :, :, 1])
    assert channels(np.zeros((1, 10))).shape == (1, 1, 10)
    assert channels(np.zeros((1, 3, 5))).shape == (1, 3, 5)
    assert channels(np.zeros((1, 2, 2, 200))).shape == (200, 2, 2)
    volume = np.arange(48).reshape(1, 2, 2, 3, 4)
    assert channels(volume).shape == (4, 2, 6)
    np.testing.assert_array_equal(channels(volume)[1].ravel(), volume[0, ..., 1].ravel())


def test_the_longer_side_of_a_map_without_channels_lies_across():
    steps = np.arange(15).reshape(1, 5, 3)
    np.testing.assert_array_equal(channels(steps), steps[0].T[None])


def test_a_long_row_is_in_lines_of_which_the_last_is_filled_up():
    lines = channels(np.arange(100, dtype=np.float32)[None])
    assert lines.shape == (1, 2, ACROSS)
    np.testing.assert_array_equal(lines.ravel()[:100], np.arange(100))
    assert np.isnan(lines.ravel()[100:]).all()


@pytest.mark.parametrize("shape", [(300_000,), (2000, 3), (600, 700, 2), (3, 600, 700, 2)])
def test_a_picture_has_a_largest_size(shape):
    values = np.zeros((1, *shape), np.float32)
    assert max(channels(values).shape[1:]) <= SIDE and cut(values)


@pytest.mark.parametrize("shape", [(), (SIDE * SIDE,), (SIDE, 3), (SIDE, SIDE, 9), (2, 16, 32, 9)])
def test_all_of_a_layer_that_fits_is_shown(shape):
    values = np.zeros((1, *shape), np.float32)
    assert channels(values).size == values.size and not cut(values)


def test_of_very_many_channels_the_first_are_in_one_picture():
    assert pixels(picture(np.ones((MOST + 136, 2, 2)), 0.0, 1.0)).size == 23 * 23


def test_black_is_low_white_is_high_with_a_gap_between_maps():
    maps = np.stack([np.full((2, 2), 1.0), np.full((2, 2), 3.0)])
    canvas = pixels(picture(maps, 1.0, 3.0))
    assert canvas.shape == (2, 5)
    assert canvas[0].tolist() == [0, 0, 96, 255, 255]


def test_nan_is_grey_and_a_flat_layer_is_black():
    assert pixels(picture(np.array([[[np.nan, 1.0]]]), 0.0, 1.0)).tolist() == [[96, 255]]
    assert pixels(picture(np.ones((1, 1, 2)), 1.0, 1.0)).tolist() == [[0, 0]]


def test_every_channel_is_shown():
    maps = np.ones((7, 3, 3))
    canvas = pixels(picture(maps, 0.0, 1.0))
    assert (canvas == 255).sum() == 7 * 9


def test_the_span_ignores_nan_and_infinity():
    assert span(np.array([1.0, np.nan]), np.array([-2.0, np.inf])) == (-2.0, 1.0)
    assert span(np.array([np.nan])) == (0.0, 0.0)


def test_the_picture_itself_is_shown_in_its_colours():
    red = np.zeros((1, 2, 3, 3), np.float32)
    red[..., 0] = 255
    taken = Input((2, 3, 3), (255.0,), framing="none")
    shown = pixels(picture(channels(red, taken), 0, 255))
    assert shown.shape == (2, 3, 3) and (shown == [255, 0, 0]).all()
    first = Input((3, 2, 3), (255.0,), layout="CHW", framing="none")
    np.testing.assert_array_equal(
        pixels(picture(channels(np.moveaxis(red, -1, 1), first), 0, 255)), shown
    )
    blue_first = Input((2, 3, 3), (255.0,), order="bgr", framing="none")
    assert (pixels(picture(channels(red, blue_first), 0, 255)) == [0, 0, 255]).all()
    clear = np.concatenate([red, np.full((1, 2, 3, 1), 99)], axis=-1)
    with_alpha = Input((2, 3, 4), (255.0,), framing="none")
    assert pixels(picture(channels(clear, with_alpha), 0, 255)).shape == (2, 3, 3)


def test_a_row_of_pixels_is_shown_as_the_picture_that_it_is():
    red = np.zeros((1, 2, 3, 3), np.float32)
    red[..., 0] = 1
    taken = Input((18,), layout="flat", flattened=(2, 3, 3), framing="none")
    assert (pixels(picture(channels(red.reshape(1, 18), taken), 0, 1)) == [255, 0, 0]).all()
    grey = Input((16,), layout="flat", framing="none")
    assert channels(np.ones((1, 16), np.float32), grey).shape == (1, 4, 4)


def test_a_grey_picture_stays_one_map():
    grey = np.ones((1, 4, 5, 1), np.float32)
    assert channels(grey, Input((4, 5, 1), framing="none")).shape == (1, 4, 5)
