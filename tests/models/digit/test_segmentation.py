"""Several digits are cut apart in reading order; the strokes of one digit stay together."""

import contextlib
from unittest.mock import Mock, create_autospec

import numpy as np
import pytest
from PIL import Image, ImageDraw, ImageFont

from models.digit import segmentation
from models.digit.grouping import boxes
from models.errors import InputError

Path = list[tuple[float, float]]

# Drawn by hand, in a box of 1×1 each: strokes of (x, y), y down.
TWO: list[Path] = [[(0.1, 0.25), (0.35, 0), (0.7, 0.15), (0.6, 0.5), (0.05, 1), (0.8, 0.95)]]
ZERO: list[Path] = [[(0.4, 0), (0.05, 0.4), (0.2, 0.95), (0.6, 0.95), (0.75, 0.4), (0.45, 0.02)]]
SIX: list[Path] = [[(0.6, 0), (0.15, 0.5), (0.2, 0.95), (0.65, 0.9), (0.6, 0.55), (0.15, 0.65)]]
FIVE_WITH_LOOSE_BAR: list[Path] = [
    [(0.2, 0.08), (0.15, 0.45), (0.6, 0.45), (0.7, 0.8), (0.4, 1), (0.1, 0.9)],
    [(0.32, 0.0), (0.85, -0.05)],
]
OPEN_FOUR: list[Path] = [[(0.2, 0), (0.05, 0.55), (0.6, 0.55)], [(0.72, 0.05), (0.7, 1)]]
SEVEN_WITH_BAR: list[Path] = [[(0.1, 0), (0.75, 0), (0.4, 1)], [(0.1, 0.55), (0.3, 0.55)]]
ONE_WITH_FOOT: list[Path] = [[(0.2, 0.25), (0.45, 0), (0.45, 0.85)], [(0.15, 1), (0.75, 1)]]
BROKEN_EIGHT: list[Path] = [
    [(0.4, 0.43), (0.15, 0.2), (0.4, 0), (0.65, 0.2), (0.45, 0.42)],
    [(0.4, 0.57), (0.1, 0.8), (0.4, 1), (0.7, 0.8), (0.45, 0.58)],
]


def page(*digits: list[Path], side: int = 100, gap: int = 30, pen: int = 9) -> Image.Image:
    image = Image.new("L", (60 + len(digits) * (side + gap), side + 80), 240)
    draw = ImageDraw.Draw(image)
    for at, strokes in enumerate(digits):
        for stroke in strokes:
            points = [(40 + at * (side + gap) + x * side, 40 + y * side) for x, y in stroke]
            draw.line(points, fill=30, width=pen, joint="curve")
    return image


