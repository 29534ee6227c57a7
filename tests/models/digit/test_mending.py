"""Dotted and dashed lines become lines; outlines become strokes; what is a line already stays."""

from __future__ import annotations

from unittest.mock import Mock

import numpy as np
import pytest
from PIL import Image, ImageDraw

from models.digit import components, mending, segmentation
from models.digit.digit import from_picture

SEVEN = [(60, 50), (150, 50), (90, 170)]
FIVE = [(145, 45), (80, 45), (70, 100), (120, 95), (145, 130), (120, 165), (70, 160)]
SIX = [(130, 40), (85, 90), (75, 140), (105, 165), (135, 140), (110, 110), (80, 125)]


def line(path, width=12, side=210) -> Image.Image:
    image = Image.new("L", (side, side), 255)
    ImageDraw.Draw(image).line(path, fill=0, width=width, joint="curve")
    return image


def along(path, step):
    points = np.array(path, float)
    way = np.r_[0, np.cumsum(np.hypot(*np.diff(points, axis=0).T))]
    at = np.arange(0, way[-1], step)
    return np.stack([np.interp(at, way, points[:, axis]) for axis in (0, 1)], axis=1)


def dotted(path, step=14, radius=4) -> Image.Image:
    image = Image.new("L", (210, 210), 255)
    for x, y in along(path, step):
        ImageDraw.Draw(image).ellipse([x - radius, y - radius, x + radius, y + radius], fill=0)
    return image


def dashed(path, on=12, off=8) -> Image.Image:
    image = Image.new("L", (210, 210), 255)
    points = along(path, 1)
    for at in range(0, len(points) - 2, on + off):
        dash = [(float(x), float(y)) for x, y in points[at : at + on]]
        ImageDraw.Draw(image).line(dash, fill=0, width=5)
    return image


def rounded(path, pen) -> np.ndarray:
    image = line(path, pen)
    for x, y in path:
        ImageDraw.Draw(image).ellipse([x - pen / 2, y - pen / 2, x + pen / 2, y + pen / 2], fill=0)
    return np.asarray(image) < 128


def outlined(path, pen=28, outline=3) -> Image.Image:
    edge = rounded(path, pen) & ~rounded(path, pen - 2 * outline)
    return Image.fromarray(np.where(edge, 0, 255).astype(np.uint8))


@pytest.mark.parametrize("path", [SEVEN, FIVE])
@pytest.mark.parametrize("kind, pen", [(dotted, 12), (dashed, 12), (outlined, 28)])
def test_it_is_read_as_the_line_that_it_means(kind, pen, path):
    image = kind(path)
    assert len(segmentation.cut(image)) == 1
    line = Image.fromarray(np.where(rounded(path, pen), 0, 255).astype(np.uint8))
    assert np.abs(from_picture(line).pixels - from_picture(image).pixels).mean() < 0.06


@pytest.mark.parametrize("path", [SEVEN, FIVE, SIX])
@pytest.mark.parametrize("pen", [3, 10, 20])
def test_a_line_stays_as_it_is(path, pen):
    strength = 1 - np.asarray(line(path, pen), np.float32) / 255
    found = components.of(strength > mending.INK)
    assert mending.joined(strength, found) is strength
    assert mending.filled(strength, found) is strength


def test_the_hole_of_a_zero_is_not_filled():
    image = Image.new("L", (210, 210), 255)
    for box, width in (((50, 30, 160, 180), 4), ((80, 30, 130, 180), 6)):
        ImageDraw.Draw(image).ellipse(box, outline=0, width=width)
        strength = 1 - np.asarray(image, np.float32) / 255
        assert mending.filled(strength, components.of(strength > mending.INK)) is strength
        image.paste(255, (0, 0, 210, 210))


def test_a_row_of_ones_is_no_dashed_line():
    image = Image.new("L", (400, 120), 255)
    for x in range(20, 390, 36):
        ImageDraw.Draw(image).line([(x, 30), (x, 90)], fill=0, width=8)
    assert len(segmentation.cut(image)) == 11


def test_thousands_of_dots_are_not_joined():
    strength = np.zeros((1_200, 1_200), np.float32)
    strength[::8, ::8] = 1
    assert mending.joined(strength, components.of(strength > mending.INK)) is strength


def test_of_many_holes_only_the_largest_are_looked_at(monkeypatch):
    """Hundreds of long channels side by side, closed at both ends, each as a stroke's inside."""
    strength = np.ones((800, 800), np.float32)
    for at in range(2, 398, 3):
        strength[at : at + 2, at:-2] = strength[at:-2, at : at + 2] = 0
    look = Mock(side_effect=mending._is_stroke)
    monkeypatch.setattr(mending, "_is_stroke", look)
    mending.filled(strength, components.of(strength > mending.INK))
    assert 0 < look.call_count < 10
