"""Feature maps as pictures."""

from __future__ import annotations

import base64
import io

import numpy as np
from PIL import Image

from app.inspect.results.feature_maps import MOST, channels, picture, span


def pixels(address: str) -> np.ndarray:
    kind, _, content = address.partition(",")
    assert kind == "data:image/png;base64"
    return np.asarray(Image.open(io.BytesIO(base64.b64decode(content))))


def test_channels_come_first_whatever_the_layer_gives():
    picture_like = np.arange(24, dtype=np.float32).reshape(1, 2, 3, 4)
    assert channels(picture_like).shape == (4, 2, 3)
    np.testing.assert_array_equal(channels(picture_like)[1], picture_like[0, :, :, 1])
    assert channels(np.zeros((1, 10))).shape == (1, 1, 10)
    assert channels(np.zeros((1, 3, 5))).shape == (1, 3, 5)
    assert channels(np.zeros((1, 2, 2, 200))).shape == (MOST, 2, 2)


def test_black_is_low_white_is_high_and_maps_stand_apart():
    maps = np.stack([np.full((2, 2), 1.0), np.full((2, 2), 3.0)])
    sheet = pixels(picture(maps, 1.0, 3.0))
    assert sheet.shape == (2, 5)
    assert sheet[0].tolist() == [0, 0, 96, 255, 255]


def test_what_is_no_number_is_grey_and_a_flat_layer_is_black():
    assert pixels(picture(np.array([[[np.nan, 1.0]]]), 0.0, 1.0)).tolist() == [[96, 255]]
    assert pixels(picture(np.ones((1, 1, 2)), 1.0, 1.0)).tolist() == [[0, 0]]


def test_every_channel_has_a_place():
    maps = np.ones((7, 3, 3))
    sheet = pixels(picture(maps, 0.0, 1.0))
    assert (sheet == 255).sum() == 7 * 9


def test_the_span_leaves_out_what_is_no_number():
    assert span(np.array([1.0, np.nan]), np.array([-2.0, np.inf])) == (-2.0, 1.0)
    assert span(np.array([np.nan])) == (0.0, 0.0)
