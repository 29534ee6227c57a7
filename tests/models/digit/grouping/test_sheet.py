"""A sheet of digits is cut by its rows and columns, or refused, but never read as one digit."""

from __future__ import annotations

import numpy as np
import pytest
from PIL import Image
from scipy import ndimage

from models.digit import segmentation
from models.errors import InputError
from models.formats.store import EXAMPLES

CELL = 28
DIGITS = np.load(EXAMPLES)["x_test"]


def sheet(across: int, down: int, gap: int = 0, line: int | None = None) -> np.ndarray:
    """Digits of 28×28, light on dark, with gaps or lines between them."""
    cell = CELL + gap
    pixels = np.zeros((down * cell, across * cell), np.uint8)
    for at in range(across * down):
        top, left = at // across * cell, at % across * cell
        pixels[top + gap // 2 :, left + gap // 2 :][:CELL, :CELL] = DIGITS[at % len(DIGITS)]
    if line is not None:
        pixels[::cell] = pixels[:, ::cell] = pixels[-1] = pixels[:, -1] = line
    return pixels


@pytest.mark.parametrize("dark", [True, False])
@pytest.mark.parametrize("across, down", [(20, 20), (12, 5)])
@pytest.mark.parametrize("gap, line", [(0, None), (6, None), (6, 200)])
def test_a_sheet_is_cut_into_its_cells_in_reading_order(across, down, gap, line, dark):
    pixels = sheet(across, down, gap, line)
    pieces = segmentation.cut(Image.fromarray(pixels if dark else 255 - pixels))
    cells = [
        ((top + bottom) // 2 // (CELL + gap), (left + right) // 2 // (CELL + gap))
        for left, top, right, bottom in (piece.box for piece in pieces)
    ]
    assert cells == [(row, column) for row in range(down) for column in range(across)]


def test_pictures_on_a_page_with_titles_are_cut_into_the_pictures():
    page = np.full((400, 400), 255, np.uint8)
    large = DIGITS[::10].repeat(3, axis=1).repeat(3, axis=2)
    for at in range(9):
        top, left = 30 + at // 3 * 130, 20 + at % 3 * 130
        page[top : top + 84, left : left + 84] = large[at]
        page[top - 12 : top - 6, left + 20 : left + 24] = 0
    assert len(segmentation.cut(Image.fromarray(page))) == 9


def test_a_sheet_whose_digits_touch_is_refused_with_about_how_many_there_are():
    thick = ndimage.maximum_filter(sheet(8, 8), 7)
    with pytest.raises(InputError, match=r"looks like a sheet of about \d\d digits"):
        segmentation.cut(Image.fromarray(thick))
