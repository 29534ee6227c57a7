"""``python -m models.train.study.kinds --strokes pendigits-train.unipen``: how sure the model is of
what is no digit, and how well it reads digits in frames, in falling light and on sheets.

Letters and numerals of the fonts that Pillow finds on this machine; digits drawn from the strokes
of the writers that training holds out. All are read as uploaded pictures are.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Iterator, Sequence

import numpy as np
from PIL import Image, ImageDraw, ImageFont

from models.digit import segmentation
from models.digit.digit import Digit, from_ink
from models.digit.strokes import Stroke, fit
from models.errors import InputError
from models.lanes import Pixels
from models.runtimes.keras import keras2
from models.runtimes.process.log_filter import quiet
from models.train import batches, synthetic_digits
from models.train.export import predict
from models.train.study import arguments as study

SURE = 0.9  # a top probability from here on counts as sure
PER_DIGIT = 10
_SIDE, _SEED = 280, 7
_ALPHABETS = {
    "capital letters but I, O, S, Z": "ABCDEFGHJKLMNPQRTUVWXY",
    "small letters but l, o, s, z": "abcdefghijkmnpqrtuvwxy",
    "punctuation and signs": "!?&%$@#+=*<>{}",
}
Drawing = Callable[[Image.Image], Image.Image]


def main(arguments: Sequence[str] | None = None) -> int:
    """The command. Returns its exit code."""
    parser = study.parser("kinds", __doc__)
    study.add_model(parser)
    study.add_strokes(parser, required=True)
    return study.run(parser, arguments, _measure)


def _measure(options: argparse.Namespace) -> None:
    quiet()
    model = keras2.read(options.model)
    for name, pixels in _no_digits():
        top = predict(model, pixels).max(axis=1)
        print(
            f"{name}: sure (top probability {SURE} or more) of {(top >= SURE).mean():.1%}, "
            f"below 0.5 for {(top < 0.5).mean():.1%} of {len(top)}",
            flush=True,
        )
    _, held = batches.writers(options.strokes)
    some = [[each for each in held if each.label == k][:PER_DIGIT] for k in range(10)]
    drawn = [(each.label, canvas(each.strokes)) for of_digit in some for each in of_digit]
    for name, change in KINDS.items():
        read = [(label, _single(change(image))) for label, image in drawn]
        found = [(label, digit.pixels) for label, digit in read if digit is not None]
        answers = predict(model, np.stack([pixels for _, pixels in found])).argmax(axis=1)
        right = int((answers == [label for label, _ in found]).sum())
        print(f"{name}: {right / len(drawn):.1%} of {len(drawn)} read right", flush=True)


def _no_digits() -> Iterator[tuple[str, Pixels]]:
    rng = np.random.default_rng(_SEED)
    for name, signs in _ALPHABETS.items():
        yield name, np.stack([_printed(sign, rng) for sign in signs for _ in range(10)])
    yield "noise", np.stack([_of(_noise(rng)) for _ in range(200)])
    scribbled = synthetic_digits.scribbles(500, _SEED, letters="")
    yield "scribbles", scribbled.astype(np.float32) / np.float32(255)


def _printed(sign: str, rng: np.random.Generator) -> Pixels:
    image = Image.new("L", (160, 160), 255)
    font = ImageFont.load_default(int(rng.integers(60, 120)))
    ImageDraw.Draw(image).text((80, 80), sign, 0, font, "mm")
    return _of(image.rotate(rng.uniform(-10, 10), Image.Resampling.BILINEAR, fillcolor=255))


def _noise(rng: np.random.Generator) -> Image.Image:
    coarse = rng.integers(0, 256, (12, 12), np.uint8)
    return Image.fromarray(coarse).resize((120, 120), Image.Resampling.BICUBIC)


def _of(image: Image.Image) -> Pixels:
    pieces = segmentation.cut(image)
    blank = np.zeros((28, 28), np.float32)
    return from_ink(pieces[0].ink).pixels if pieces else blank


def _single(image: Image.Image) -> Digit | None:
    """The digit of a picture of one; None where it is cut apart or refused."""
    try:
        pieces = segmentation.cut(image)
    except InputError:
        return None
    return from_ink(pieces[0].ink) if len(pieces) == 1 else None


def canvas(strokes: Sequence[Stroke]) -> Image.Image:
    """Strokes on white paper, half as large as it."""
    image = Image.new("L", (_SIDE, _SIDE), 255)
    for stroke in fit(list(strokes), _SIDE * 0.5):
        points = [(float(x), float(y)) for x, y in stroke + _SIDE / 2]
        ImageDraw.Draw(image).line(points, fill=0, width=14, joint="curve")
        for x, y in points:
            ImageDraw.Draw(image).ellipse((x - 7, y - 7, x + 7, y + 7), fill=0)
    return image


def _boxed(image: Image.Image, *insets: int) -> Image.Image:
    framed = image.copy()
    for inset in insets:
        end = _SIDE - 1 - inset
        ImageDraw.Draw(framed).rectangle((inset, inset, end, end), outline=0, width=3)
    return framed


def _on_page(image: Image.Image, page: int) -> Image.Image:
    whole = Image.new("L", (_SIDE + 120, _SIDE + 120), page)
    whole.paste(image, (60, 60))
    return whole


def _inverted(image: Image.Image) -> Image.Image:
    return Image.eval(image, lambda value: 255 - value)


def _cell(image: Image.Image) -> Image.Image:
    lined = image.copy()
    ImageDraw.Draw(lined).line((7, 0, 7, _SIDE), fill=0, width=5)
    ImageDraw.Draw(lined).line((0, 9, _SIDE, 9), fill=0, width=3)
    return lined


def _on_table(image: Image.Image, angle: float) -> Image.Image:
    sheet = Image.eval(image, lambda value: 40 + value * 180 // 255)
    turned = Image.new("L", (_SIDE + 160, _SIDE + 160), 60)
    turned.paste(sheet, (80, 80))
    return turned.rotate(angle, Image.Resampling.BICUBIC, fillcolor=60)


def _lit(image: Image.Image, corner: float, lamp: tuple[float, float]) -> Image.Image:
    """Light that falls off from a lamp at (x, y) from the middle, to ``corner`` in the corners of a
    picture whose lamp is in the middle.
    """
    whole = Image.new("L", (2 * _SIDE, 2 * _SIDE), 255)
    whole.paste(image, (_SIDE // 2, _SIDE // 2))
    y, x = (np.mgrid[: 2 * _SIDE, : 2 * _SIDE] - _SIDE) / _SIDE
    away = ((x - lamp[0]) ** 2 + (y - lamp[1]) ** 2) / 2
    light = np.maximum(1 - (1 - corner) * away, 0.05)
    grey = 55 + np.asarray(whole, np.float32) * 0.6
    return Image.fromarray((grey * light).clip(0, 255).astype(np.uint8))


KINDS: dict[str, Drawing] = {
    "unframed": lambda image: image,
    "the canvas's edge": lambda image: _boxed(image, 0),
    "a box": lambda image: _boxed(image, 20),
    "three boxes": lambda image: _boxed(image, 4, 14, 26),
    "two lines of a cell": _cell,
    "a black canvas on a white page": lambda image: _on_page(_inverted(image), 255),
    "a white canvas on a black page": lambda image: _on_page(image, 0),
    "a canvas on two pages": lambda image: _on_page(
        _on_page(_inverted(image), 255).resize((_SIDE, _SIDE)), 90
    ),
    "a sheet on a table": lambda image: _on_table(image, 0),
    "a sheet turned by 12 degrees": lambda image: _on_table(image, 12),
    "even light": lambda image: _lit(image, 1, (0, 0)),
    "corners at 60 %": lambda image: _lit(image, 0.6, (0, 0)),
    "corners at 45 %": lambda image: _lit(image, 0.45, (0, 0)),
    "corners at 30 %": lambda image: _lit(image, 0.3, (0, 0)),
    "corners at 45 %, the lamp aside": lambda image: _lit(image, 0.45, (-0.4, 0.3)),
}


if __name__ == "__main__":
    sys.exit(main())
