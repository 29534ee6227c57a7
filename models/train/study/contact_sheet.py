"""``python -m models.train.study.contact_sheet``: the MNIST test digits that are read wrong, drawn.

Under each digit: what it is labelled, what the model read, and how sure it was.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont

from models.formats.store import SHIPPED
from models.lanes import Probabilities
from models.runtimes.keras import keras2
from models.runtimes.process.log_filter import quiet
from models.train import batches
from models.train.export import predict
from models.train.study import arguments as study

OUT = SHIPPED / "errors.png"
_ZOOM = 3
_CELL = (100, 112)  # pixels of a digit with its caption
_COLUMNS = 8


def draw(pictures: NDArray[np.uint8], labels: NDArray[Any], answers: Probabilities) -> Image.Image:
    """The digits of (n, 28, 28) read wrong, the surest first, in rows of eight, black on white."""
    read = answers.argmax(axis=1)
    wrong = np.flatnonzero(read != labels)
    wrong = wrong[np.argsort(-answers[wrong, read[wrong]], kind="stable")]
    rows = max(1, -(-len(wrong) // _COLUMNS))
    sheet = Image.new("L", (_COLUMNS * _CELL[0], rows * _CELL[1]), 255)
    pen, font = ImageDraw.Draw(sheet), ImageFont.load_default(13)
    side = pictures.shape[1] * _ZOOM
    for place, index in enumerate(wrong):
        left, top = place % _COLUMNS * _CELL[0] + 8, place // _COLUMNS * _CELL[1] + 4
        enlarged = Image.fromarray(255 - pictures[index]).resize(
            (side, side), Image.Resampling.NEAREST
        )
        sheet.paste(enlarged, (left, top))
        caption = f"{labels[index]} read {read[index]}, {answers[index, read[index]]:.0%}"
        pen.text((left, top + side + 2), caption, 0, font)
    if not len(wrong):
        pen.text((8, 8), "No error", 0, font)
    return sheet


def main(arguments: Sequence[str] | None = None) -> int:
    """The command. Returns its exit code."""
    parser = study.parser("contact_sheet", __doc__)
    study.add_model(parser)
    study.add_data(parser)
    parser.add_argument("--out", type=Path, default=OUT)
    return study.run(parser, arguments, _draw)


def _draw(options: argparse.Namespace) -> None:
    quiet()
    model = keras2.read(options.model)
    pictures, labels = batches.mnist(options.data, validation=0, seed=0).test
    answers = predict(model, pictures)
    draw(pictures, labels, answers).save(options.out, optimize=True)
    print(f"{int((answers.argmax(axis=1) != labels).sum())} errors in {options.out}")


if __name__ == "__main__":
    sys.exit(main())
