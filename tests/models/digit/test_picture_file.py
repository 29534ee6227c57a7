"""Files of pictures, decoded in little memory."""

from __future__ import annotations

import numpy as np
import pytest
from PIL import Image, ImageOps

from models.dataset import LIMITS
from models.digit import picture_file
from models.digit.digit import from_picture
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
