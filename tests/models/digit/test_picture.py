"""Any picture as a model takes it: its size, its colours, and what was hostile about its file."""

from __future__ import annotations

import io
import tracemalloc
from contextlib import suppress
from dataclasses import replace
from unittest.mock import Mock

import numpy as np
import pytest
from PIL import Image, ImageOps

from models.digit import mending, picture, picture_file
from models.digit.digit import Digit, from_levels, from_picture
from models.errors import InputError
from models.formats.model_input import Input
from tests.support import dataset_files as files

COLOUR = Input((8, 12, 3), framing="none")
GREY = Input((8, 12), layout="HW", framing="none")
CLEAR = Input((8, 12, 4), framing="none")
random = np.random.default_rng(1)
PIXELS = random.integers(0, 256, (8, 12, 3), np.uint8)


def photo(width: int, height: int) -> Image.Image:
    """Areas of colour, with something else at either end."""
    small = random.integers(0, 256, (6, 6, 3), np.uint8)
    small[:, 0], small[:, -1], small[0], small[-1] = (255, 0, 0), (0, 0, 255), 255, 0
    return Image.fromarray(small).resize((width, height), Image.Resampling.BICUBIC)


def test_a_picture_of_the_models_size_is_taken_as_it_is():
    for kind in ("PNG", "BMP", "TIFF"):
        digit = picture.from_image(files.picture(Image.fromarray(PIXELS), kind), COLOUR)
        np.testing.assert_array_equal(np.rint(digit.pixels * 255), PIXELS)
    assert digit.pixels.shape == (8, 12, 3) and not digit.is_blank
    assert COLOUR.tensor(digit.pixels[None]).shape == (1, 8, 12, 3)


@pytest.mark.parametrize("size", [(40, 33), (5, 3), (13, 700)])
@pytest.mark.parametrize(
    ("interpolation", "method"),
    [("bilinear", "BILINEAR"), ("bicubic", "BICUBIC"), ("nearest", "NEAREST"), ("area", "BOX")],
)
def test_stretched_as_pillow_does_it(size, interpolation, method):
    image = photo(*size)
    made = picture.fitted(image, replace(COLOUR, interpolation=interpolation))
    plain = image.resize((12, 8), Image.Resampling[method])
    np.testing.assert_array_equal(made, np.asarray(plain))


def test_cover_crops_the_middle_and_contain_pads_with_black():
    image = photo(60, 20)
    covered = picture.fitted(image, replace(COLOUR, fit="cover"))
    middle = ImageOps.fit(image, (12, 8), Image.Resampling.BILINEAR)
    np.testing.assert_array_equal(covered, np.asarray(middle))
    contained = picture.fitted(image, replace(COLOUR, fit="contain"))
    assert not contained[:2].any() and not contained[6:].any()
    whole = image.resize((12, 4), Image.Resampling.BILINEAR)
    np.testing.assert_array_equal(contained[2:6], np.asarray(whole))


@pytest.mark.parametrize("fit", ["stretch", "cover", "contain"])
@pytest.mark.parametrize("size", [(1, 1), (1, 5_000), (5_000, 1), (12, 7)])
def test_pictures_of_any_proportions_have_the_models_size(fit, size):
    image = Image.new("RGB", size, "white")
    for target in (COLOUR, GREY, CLEAR):
        made = picture.fitted(image, replace(target, fit=fit))
        assert made.shape == target.picture and made.max() == 255


def test_grey_is_the_luminance_that_pillow_computes():
    image = Image.fromarray(PIXELS)
    made = picture.fitted(image, GREY)
    np.testing.assert_array_equal(made, np.asarray(image.convert("L")))
    flat = Input((64,), layout="flat", framing="none")
    assert picture.fitted(image, flat).shape == (8, 8)


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "PA", "RGB", "RGBA", "CMYK", "YCbCr", "HSV"])
def test_every_mode_becomes_grey_colour_or_colour_with_transparency(mode):
    plain = Image.new("RGB", (30, 30), "red" if mode not in ("1", "L", "LA") else "white")
    grey = plain.convert("L") if mode in ("1", "LA") else plain
    image = plain.convert("P").convert("PA") if mode == "PA" else grey.convert(mode)
    assert np.abs(picture.fitted(image, COLOUR).astype(int) - plain.getpixel((0, 0))).max() <= 1
    assert (picture.fitted(image, CLEAR)[..., 3] == 255).all()
    luminance = plain.convert("L").getpixel((0, 0))
    assert np.abs(picture.fitted(image, GREY).astype(int) - luminance).max() <= 1


@pytest.mark.parametrize("kind", ["I;16", "I", "F"])
def test_deep_pictures_keep_their_greys(kind):
    values = np.full((8, 12), 0.5, np.float32)
    scaled = {"I;16": (values * 65535).astype(np.uint16), "I": (values * 65535).astype(np.int32)}
    image = Image.fromarray(scaled.get(kind, values))
    assert np.abs(picture.fitted(image, GREY).astype(int) - 128).max() <= 1
    dark = Image.fromarray(np.full((8, 12), 200, np.uint16))
    assert picture.fitted(dark, GREY).max() == 1, "16 bits are 16 bits, however dark"


def test_what_is_transparent_lies_on_white_but_where_the_model_takes_it():
    image = Image.new("RGBA", (30, 30), (0, 0, 0, 0))
    image.paste((255, 0, 0, 255), (0, 0, 15, 30))
    red_on_white = picture.fitted(image, COLOUR)
    assert red_on_white[4, 1].tolist() == [255, 0, 0] and red_on_white[4, 10].tolist() == [255] * 3
    kept = picture.fitted(image, CLEAR)
    assert kept[4, 1].tolist() == [255, 0, 0, 255] and kept[4, 10, 3] == 0
    palette = Image.new("P", (30, 30), 0)
    palette.info["transparency"] = 0
    assert (picture.fitted(palette, COLOUR) == 255).all()


