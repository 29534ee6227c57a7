"""Each step of the framing on its own."""

from __future__ import annotations

import numpy as np
import pytest

from models.digit import framing
from models.train.study import ablation


def line(width: int, length: int = 160) -> np.ndarray:
    strength = np.zeros((200, 200), np.float32)
    strength[20 : 20 + length, 100 : 100 + width] = 1
    strength[20 + length - width : 20 + length, 100 : 100 + length // 2] = 1
    return strength


@pytest.mark.parametrize("width", [3, 8, 15])
def test_the_width_of_lines_is_measured_within_a_third(width):
    assert framing.line_width(line(width) > 0.5) == pytest.approx(width, rel=0.33)


@pytest.mark.parametrize("width", [2, 50])
def test_lines_are_brought_to_a_pens_width_unless_told_not_to(width):
    def off(pixels):
        width = framing.line_width(pixels > 0.4)
        return max(framing.THIN - width, width - framing.THICK)

    strength = line(width)
    assert off(framing.frame(strength)) < off(framing.frame(strength, pen_width=False)) - 0.3


def test_dust_moves_the_frame_only_where_it_is_kept():
    clean, dusty = line(16), line(16)
    dusty[195:198, 2:5] = 1
    expected = framing.frame(clean)
    assert np.abs(framing.frame(dusty) - expected).max() < 0.05
    assert np.abs(framing.frame(dusty, dust=True) - expected).max() > 0.5


def test_a_large_component_is_no_dust_however_far():
    both = line(16, 100)
    both[150:190, 10:26] = 1
    assert framing.without_dust(both)[160, 15] == 1


def test_a_bar_along_a_side_of_the_picture_is_an_edge():
    strength = line(16)
    strength[:, :10] = 1
    assert not framing.without_dust(strength)[:, :10].any()


def test_a_plain_resize_is_light_on_dark_whatever_the_paper():
    from PIL import Image

    picture = Image.fromarray((255 * (1 - line(20))).astype(np.uint8))
    inverted = Image.eval(picture, lambda value: 255 - value)
    np.testing.assert_allclose(ablation.plain(picture), ablation.plain(inverted), atol=0.01)
    assert np.median(ablation.plain(picture)) < 0.1
