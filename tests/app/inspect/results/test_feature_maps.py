"""Feature maps as pictures."""

from __future__ import annotations

import base64
import io

import numpy as np
from PIL import Image

from app.inspect.results.feature_maps import MOST, channels, picture, span
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
    assert channels(np.zeros((1, 2, 2, 200))).shape == (MOST, 2, 2)


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
