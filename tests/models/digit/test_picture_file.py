"""Files of pictures, decoded in little memory."""

from __future__ import annotations

import sys
from types import SimpleNamespace

import numpy as np
import pytest
from PIL import Image, ImageOps

from models.dataset import LIMITS
from models.digit import picture_file
from models.digit.digit import from_picture
from models.errors import InputError
from tests.support import dataset_files as files


@pytest.mark.parametrize("mode", ["1", "P", "CMYK"])
def test_a_large_picture_is_made_smaller_before_it_is_looked_at(mode):
    image = (
        files.digit_image((2_500, 2_500)).convert("RGB" if mode == "CMYK" else "L").convert(mode)
    )
    kind = "TIFF" if mode == "CMYK" else "PNG"
    decoded = picture_file.decode("a", files.picture(image, kind), LIMITS.pixels)
    assert max(decoded.size) <= 2_400 and decoded.mode not in ("1", "P")
    expected = from_picture(files.digit_image((2_500, 2_500))).pixels
    assert np.abs(from_picture(decoded).pixels - expected).mean() < 0.01


def test_a_large_picture_with_transparency_is_averaged_without_a_second_copy():
    image = files.digit_image((4_200, 4_200)).convert("RGBA")
    decoded = picture_file.decode("a.png", files.picture(image, compress_level=1), LIMITS.pixels)
    assert decoded.mode == "RGBA" and decoded.size == (2_100, 2_100)
    expected = from_picture(files.digit_image((2_100, 2_100))).pixels
    assert np.abs(from_picture(decoded).pixels - expected).mean() < 0.01


def test_a_large_picture_is_turned_after_it_was_made_smaller(monkeypatch):
    exif = Image.Exif()
    exif[0x0112] = 6
    turned = files.digit_image((2_600, 3_900)).transpose(Image.Transpose.ROTATE_90)
    sizes = []

    def turn(image, **options):
        sizes.append(image.size)
        return transpose(image, **options)

    transpose = ImageOps.exif_transpose
    monkeypatch.setattr(ImageOps, "exif_transpose", turn)
    decoded = picture_file.decode("a.png", files.picture(turned, exif=exif), LIMITS.pixels)
    assert decoded.size == (1_600, 2_400) and sizes == [(2_400, 1_600)]


@pytest.mark.parametrize(
    ("name", "mode", "kind"),
    [
        ("a.pgm", "L", "PPM"),
        ("a.ppm", "RGB", "PPM"),
        ("a.pbm", "1", "PPM"),
        ("a.avif", "L", "AVIF"),
        ("a", "RGB", "AVIF"),
        ("a.jfif", "L", "JPEG"),
    ],
)
def test_pictures_of_other_kinds_are_read_as_png_is(name, mode, kind):
    image = files.digit_image((200, 200))
    content = files.picture(image.convert(mode), kind)
    assert picture_file.looks_like_one(content)
    read = from_picture(picture_file.decode(name, content, LIMITS.pixels))
    expected = from_picture(picture_file.decode("a.png", files.picture(image), LIMITS.pixels))
    assert not read.is_blank and np.abs(read.pixels - expected.pixels).mean() < 0.02


def test_a_picture_written_as_text_is_read_where_it_is_small():
    pixels = np.asarray(files.digit_image((40, 40)))
    rows = "\n".join(" ".join(map(str, row)) for row in pixels)
    decoded = picture_file.decode("a.pgm", f"P2 40 40 255\n{rows}".encode(), LIMITS.pixels)
    np.testing.assert_array_equal(np.asarray(decoded), pixels)


@pytest.mark.parametrize(
    "content", [b"P2 900 900 255\n" + b"9 " * 810_000, b"P6 900 900 65535\n" + bytes(4_860_000)]
)
def test_what_is_decoded_number_by_number_has_few_pixels(content):
    with pytest.raises(InputError, match="Save it as PNG"):
        picture_file.decode("a.ppm", content, LIMITS.pixels)


def heic() -> bytes:
    return b"\0\0\0\x18ftypheic\0\0\0\0mif1heic" + bytes(200)


def test_heic_is_read_by_a_package_of_its_own_which_is_named(monkeypatch):
    monkeypatch.setitem(sys.modules, "pillow_heif", None)
    with pytest.raises(InputError, match=r"pip install \"digit-parity\[heic\]\""):
        picture_file.decode("a.heic", heic(), LIMITS.pixels)


def test_heic_is_given_to_its_decoder_where_that_is_installed(monkeypatch):
    taken = files.digit_image((90, 90))
    opener = SimpleNamespace(register_heif_opener=lambda **_: register(taken))
    monkeypatch.setitem(sys.modules, "pillow_heif", opener)
    monkeypatch.setattr(Image, "OPEN", dict(Image.OPEN))
    decoded = picture_file.decode("a.heic", heic(), LIMITS.pixels)
    np.testing.assert_array_equal(np.asarray(decoded), np.asarray(taken))


def register(image: Image.Image) -> None:
    """Takes any picture that an iPhone's magic begins for this one, as a decoder of HEIC would."""

    def opened(_file: object, _name: object) -> Image.Image:
        image.tile = []
        return image

    Image.register_open("HEIF", opened, lambda head: head[4:12] == b"ftypheic")


def test_the_suffixes_are_of_formats_that_are_decoded():
    Image.init()
    known = {
        suffix
        for suffix, kind in Image.registered_extensions().items()
        if kind in picture_file.FORMATS
    }
    assert picture_file.SUFFIXES - known == {".heic", ".heif"}


def test_a_comment_that_has_no_end_is_not_read():
    content = b"P5 # " + b"x" * 5_000_000 + b"\n28 28 255\n" + bytes(784)
    with pytest.raises(InputError, match="Expected a picture"):
        picture_file.decode("a.pgm", content, LIMITS.pixels)
    short = b"P5 # by hand\n28 28\n# so\n255\n" + bytes(784)
    assert picture_file.decode("a.pgm", short, LIMITS.pixels).size == (28, 28)
