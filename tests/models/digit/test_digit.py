"""Whatever the picture and wherever the digit in it, the same digit comes out, framed as MNIST."""

from __future__ import annotations

import io

import numpy as np
import pytest
from PIL import Image, ImageDraw, ImageOps

from models.digit.digit import Digit, from_picture, from_pixels, from_strokes
from models.digit.framing import line_width
from models.errors import InputError
from models.formats.store import EXAMPLES

SEVEN = np.array([[0.0, 0.0], [0.7, 0.0], [0.3, 1.0]])


def picture(
    *, size: int = 280, at: tuple[float, float] = (60, 50), height: float = 180, pen: float = 20
) -> Image.Image:
    """A 7 in black on white, drawn at four times the size for soft edges."""
    image = Image.new("L", (size * 4, size * 4), 255)
    draw = ImageDraw.Draw(image)
    points = (SEVEN * height + at) * 4
    draw.line([tuple(p) for p in points], fill=0, width=round(pen * 4), joint="curve")
    radius = pen * 2
    for x, y in points:
        draw.ellipse([x - radius, y - radius, x + radius, y + radius], fill=0)
    return image.resize((size, size), Image.Resampling.BOX)


REFERENCE = from_picture(picture())


def alike(one: Digit, other: Digit) -> float:
    """The correlation of two digits' pixels: 1 for the same digit."""
    return float(np.corrcoef(one.pixels.ravel(), other.pixels.ravel())[0, 1])


def box(digit: Digit) -> tuple[int, int]:
    """(height, width) of the ink."""
    inked = digit.pixels > 0.4
    return tuple(int(np.ptp(np.flatnonzero(inked.any(axis=a)))) + 1 for a in (1, 0))  # type: ignore


def test_the_longer_side_is_20_pixels_and_the_centre_of_mass_is_mnists():
    assert abs(max(box(REFERENCE)) - 20) <= 1
    rows, columns = np.mgrid[:28, :28]
    mass = REFERENCE.pixels.sum()
    assert abs((REFERENCE.pixels * rows).sum() / mass - 14) < 0.3
    assert abs((REFERENCE.pixels * columns).sum() / mass - 14) < 0.3


def test_edges_are_antialiased():
    levels = REFERENCE.pixels
    assert ((levels > 0.1) & (levels < 0.9)).sum() > 20


def grainy(image: Image.Image, deviation: float, contrast: float = 0.8) -> Image.Image:
    """Add a camera's grain; ``deviation`` and ``contrast`` are parts of black to white."""
    noise = np.random.default_rng(1).normal(0, deviation, image.size[::-1])
    values = 0.5 + contrast * (np.asarray(image) / 255 - 0.5) + noise
    return Image.fromarray((np.clip(values, 0, 1) * 255).astype(np.uint8))


@pytest.mark.parametrize("size, deviation", [(28, 0.16), (48, 0.16), (140, 0.24), (280, 0.24)])
@pytest.mark.parametrize("inverted", [False, True])
def test_grain_that_drowns_single_pixels_does_not_drown_a_digit(size, deviation, inverted):
    clean = picture().resize((size, size), Image.Resampling.BOX)
    noisy = grainy(ImageOps.invert(clean) if inverted else clean, deviation)
    assert alike(from_picture(noisy), REFERENCE) > 0.8


@pytest.mark.parametrize("size, deviation", [(28, 0.2), (56, 0.3), (140, 0.4)])
@pytest.mark.parametrize("inverted", [False, True])
def test_grain_that_is_cut_off_at_white_or_black_paper_is_no_ink(size, deviation, inverted):
    clean = picture().resize((size, size), Image.Resampling.BOX)
    noisy = grainy(ImageOps.invert(clean) if inverted else clean, deviation, contrast=1)
    assert alike(from_picture(noisy), REFERENCE) > 0.8


CUT_CLOSE = picture(pen=40).crop((40, 30, 206, 250))
WITH_PAPER = from_picture(ImageOps.expand(CUT_CLOSE, 60, 255))