def test_a_picture_is_upright_and_a_large_jpeg_is_decoded_small():
    image = photo(4_000, 3_000)
    exif = Image.Exif()
    exif[0x0112] = 6
    turned = image.transpose(Image.Transpose.ROTATE_90)
    square = Input((64, 64, 3), framing="none")
    content = files.picture(turned, "JPEG", exif=exif, quality=95)
    made = picture.from_image(content, square).pixels * 255
    plain = np.asarray(image.resize((64, 64), Image.Resampling.BILINEAR), float)
    assert np.abs(made - plain).mean() < 3
    small = picture.decode("a.jpg", content, 50_000_000, square)
    assert max(small.size) <= 1_000


def test_where_ink_is_framed_it_is_also_for_other_sizes():
    image = files.digit_image()
    framed = from_picture(image)
    same = picture.from_image(files.picture(image), Input())
    assert same.id == framed.id
    large = picture.from_image(files.picture(image), Input((56, 56, 1)))
    assert large.pixels.shape == (56, 56)
    halved = large.pixels.reshape(28, 2, 28, 2).mean(axis=(1, 3))
    assert np.abs(halved - framed.pixels).mean() < 0.02
    with pytest.raises(InputError, match="holds no ink"):
        picture.from_image(files.picture(Image.new("L", (50, 50), 200)), Input())


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "It holds text. Expected a picture: PNG"),
        (b"\0\1\2", "It holds something else"),
        (files.picture(photo(300, 300), "JPEG")[:4_000], "breaks off or is damaged"),
        (files.picture(photo(300, 300))[:4_000], "breaks off or is damaged"),
        (files.flat_png(6_000, 5_000), "more than the 25,000,000 that a picture may have"),
    ],
)
@pytest.mark.parametrize("target", [COLOUR, GREY, Input()])
def test_a_hostile_file_is_a_sentence(content, reason, target):
    with pytest.raises(InputError, match=reason):
        picture.from_image(content, target)


def test_colours_that_cannot_be_read_are_a_sentence():
    file = io.BytesIO()
    Image.new("LAB", (9, 9)).save(file, "TIFF")
    with pytest.raises(InputError, match="Its colours are of the kind LAB"):
        picture.from_image(file.getvalue(), GREY)


def test_a_large_picture_keeps_what_an_input_as_large_can_use():
    target = Input((3_000, 3_000), layout="HW", framing="none")
    image = Image.fromarray(np.tile(np.array([[0, 255], [255, 0]], np.uint8), (1_500, 1_500)))
    made = picture.decode("a.png", files.picture(image), 50_000_000, target)
    assert made.size == (3_000, 3_000)
    assert picture_file.decode("a.png", files.picture(image), 50_000_000).size == (2_400, 2_400)


def test_pictures_of_other_shapes_have_levels_and_ids_of_their_own():
    shares = (PIXELS / 255).astype(np.float32)
    digit = Digit(shares)
    again = from_levels(digit.levels, (8, 12, 3))
    np.testing.assert_array_equal(again.pixels, digit.pixels)
    assert again.id == digit.id != Digit(shares.reshape(12, 8, 3)).id
    assert len(digit.levels) == 288
    with pytest.raises(InputError, match=r"A picture \(8, 12, 3\) has 288 levels, not 10"):
        from_levels(bytes(10), (8, 12, 3))


@pytest.mark.parametrize("shape", [(0, 4), (784,), (4, 4, 2), (1, 4, 4, 3), (4_097, 4_096)])
def test_what_is_no_picture_is_no_digit(shape):
    with pytest.raises(InputError, match="any other picture"):
        Digit(np.zeros(shape, np.float32))


def test_the_ink_of_a_digit_is_sought_once(monkeypatch):
    seek = Mock(side_effect=mending.writing)
    monkeypatch.setattr(mending, "writing", seek)
    image = Image.new("L", (60, 60), 255)
    image.paste(0, (28, 10, 33, 50))
    assert picture.from_image(files.picture(image), Input()).id == from_picture(image).id
    assert seek.call_count == 2  # of which the comparison is one


NOISE = np.random.default_rng(2).integers(0, 256, (2_400, 2_400), np.uint8)
HOSTILE = {
    "noise": lambda: Image.fromarray(NOISE),
    "colours": lambda: Image.fromarray(np.dstack([NOISE, NOISE.T, NOISE[::-1]])),
    "16 bits": lambda: Image.fromarray(NOISE.astype(np.uint16) * 257),
    "pieces": lambda: Image.fromarray(np.where(NOISE < 26, 0, 255).astype(np.uint8)),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_of_a_large_picture_ink_is_looked_for_in_little_memory(name: str) -> None:
    content = files.picture(HOSTILE[name](), compress_level=0)
    tracemalloc.start()
    try:
        with suppress(InputError):
            picture.from_image(content, Input())
        _, most = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert most < 80_000_000


@pytest.mark.parametrize("side", [1_000, 2_400, 4_000])
def test_a_digit_is_read_alike_at_any_size(side: int) -> None:
    made = picture.from_image(files.picture(files.digit_image((side, side))), Input())
    expected = from_picture(files.digit_image((500, 500)))
    assert np.abs(made.pixels - expected.pixels).mean() < 0.01
