"""What encloses writing is dropped, and its inside is read as the same writing without it."""

from __future__ import annotations

from collections.abc import Callable
from unittest.mock import Mock

import numpy as np
import pytest
from PIL import Image, ImageDraw

from models.digit import enclosure, segmentation
from models.digit.digit import from_picture
from models.digit.enclosure import papers
from models.digit.enclosure.inside import inside
from models.digit.grayscale import grey

SIDE = 200
TWO = [(70, 70), (90, 50), (120, 60), (115, 95), (75, 145), (130, 143)]
ONE = [(100, 50), (100, 150)]
ZERO = [(100, 50), (70, 75), (70, 125), (100, 150), (130, 125), (130, 75), (100, 50)]
EIGHT = [(100, 100), (75, 75), (100, 50), (125, 75), (70, 125), (100, 152), (130, 125), (100, 100)]
DIGITS = {"two": TWO, "one": ONE, "zero": ZERO, "eight": EIGHT}


def canvas(
    path: list[tuple[int, int]], ink: int = 0, paper: int = 255, pen: int = 12
) -> Image.Image:
    image = Image.new("L", (SIDE, SIDE), paper)
    ImageDraw.Draw(image).line(path, fill=ink, width=pen, joint="curve")
    return image


def boxed(image: Image.Image, *insets: int, width: int = 2) -> Image.Image:
    for inset in insets:
        right = image.width - 1 - inset
        ImageDraw.Draw(image).rectangle([inset, inset, right, right], outline=0, width=width)
    return image


def on_page(image: Image.Image, page: int, margin: int = 40) -> Image.Image:
    whole = Image.new("L", (image.width + 2 * margin, image.height + 2 * margin), page)
    whole.paste(image, (margin, margin))
    return whole


def figure(path: list[tuple[int, int]]) -> Image.Image:
    whole = on_page(canvas(path, 255, 0), 255)
    draw = ImageDraw.Draw(whole)
    for at in range(50, 240, 40):
        draw.line([(at, 240), (at, 245)], fill=0)
        draw.text((at - 3, 248), str(at), fill=0)
        draw.text((8, at - 5), str(at), fill=0)
    return whole


def on_table(path: list[tuple[int, int]], angle: float, table: int = 60) -> Image.Image:
    sheet = on_page(canvas(path, 30, 220), table, 60)
    return sheet.rotate(angle, Image.Resampling.BICUBIC, fillcolor=table)


def cell(path: list[tuple[int, int]]) -> Image.Image:
    image = canvas(path)
    ImageDraw.Draw(image).line([(6, 0), (6, SIDE)], fill=0, width=5)
    ImageDraw.Draw(image).line([(0, 8), (SIDE, 8)], fill=0, width=3)
    return image


def round_frame(path: list[tuple[int, int]]) -> Image.Image:
    image = canvas(path)
    ImageDraw.Draw(image).ellipse([10, 10, 190, 190], outline=0, width=4)
    return image


def dashed(path: list[tuple[int, int]]) -> Image.Image:
    image = canvas(path)
    draw = ImageDraw.Draw(image)
    for at in range(10, 190, 15):
        for side in (10, 189):
            draw.line([(at, side), (at + 8, side)], fill=0, width=3)
            draw.line([(side, at), (side, at + 8)], fill=0, width=3)
    return image


FRAMES: dict[str, Callable[[list[tuple[int, int]]], Image.Image]] = {
    "edge of the canvas": lambda path: boxed(canvas(path), 0, width=1),
    "box": lambda path: boxed(canvas(path), 15, width=4),
    "three boxes": lambda path: boxed(canvas(path), 4, 12, 22),
    "black canvas": lambda path: on_page(canvas(path, 255, 0), 255),
    "white canvas on black": lambda path: on_page(canvas(path), 0),
    "canvas on grey on white": lambda path: on_page(on_page(canvas(path, 255, 0), 128), 255),
    "figure": figure,
    "two lines of a cell": cell,
    "circle": round_frame,
    "dashes": dashed,
    "sheet on a table": lambda path: on_table(path, 0),
    "turned sheet": lambda path: on_table(path, 25),
    "sheet turned by 45 degrees": lambda path: on_table(path, 45),
}


def upright(image: Image.Image) -> np.ndarray:
    return from_picture(image).pixels


@pytest.mark.parametrize("digit", DIGITS)
@pytest.mark.parametrize("frame", [name for name in FRAMES if "turned" not in name])
def test_a_frame_changes_nothing_of_the_digit_in_it(frame, digit):
    bare, framed = upright(canvas(DIGITS[digit])), upright(FRAMES[frame](DIGITS[digit]))
    assert np.abs(bare - framed).mean() < 0.03
    assert len(segmentation.cut(FRAMES[frame](DIGITS[digit]))) == 1


@pytest.mark.parametrize("angle", [10, 25, 45, 80])
def test_a_sheet_on_a_table_is_read_at_any_angle(angle):
    bare = canvas(TWO).rotate(angle, Image.Resampling.BICUBIC, fillcolor=255)
    assert np.abs(upright(bare) - upright(on_table(TWO, angle))).mean() < 0.03