def printed(text: str, size: int, light_on_dark: bool = False) -> Image.Image:
    font = ImageFont.load_default(size)
    image = Image.new("L", (size * (len(text) + 1), 2 * size), 10 if light_on_dark else 250)
    place = (size // 2, size // 2)
    ImageDraw.Draw(image).text(place, text, fill=250 if light_on_dark else 10, font=font)
    return image


@pytest.mark.parametrize("size", [30, 60, 200])
@pytest.mark.parametrize("light_on_dark", [True, False])
@pytest.mark.parametrize("text", ["2026", "1117", "40", "0123456789"])
def test_printed_digits_are_cut_apart(text, size, light_on_dark):
    pieces = segmentation.cut(printed(text, size, light_on_dark))
    lefts = [piece.box[0] for piece in pieces]
    assert len(pieces) == len(text) and lefts == sorted(lefts)


@pytest.mark.parametrize(
    "digit", [TWO, FIVE_WITH_LOOSE_BAR, OPEN_FOUR, SEVEN_WITH_BAR, ONE_WITH_FOOT, BROKEN_EIGHT]
)
@pytest.mark.parametrize("pen", [3, 9, 16])
def test_one_digit_of_several_strokes_stays_one(digit, pen):
    assert len(segmentation.cut(page(digit, pen=pen))) == 1


def test_handwriting_with_loose_strokes_is_cut_between_digits_only():
    pieces = segmentation.cut(page(TWO, ZERO, FIVE_WITH_LOOSE_BAR, OPEN_FOUR, SIX, BROKEN_EIGHT))
    assert len(pieces) == 6


def test_two_lines_are_read_one_after_the_other():
    above, below = page(TWO, ZERO, TWO, SIX), page(SIX, TWO)
    both = Image.new("L", (above.width, above.height * 2), 240)
    both.paste(above, (0, 0))
    both.paste(below, (0, above.height))
    pieces = segmentation.cut(both)
    assert [piece.box[1] > above.height for piece in pieces] == [False] * 4 + [True] * 2


def test_a_piece_holds_its_own_ink_alone():
    pieces = segmentation.cut(page(TWO, ZERO, gap=-20))
    assert len(pieces) == 2
    for piece in pieces:
        rim = np.concatenate([piece.ink[0], piece.ink[-1], piece.ink[:, 0], piece.ink[:, -1]])
        assert not rim.any() and (piece.ink > 0.8).any()
        assert piece.ink.shape[1] > piece.box[2] - piece.box[0]


def test_uneven_light_a_table_edge_and_dust_are_no_digits():
    image = page(TWO, ZERO, TWO, SIX).convert("RGB")
    values = np.asarray(image, np.float32) * np.linspace(1, 0.6, image.width)[None, :, None]
    values[:, :12] = 20
    values[20:22, 100:102] = 0
    assert len(segmentation.cut(Image.fromarray(values.astype(np.uint8)))) == 4


def test_a_1_that_touches_three_sides_of_a_tight_crop_is_no_edge():
    drawn = page([[(0.3, 0), (0.2, 1)]], SEVEN_WITH_BAR)
    inked = np.argwhere(np.asarray(drawn.convert("L")) < 128)
    (top, left), (bottom, right) = inked.min(axis=0), inked.max(axis=0) + 1
    assert len(segmentation.cut(drawn.crop((left, top, right, bottom)))) == 2


@pytest.mark.parametrize("seed", range(3))
def test_texture_and_blank_pictures_are_not_cut(seed):
    noise = np.random.default_rng(seed).integers(0, 256, (300, 300), np.uint8)
    assert len(segmentation.cut(Image.fromarray(noise))) <= 1
    assert segmentation.cut(Image.new("L", (300, 300), 255)) == []
    assert len(segmentation.cut(Image.fromarray(noise[:19, :30]))) <= 1


def grid(step: int, height: int, width: int, side: int = 1_200) -> Image.Image:
    """Bars of one size, side by side: as many pieces of ink as fit."""
    pixels = np.full((side, side), 255, np.uint8)
    for y in range(4, side - height, step):
        for x in range(4, side - width, step):
            pixels[y : y + height, x : x + width] = 0
    return Image.fromarray(pixels)


@pytest.mark.parametrize(("step", "height", "width"), [(4, 1, 1), (12, 8, 3), (30, 20, 6)])
def test_thousands_of_components_are_not_compared_with_each_other(step, height, width, monkeypatch):
    compare = Mock(side_effect=boxes._one_digit)
    monkeypatch.setattr(boxes, "_one_digit", compare)
    with contextlib.suppress(InputError):
        segmentation.cut(grid(step, height, width))
    assert compare.call_count < 3 * (1_200 // step) ** 2


def test_hundreds_of_strokes_are_compared_a_few_times_each(monkeypatch):
    """A diagonal of boxes, each over the one before: every merge makes the next one possible."""
    compare = Mock(side_effect=boxes._one_digit)
    monkeypatch.setattr(boxes, "_one_digit", compare)
    diagonal = [boxes.Box(k * 3, k * 3, k * 3 + 20, k * 3 + 40) for k in range(190, 0, -1)]
    assert len(boxes.groups(diagonal)) == 1
    assert compare.call_count < 2 * len(diagonal) ** 2


def test_digits_whose_boxes_lie_in_each_other_are_not_cut_out_one_by_one():
    image = Image.new("L", (1_200, 1_200), 255)
    draw = ImageDraw.Draw(image)
    for at in range(5, 500, 10):
        draw.line([(at, at), (1_195 - at, at), (1_195 - at, 1_195 - at)], fill=0, width=2)
        draw.line([(at, at + 8), (at, 1_195 - at)], fill=0, width=2)
    pieces = []
    with contextlib.suppress(InputError):
        pieces = segmentation.cut(image)
    area = sum((p.box[2] - p.box[0]) * (p.box[3] - p.box[1]) for p in pieces)
    assert area <= 2 * 1_200**2


def test_hundreds_of_rows_of_strokes_are_compared_with_few_others(monkeypatch):
    """Rows of 191 strokes each, near each other: nearly three million pairs."""
    compare = Mock(side_effect=boxes._one_digit)
    monkeypatch.setattr(boxes, "_one_digit", compare)
    rows = [
        boxes.Box(left, top, left + 10, top + 10)
        for top in range(0, 2_400, 16)
        for left in range(top % 3, 2_100, 11)
    ]
    boxes.groups(rows)
    assert compare.call_count < 1_000_000


def test_reading_order_compares_a_digit_with_those_of_its_line(monkeypatch):
    down = create_autospec(boxes.Box.down, side_effect=boxes.Box.down)
    monkeypatch.setattr(boxes.Box, "down", down)
    stairs = [([at], boxes.Box(at, 10 * at, at + 8, 10 * at + 8)) for at in range(1_000)]
    assert boxes.in_reading_order(stairs[::-1]) == stairs
    assert down.call_count < 3 * len(stairs)


def test_the_ink_of_many_pieces_of_one_shape_is_made_once(monkeypatch):
    sheet = np.full((600, 600), 255, np.uint8)
    for top in range(20, 580, 24):
        for left in range(20, 580, 12):
            sheet[top : top + 16, left : left + 4] = 0
    pieces = segmentation.cut(Image.fromarray(sheet))
    made = Mock(side_effect=segmentation.from_grey)
    monkeypatch.setattr(segmentation, "from_grey", made)
    inks = [each.ink for each in pieces]
    assert len(inks) == 24 * 24, "two lines a cell"
    assert made.call_count < 10
    assert np.array_equal(inks[1], inks[300])
