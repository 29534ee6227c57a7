"""Ink is found against paper: its place, its depth, its polarity."""

from __future__ import annotations

import numpy as np
import pytest
from PIL import Image, ImageDraw
from scipy import ndimage

from models.digit import grayscale
from models.digit.ink import from_grey, ink
from models.errors import InputError


def stroke(height: int = 200, width: int = 200, paper: float = 0.9, dark: float = 0.2):
    values = np.full((height, width), paper, np.float32)
    values[height // 5 : -height // 5, width // 2 - 8 : width // 2 + 8] = dark
    return values


INKED = stroke() < 0.5


@pytest.mark.parametrize("low, high", [(0.0, 1.0), (0.2, 0.9), (0.45, 0.6)])
@pytest.mark.parametrize("inverted", [False, True])
def test_full_ink_is_1_and_paper_0_at_any_contrast_and_polarity(low, high, inverted):
    values = stroke(paper=low, dark=high) if inverted else stroke(paper=high, dark=low)
    strength = from_grey(values)
    assert strength[INKED].mean() > 0.95 and strength[~INKED].mean() < 0.02


@pytest.mark.parametrize("inverted", [False, True])
def test_light_that_falls_off_to_less_than_half_is_paper_all_the_same(inverted):
    light = np.linspace(1, 0.4, 200, dtype=np.float32)[:, None]
    values = stroke(dark=0.25) * light
    strength = from_grey(1 - values if inverted else values)
    assert strength[INKED].mean() > 0.7 and strength[~INKED].mean() < 0.05


def test_a_shadow_over_part_of_the_paper_stays_too_pale_for_a_line():
    values = stroke()
    values[:, 140:] *= 0.8
    strength = from_grey(values)
    assert strength[INKED].mean() > 0.8 and strength[:, 150:].max() < 0.35


def test_a_shadow_nearly_as_dark_as_the_ink_is_told_from_it_where_it_covers_a_side():
    values = stroke(dark=0.3)
    values[:, 150:] *= 0.55
    strength = from_grey(values)
    assert strength[INKED].mean() > 0.8 and strength[:, 165:].mean() < 0.2


@pytest.mark.parametrize("lit", [0.2, 0.4, 0.7])
def test_a_shadow_with_an_edge_through_the_picture_turns_nothing_around(lit):
    values = stroke(600, 800, paper=0.8, dark=0.2)
    inked = values < 0.5
    values[:, round(800 * lit) :] *= 0.4
    strength = from_grey(ndimage.gaussian_filter(values, 12))
    assert strength[ndimage.binary_erosion(inked, iterations=4)].mean() > 0.7
    assert strength[~ndimage.binary_dilation(inked, iterations=40)].mean() < 0.02


@pytest.mark.parametrize("shade", [0.3, 0.4, 0.6])
def test_a_shadow_along_a_side_is_told_from_ink_that_runs_from_it_to_the_other_side(shade):
    inked = np.zeros((240, 240), np.bool_)
    inked[50:74, 30:] = inked[50:190, 150:174] = True
    values = np.where(inked, np.float32(0.12), np.float32(0.9))
    values[:, :60] *= shade
    strength = from_grey(values)
    assert strength[inked].mean() > 0.8 and strength[:, :50][~inked[:, :50]].max() < 0.2


def printed(step: int, lines: float, paper: float = 0.9) -> np.ndarray:
    """A stroke of dark ink on squared paper."""
    values = np.full((600, 800), paper, np.float32)
    for place in range(20, 800, step):
        values[place : place + 2] = lines
        values[:, place : place + 2] = lines
    inked = stroke(600, 800) < 0.5
    values[inked] = 0.1
    return values


@pytest.mark.parametrize("fall", [0.0, 0.5])
def test_squared_papers_lines_are_no_ink(fall):
    inked = stroke(600, 800) < 0.5
    light = np.linspace(1, 1 - fall, 800, dtype=np.float32)
    strength = from_grey(printed(45, lines=0.6) * light)
    assert strength[inked].mean() > 0.8 and strength[~inked].max() < 0.3


@pytest.mark.parametrize("deviation", [0.01, 0.03])
def test_the_papers_grain_is_no_ink(deviation):
    noise = np.random.default_rng(1).normal(0, deviation, (200, 200)).astype(np.float32)
    strength = from_grey(np.clip(stroke(paper=0.7, dark=0.3) + noise, 0, 1))
    assert strength[INKED].mean() > 0.85 and strength[~INKED].mean() < 0.03
    assert not from_grey(np.clip(np.float32(0.7) + noise, 0, 1)).any()


@pytest.mark.parametrize("deviation", [0.15, 0.25, 0.35])
def test_grain_that_drowns_a_single_pixel_does_not_drown_a_line(deviation):
    noise = np.random.default_rng(1).normal(0, deviation, (600, 800)).astype(np.float32)
    values = stroke(600, 800, paper=0.7, dark=0.2)
    strength = from_grey(np.clip(values + noise, 0, 1))
    assert strength[values < 0.5].mean() > 0.7 and strength[values > 0.5].mean() < 0.05
    assert not from_grey(np.clip(np.float32(0.7) + noise, 0, 1)).any()


def test_the_edge_of_the_ink_keeps_its_greys():
    values = stroke(paper=1.0, dark=0.0)
    values[40:-40, 91] = 0.5
    row = from_grey(values)[100]
    assert 0.3 < row[91] < 0.7


@pytest.mark.parametrize(
    "mode", ["1", "L", "P", "RGB", "RGBA", "CMYK", "I;16", "I", "F", "LA", "HSV"]
)
def test_every_mode_of_picture_gives_the_same_ink(mode):
    levels = np.rint(stroke(paper=1.0, dark=0.0) * 255).astype(np.uint8)
    image = Image.fromarray(levels)
    if mode == "I;16":
        image = Image.fromarray(levels.astype(np.uint16) * 257)
    elif mode == "HSV":
        image = image.convert("RGB").convert("HSV")
    else:
        image = image.convert(mode)
    strength = ink(image)
    assert strength.shape == (200, 200) and strength.dtype == np.float32
    assert strength[INKED].mean() > 0.95 and strength[~INKED].mean() < 0.02


def test_not_numbers_in_a_floating_point_picture_are_no_fault():
    values = stroke()
    values[3, 3:6] = [np.nan, np.inf, -np.inf]
    assert np.isfinite(ink(Image.fromarray(values))).all()


def test_a_picture_with_too_many_pixels_is_refused_before_it_is_decoded(monkeypatch):
    monkeypatch.setattr(grayscale, "MAX_PIXELS", 100)
    with pytest.raises(InputError, match="11 × 10 pixels"):
        ink(Image.new("L", (11, 10)))


TWO = [(0.2, 0.35), (0.3, 0.2), (0.7, 0.2), (0.75, 0.4), (0.2, 0.8), (0.8, 0.8)]
ONE = [(0.35, 0.3), (0.6, 0.1), (0.6, 0.9)]


def cut_close(path: list[tuple[float, float]], pen: float, size: tuple[int, int] = (30, 48)):
    """A digit of a broad pen that fills its picture, (height, width): 1 ink, 0 paper."""
    image = Image.new("L", (400, 400))
    ImageDraw.Draw(image).line([(x * 400, y * 400) for x, y in path], 255, round(pen * 400))
    filled = image.crop(image.getbbox()).resize(size, Image.Resampling.BOX)
    return np.asarray(filled, np.float32) / 255


def right(strength: np.ndarray, inked: np.ndarray) -> bool:
    return bool(strength[inked > 0.7].mean() > 0.9 and strength[inked < 0.3].mean() < 0.1)


@pytest.mark.parametrize("path, pen", [(ONE, 0.45), (TWO, 0.24)])
@pytest.mark.parametrize("inverted", [False, True])
def test_a_fat_digit_that_is_cut_close_is_ink_and_what_it_leaves_is_paper(path, pen, inverted):
    inked = cut_close(path, pen)
    assert inked.mean() > 0.55
    assert right(from_grey(1 - inked if inverted else inked), inked)


@pytest.mark.parametrize("inverted", [False, True])
def test_a_row_of_digits_that_is_cut_close_is_ink_though_it_is_in_pieces(inverted):
    two = cut_close(TWO, 0.06)
    # Each a little higher or lower than the next: their paper hangs together.
    row = np.hstack([np.pad(two, ((down, 4 - down), (1, 0))) for down in (0, 4, 0)])[:48]
    assert right(from_grey(1 - row if inverted else row), row)


@pytest.mark.parametrize("side", [16, 160])
@pytest.mark.parametrize("inverted", [False, True])
def test_the_pale_rims_of_a_digit_cut_close_are_no_grain(side, inverted):
    image = Image.new("L", (160, 160))
    ImageDraw.Draw(image).ellipse((0, 0, 159, 159), outline=255, width=55)
    small = image.resize((16, 16), Image.Resampling.BOX).resize((side, side), Image.BICUBIC)
    inked = ndimage.gaussian_filter(np.asarray(small, np.float32) / 255, side / 16)
    strength = from_grey(1 - inked if inverted else inked)
    assert strength.max() > 0.9 and strength[strength.shape[0] // 2, strength.shape[1] // 2] < 0.2


@pytest.mark.parametrize("corner", [0.3, 0.45, 0.6])
@pytest.mark.parametrize("lamp", [(0.0, 0.0), (-0.3, 0.2)])
@pytest.mark.parametrize("inverted", [False, True])
def test_light_that_falls_off_on_all_sides_turns_nothing_around(corner, lamp, inverted):
    paper, dark = (0.3, 0.9) if inverted else (0.8, 0.2)
    values = stroke(480, 640, paper, dark)
    y, x = np.mgrid[-1:1:480j, -1:1:640j]
    light = 1 - (1 - corner) * ((x - lamp[0]) ** 2 + (y - lamp[1]) ** 2) / 2
    inked = stroke(480, 640) < 0.5
    strength = from_grey((values * np.maximum(light, 0.1)).astype(np.float32))
    assert strength[inked].mean() > 0.8 and strength[~inked].mean() < 0.02


def test_a_small_picture_of_little_contrast_is_read_though_its_light_slopes_as_much():
    values = np.full((28, 28), 0.68, np.float32) + np.linspace(-0.03, 0.03, 28, dtype=np.float32)
    values[6:22, 13:15] -= 0.06
    strength = from_grey(values)
    assert strength[6:22, 13:15].mean() > 0.8 and strength[:, :10].max() < 0.2


def test_a_mask_of_0_and_1_is_black_and_white():
    mask = (stroke() < 0.5).astype(np.uint8)
    assert ink(Image.fromarray(mask))[INKED].mean() > 0.95