@pytest.mark.parametrize("pen", [4, 12, 24, 36])
@pytest.mark.parametrize("digit", DIGITS)
def test_a_digit_alone_encloses_nothing(digit, pen):
    for ink, paper in ((0, 255), (255, 0)):
        picture = grey(canvas(DIGITS[digit], ink, paper, pen))
        (whole,) = enclosure.inside(picture)
        assert whole.picture is picture


def test_writing_beside_a_box_is_not_dropped_with_it():
    image = Image.new("L", (5 * SIDE, SIDE), 255)
    image.paste(boxed(canvas(TWO), 20), (0, 0))
    for at in (1, 2, 3, 4):
        image.paste(canvas(TWO), (at * SIDE, 0))
    (whole,) = enclosure.inside(grey(image))
    assert whole.picture.shape == (SIDE, 5 * SIDE)


def test_boxes_beside_each_other_are_read_one_after_the_other():
    image = Image.new("L", (3 * SIDE, SIDE), 255)
    for at, digit in enumerate((TWO, ONE, ZERO)):
        image.paste(boxed(canvas(digit), 10), (at * SIDE, 0))
    pieces = segmentation.cut(image)
    assert [piece.box[0] // SIDE for piece in pieces] == [0, 1, 2]


def test_rings_in_rings_are_looked_at_only_where_they_fill_their_box(monkeypatch):
    from models.digit.enclosure import papers

    seen = []
    is_paper = papers._is_paper
    monkeypatch.setattr(papers, "_is_paper", lambda *args: seen.append(args[1]) or is_paper(*args))
    image = Image.new("L", (800, 800), 255)
    boxed(image, *range(2, 390, 6))
    enclosure.inside(grey(image))
    assert sum(seen) <= 8 * image.width * image.height


@pytest.mark.parametrize(("wide", "high", "pen"), [(22, 30, 20), (26, 36, 24), (30, 30, 30)])
def test_the_dented_hole_of_a_fat_zero_is_no_writing(wide, high, pen):
    """Whoever begins a 0 inside of it leaves a crescent in its middle."""
    turn = np.linspace(-np.pi / 2, 1.5 * np.pi, 40)
    points = [(137, 172 - high)]
    points += zip(
        (140 + wide * np.cos(turn)).tolist(), (140 + high * np.sin(turn)).tolist(), strict=True
    )
    image = Image.new("L", (280, 280), 255)
    draw, half = ImageDraw.Draw(image), pen / 2
    draw.line(points, fill=0, width=pen, joint="curve")
    for x, y in points:
        draw.ellipse([x - half, y - half, x + half, y + half], fill=0)
    levels = np.asarray(image, np.float32) / 255
    (whole,) = inside(levels)
    assert whole.picture is levels


def test_of_a_hatched_page_a_few_lines_are_looked_at(monkeypatch):
    page = np.zeros((600, 600), np.uint8)
    page[10:-10, 10:-10] = 255
    image = Image.fromarray(page)
    draw = ImageDraw.Draw(image)
    for at in range(-500, 500, 6):
        top, left = max(-at, 0) + 30, max(at, 0) + 30
        end = 540 - abs(at)
        draw.line([(left, top), (left + end, top + end)], fill=0, width=2)
    look = Mock(side_effect=papers.shape_of)
    monkeypatch.setattr(papers, "shape_of", look)
    papers.papers_of(np.asarray(image) > 127)
    assert 0 < look.call_count < 30


@pytest.mark.parametrize("path", DIGITS.values(), ids=DIGITS)
def test_the_slope_of_the_light_across_a_small_faint_picture_encloses_nothing(path):
    small = canvas(path, pen=14).crop((70, 40, 190, 160)).resize((28, 28))
    slope = np.linspace(0.6, 0.7, 28, dtype=np.float32)[None]
    faint = slope - 0.05 * (1 - np.asarray(small, np.float32) / 255)
    assert [each.picture.shape for each in enclosure.inside(faint)] == [(28, 28)]


# A slim 8 with a fat pen, 28 pixels high: sixteen levels in hexadecimal.
SLIM_EIGHT = """
fffffff92029ffff
fffffd700000bfff
ffff900000007fff
fffa000000004fff
ffd1000000006fff
ff50000000008fff
fe10007a0000cfff
fe1000990001ffff
fe2000740008ffff
ff600000000bffff
ffb00000001dffff
fff40000005fffff
fffc100000afffff
ffffc10000cfffff
ffffe100004effff
ffff60000004ffff
fffc000000006fff
fff8000110000cff
ffd2000ac00006ff
ffb0001ef50001ef
ff60004ffb00009f
fe10007fff10008f
fb0000bff80000df
f70001db500004ff
fa00001000000bff
fd00000000019fff
ff800000003cffff
fff7100039ffffff
"""


def test_a_slim_fat_eight_is_no_paper():
    levels = np.array([[int(each, 16) for each in row] for row in SLIM_EIGHT.split()])
    picture = np.pad(levels / 15, ((0, 0), (6, 6)), mode="edge").astype(np.float32)
    assert enclosure.inside(picture)[0].picture.shape == (28, 28)