@pytest.mark.parametrize("turned", [0, 90, 180, 270])
@pytest.mark.parametrize("inverted", [False, True])
def test_a_bar_along_a_side_of_a_digit_cut_close_is_no_shadow(turned, inverted):
    close = ImageOps.invert(CUT_CLOSE) if inverted else CUT_CLOSE
    digit = from_picture(close.rotate(turned, expand=True))
    expected = from_picture(ImageOps.expand(CUT_CLOSE.rotate(turned, expand=True), 60, 255))
    assert alike(digit, expected) > 0.9


@pytest.mark.parametrize("height", [48, 96, 180])
def test_grain_does_not_drown_a_digit_that_is_cut_close(height):
    noisy = grainy(CUT_CLOSE.resize((height * 3 // 4, height)), 0.08)
    assert alike(from_picture(noisy), WITH_PAPER) > 0.8


@pytest.mark.parametrize("at", [(14, 14), (130, 80), (60, 85)])
def test_the_corner_it_is_drawn_in_does_not_matter(at):
    assert alike(from_picture(picture(at=at)), REFERENCE) > 0.97


@pytest.mark.parametrize("pen", [2, 5, 10, 30])
def test_a_thin_or_thick_pen_gives_lines_about_as_wide(pen):
    digit = from_picture(picture(pen=pen))
    assert 1.3 < line_width(digit.pixels > 0.4) < 4.3
    assert alike(digit, REFERENCE) > 0.8


def test_a_line_thinner_than_a_pixel_after_scaling_is_thickened_and_stays_whole():
    image = Image.new("L", (2000, 2000), 255)
    ImageDraw.Draw(image).line([tuple(p) for p in SEVEN * 1500 + 200], fill=0, width=6)
    digit = from_picture(image)
    assert digit.pixels.max() > 0.8
    assert alike(digit, REFERENCE) > 0.8


def test_a_digit_of_12_pixels_is_read_like_a_large_one():
    small = picture(size=560, at=(120, 120), height=300, pen=40).resize(
        (22, 22), Image.Resampling.BOX
    )
    assert alike(from_picture(small), REFERENCE) > 0.9


def handwritten() -> list[Image.Image]:
    """Digits as MNIST has them, each cut out as the square that its ink fills."""
    with np.load(EXAMPLES) as file:
        pictures = [Image.fromarray(pixels) for pixels in file["x_test"]]
    cut = [picture.crop(picture.getbbox()) for picture in pictures]
    return [ImageOps.pad(each, (max(each.size),) * 2) for each in cut]


def likeness(size: int, enlarged: int) -> list[float]:
    """How much of each handwritten digit is left when it comes small, or small and enlarged."""
    result = []
    for digit in handwritten():
        small = digit.resize((size, size), Image.Resampling.BOX)
        large = small.resize((enlarged, enlarged), Image.Resampling.BICUBIC)
        whole = from_picture(ImageOps.expand(digit, 10))  # so large that it is not enlarged itself
        result.append(alike(from_picture(large), whole))
    return result


def test_a_digit_of_8_pixels_keeps_the_shape_that_its_greys_tell():
    assert np.mean(likeness(8, 8)) > 0.915


def test_a_fat_digit_of_16_pixels_keeps_the_greys_of_its_loops():
    large = Image.new("L", (320, 320))
    draw = ImageDraw.Draw(large)
    for top, bottom in ((0, 175), (145, 320)):
        draw.ellipse((70, top, 250, bottom), outline=255, width=74)
    close = large.crop(large.getbbox())
    small = from_picture(close.resize((9, 16), Image.Resampling.BOX))
    assert alike(small, from_picture(ImageOps.expand(close, 40))) > 0.96


def test_the_paler_lines_of_a_blurred_digit_cut_close_are_ink_and_no_ruling():
    assert min(likeness(12, 120)) > 0.7


@pytest.mark.parametrize("times", [4, 20])
@pytest.mark.parametrize("side", [16, 28, 60])
def test_a_picture_enlarged_by_repeating_its_pixels_is_the_digit_of_the_picture(side, times):
    small = picture().resize((side, side), Image.Resampling.BOX)
    large = small.resize((side * times, side * times), Image.Resampling.NEAREST)
    assert from_picture(large).id == from_picture(small).id


def test_light_ink_on_dark_paper_is_the_same_digit():
    inverted = Image.eval(picture(), lambda value: 255 - value)
    assert alike(from_picture(inverted), REFERENCE) > 0.999


def test_grey_noisy_paper_in_falling_light_is_no_ink():
    clean = np.asarray(picture(), np.float32) / 255
    light = np.linspace(0.85, 0.5, 280)[None, :] * (0.35 + 0.65 * clean)
    noise = np.random.default_rng(2).normal(0, 0.015, clean.shape)
    photograph = Image.fromarray((np.clip(light + noise, 0, 1) * 255).astype(np.uint8))
    digit = from_picture(photograph)
    assert alike(digit, REFERENCE) > 0.95
    assert digit.pixels[:, [0, 1, -2, -1]].max() < 0.1


def test_specks_and_a_table_edge_do_not_move_the_frame():
    image = picture()
    draw = ImageDraw.Draw(image)
    draw.rectangle([0, 0, 6, 279], fill=40)
    draw.ellipse([262, 262, 267, 267], fill=0)
    assert alike(from_picture(image), REFERENCE) > 0.97


def test_a_loose_stroke_of_the_digit_is_no_speck():
    image = picture()
    ImageDraw.Draw(image).line([(190, 150), (230, 150)], fill=0, width=16)
    assert from_picture(image).pixels.sum() > REFERENCE.pixels.sum() * 1.02
    assert alike(from_picture(image), REFERENCE) < 0.97


@pytest.mark.parametrize("value", [0, 128, 255])
@pytest.mark.parametrize("mode", ["L", "RGB", "1"])
def test_a_picture_of_one_colour_is_blank(mode, value):
    image = Image.new("L", (40, 30), value).convert(mode, dither=Image.Dither.NONE)
    assert from_picture(image).is_blank


def test_paper_alone_is_blank():
    noise = np.random.default_rng(1).normal(200, 3, (120, 90)).clip(0, 255).astype(np.uint8)
    assert from_picture(Image.fromarray(noise)).is_blank


def test_a_photograph_turned_by_exif_is_read_upright():
    turned = picture().transpose(Image.Transpose.ROTATE_90)
    exif = Image.Exif()
    exif[0x0112] = 6  # turn by 90 degrees clockwise to see it upright
    file = io.BytesIO()
    turned.save(file, "PNG", exif=exif)
    assert alike(from_picture(Image.open(io.BytesIO(file.getvalue()))), REFERENCE) > 0.999


def test_16_bits_a_pixel_give_the_same_digit():
    deep = np.asarray(picture()).astype(np.uint16) * 257
    assert alike(from_picture(Image.fromarray(deep)), REFERENCE) > 0.999


@pytest.mark.parametrize("colour", [(0, 0, 0), (255, 255, 255), (200, 30, 30)])
def test_ink_on_a_transparent_ground_is_found_whatever_its_colour(colour):
    image = Image.new("RGBA", (280, 280), (*colour, 0))
    alpha = Image.eval(picture(), lambda value: 255 - value)
    image.paste(Image.new("RGBA", (280, 280), (*colour, 255)), mask=alpha)
    image.putalpha(alpha)
    assert alike(from_picture(image), REFERENCE) > 0.97


def test_red_ink_on_green_of_the_same_brightness_is_found():
    image = Image.composite(
        Image.new("RGB", (280, 280), (0, 110, 0)),
        Image.new("RGB", (280, 280), (215, 0, 0)),
        picture(),
    )
    assert alike(from_picture(image), REFERENCE) > 0.97


def test_28_by_28_pixels_that_are_framed_already_are_not_resampled():
    framed = np.rint(REFERENCE.pixels * 255).astype(np.uint8)
    assert np.abs(from_picture(Image.fromarray(framed)).pixels - REFERENCE.pixels).mean() < 0.02


@pytest.mark.parametrize("size", [(1, 1), (1, 300), (300, 1), (2, 2), (27, 29)])
@pytest.mark.parametrize("seed", range(3))
def test_any_size_of_noise_gives_a_digit_without_a_fault(size, seed):
    noise = np.random.default_rng(seed).integers(0, 256, size[::-1], np.uint8)
    assert from_picture(Image.fromarray(noise)).pixels.shape == (28, 28)


def test_strokes_and_their_picture_give_nearly_the_same_digit():
    assert alike(from_strokes([SEVEN]), REFERENCE) > 0.85


@pytest.mark.parametrize("scale", [0.01, 1.0, 5000.0])
def test_the_strokes_unit_and_place_do_not_matter(scale):
    moved = from_strokes([SEVEN * scale + 1234.5 * scale])
    assert alike(moved, from_strokes([SEVEN])) > 0.999


def test_a_lopsided_digit_stays_inside_the_picture():
    hook = np.array([[0, 0], [0.2, 0], [0.2, 1], [0, 1], [0, 0.99], [0.2, 0.98], [5, 0.98]])
    pixels = from_strokes([hook]).pixels
    assert pixels[:, 0].max() < 0.5 and pixels[:, -1].max() < 0.5


def test_no_strokes_are_blank_and_a_dot_is_not():
    assert from_strokes([]).is_blank
    assert from_strokes([np.empty((0, 2))]).is_blank
    assert not from_strokes([np.array([[5.0, 5.0]])]).is_blank


def test_a_tap_of_a_wide_pen_is_a_round_dot():
    tap = np.array([[140.0, 140.0], [146.0, 141.0], [141.0, 143.0]])
    pixels = from_strokes([tap], pen=18).pixels
    np.testing.assert_array_equal(pixels, pixels.T)
    assert (pixels > 0).sum() == 9
    assert (from_strokes([tap]).pixels > 0).sum() > 30, "of a pen without width it is a drawing"


@pytest.mark.parametrize("stroke", [np.zeros((3, 3)), np.array([[0.0, np.nan]]), np.zeros(4)])
def test_strokes_that_are_no_points_are_refused(stroke):
    with pytest.raises(InputError, match="Expected"):
        from_strokes([stroke])


def test_pixels_from_0_to_255_and_from_0_to_1_are_the_same_digit():
    levels = np.arange(784).reshape(28, 28) % 256
    assert from_pixels(levels.astype(np.uint8)).id == from_pixels(levels / 255).id


@pytest.mark.parametrize("shape", [(28, 27), (784,), (28, 28, 1)])
def test_other_shapes_are_refused(shape):
    with pytest.raises(InputError, match=r"\(28, 28\)"):
        from_pixels(np.zeros(shape))


@pytest.mark.parametrize("side", [1, 2, 3])
def test_a_dot_of_a_few_pixels_is_framed(side):
    dot = np.full((40, 40), 255, np.uint8)
    dot[20 : 20 + side, 10 : 10 + side] = 0
    assert from_picture(Image.fromarray(dot)).pixels[13:15, 13:15].min() > 0.5


@pytest.mark.parametrize("height", [16, 32, 120])
def test_a_digit_that_fills_its_picture_to_the_edges_is_found_in_either_polarity(height):
    full = picture(size=560, at=(60, 60), height=400, pen=44)
    tight = full.crop((40, 40, 365, 482)).resize((round(height * 0.75), height))
    inverted = Image.eval(tight, lambda value: 255 - value)
    assert alike(from_picture(tight), REFERENCE) > 0.85
    assert alike(from_picture(inverted), REFERENCE) > 0.85
