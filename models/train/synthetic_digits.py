"""Digits to train and measure on, drawn, scanned or scribbled, with the app's own preprocessing.

A network's input depends on how a picture was preprocessed. So pen drawings, small scans and
scribbles go through ``models.digit.digit`` here, as a visitor's do.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont

from models.dataset.readers.unipen import PenDrawing
from models.digit.digit import Digit, from_picture, from_strokes
from models.digit.strokes import Stroke

Bytes = NDArray[np.uint8]

CANVAS = 280  # pixels a side, as on the page
BRUSH = 20.0  # pixels
LETTERS = "ACEFHJKMNPRTUVWXY"  # letters that look like no digit
TRAINED_LETTERS = LETTERS[::2]  # the others are kept to measure on
_BOX = 500.0  # the pen tablet's units a side


def on_canvas(
    strokes: Sequence[Stroke], scale: float = CANVAS / _BOX, brush: float = BRUSH
) -> Image.Image:
    """Draw strokes as the canvas does: black round brush on 280×280 white pixels."""
    points = [np.asarray(stroke) * scale for stroke in strokes]
    together = np.concatenate(points)
    low, high = together.min(axis=0), together.max(axis=0)
    # UNIPEN's y was turned over and is negative; the place on the canvas does not matter.
    offset = CANVAS / 2 - (low + high) / 2
    image = Image.new("L", (CANVAS * 2, CANVAS * 2), 255)
    draw = ImageDraw.Draw(image)
    radius = brush  # at twice the size: brush / 2 × 2
    for stroke in points:
        path = [(float(x), float(y)) for x, y in (stroke + offset) * 2]
        draw.line(path, fill=0, width=round(brush * 2), joint="curve")
        for x, y in path[:: max(1, len(path) // 40)] + path[-1:]:
            draw.ellipse([x - radius, y - radius, x + radius, y + radius], fill=0)
    return image.resize((CANVAS, CANVAS), Image.Resampling.BOX)


def redrawn(drawings: Sequence[PenDrawing], seed: int) -> Bytes:
    """One varied version of each drawing: half from its strokes, half from a picture of them."""
    rng = np.random.default_rng(seed)
    result = np.empty((len(drawings), 28, 28), np.uint8)
    for at, drawing in enumerate(drawings):
        strokes = _vary(drawing.strokes, rng)
        if rng.random() < 0.5:
            result[at] = _bytes(from_strokes(strokes))
        else:
            scale = CANVAS / _BOX * rng.uniform(0.55, 1.1)
            result[at] = _bytes(from_picture(on_canvas(strokes, scale, rng.uniform(6, 26))))
    return result


def as_uploads(pictures: Bytes, seed: int) -> Bytes:
    """Each 28×28 picture as it comes back when someone uploads a scan of it.

    One whose ink is not found stays as it is.
    """
    rng = np.random.default_rng(seed)
    result = np.empty_like(pictures)
    for at, picture in enumerate(pictures):
        digit = from_picture(scan(picture, rng))
        result[at] = picture if digit.is_blank else _bytes(digit)
    return result


def scan(picture: Bytes, rng: np.random.Generator) -> Image.Image:
    """A 28×28 picture as other people's scans are: tight, stretched, small or noisy.

    One of three kinds, equally often: 14 to 17 pixels high and grey; 26 to 32, black and white; 50
    to 159, dark on grey noisy paper.
    """
    inked = np.argwhere(picture > 100)
    (top, left), (bottom, right) = inked.min(axis=0), inked.max(axis=0) + 1
    source = Image.fromarray(picture)
    kind = rng.integers(3)
    height = int((rng.integers(14, 18), rng.integers(26, 33), rng.integers(50, 160))[kind])
    stretch = rng.uniform(0.85, 1.35)
    width = max(3, round((right - left) / (bottom - top) * height * stretch))
    small = source.resize((width, height), Image.Resampling.BICUBIC, (left, top, right, bottom))
    values = np.pad(np.asarray(small, np.float32) / 255, int(rng.integers(0, 5)))
    if kind == 1:
        values = (values > rng.uniform(0.3, 0.6)).astype(np.float32)
    if kind == 2:
        noise = rng.normal(0, rng.uniform(0, 0.04), values.shape)
        values = 0.85 - values * rng.uniform(0.3, 0.8) + noise
    return Image.fromarray((np.clip(values, 0, 1) * 255).astype(np.uint8))


def scribbles(count: int, seed: int, letters: str = TRAINED_LETTERS) -> Bytes:
    """Random strokes, and a quarter printed letters: none of them is a digit."""
    rng = np.random.default_rng(seed)
    nonsense = [
        _letter(letters[rng.integers(len(letters))], rng)
        if letters and rng.random() < 0.25
        else from_strokes(list(_scribble(rng)))
        for _ in range(count)
    ]
    return to_bytes(nonsense)


def letters(count: int, seed: int, among: str) -> Bytes:
    """Printed letters, turned and slanted a little."""
    rng = np.random.default_rng(seed)
    return to_bytes([_letter(among[rng.integers(len(among))], rng) for _ in range(count)])


def to_bytes(digits: Sequence[Digit]) -> Bytes:
    """(n, 28, 28) uint8: a digit's pixels are whole 255ths, so nothing is lost."""
    return np.stack([_bytes(digit) for digit in digits])


def _vary(strokes: Sequence[Stroke], rng: np.random.Generator) -> list[Stroke]:
    """Turn, slant and stretch the strokes a little, and let the pen tremble."""
    angle, slant = np.deg2rad(rng.normal(0, 5)), rng.normal(0, 0.1)
    stretch = np.exp(rng.normal(0, 0.1))
    turn = np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
    matrix = turn @ np.array([[stretch, slant], [0, 1 / stretch]])
    size = float(np.ptp(np.concatenate(strokes), axis=0).max())
    return [stroke @ matrix.T + rng.normal(0, 0.006 * size, stroke.shape) for stroke in strokes]


def _scribble(rng: np.random.Generator) -> Iterator[Stroke]:
    """One to four strokes, each a smooth walk that turns at random."""
    for _ in range(rng.integers(1, 5)):
        steps = int(rng.integers(10, 90))
        turns = np.cumsum(rng.normal(rng.normal(0, 0.15), rng.uniform(0.05, 0.7), steps))
        way = np.stack([np.cos(turns), np.sin(turns)], axis=1).cumsum(axis=0)
        yield way + rng.uniform(-15, 15, 2)


def _letter(letter: str, rng: np.random.Generator) -> Digit:
    image = Image.new("L", (160, 160), 255)
    font = ImageFont.load_default(100)
    ImageDraw.Draw(image).text((80, 80), letter, 0, font, "mm")
    turned = image.rotate(rng.uniform(-15, 15), Image.Resampling.BILINEAR, fillcolor=255)
    slanted = (1, rng.uniform(-0.2, 0.2), 0, 0, 1, 0)
    return from_picture(
        turned.transform(
            (160, 160), Image.Transform.AFFINE, slanted, Image.Resampling.BILINEAR, fillcolor=255
        )
    )


def _bytes(digit: Digit) -> Bytes:
    levels: Bytes = np.rint(digit.pixels * 255).astype(np.uint8)
    return levels
