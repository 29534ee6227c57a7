"""``python -m models.train.study.ablation``: the accuracy that each step to a digit is worth.

The same model reads the same pictures, prepared with one step left out at a time: pen drawings of
held-out writers on a 280×280 canvas, clean and with dust on it, and MNIST test digits as small
tight scans.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Sequence

import numpy as np
from PIL import Image

from models.digit import framing
from models.digit.digit import ink
from models.lanes import Pixels
from models.runtimes.keras import keras2
from models.runtimes.process.log_filter import quiet
from models.train import batches, synthetic_digits
from models.train.export import predict
from models.train.study import arguments as study

Prepare = Callable[[Image.Image], Pixels]

_SEED = 4_711
_SCANS = 2_000


def plain(image: Image.Image) -> Pixels:
    """What most demos do: resize the whole picture to 28×28, inverted where most of it is light."""
    small = image.convert("L").resize((framing.SIZE, framing.SIZE), Image.Resampling.BOX)
    values = np.asarray(small, np.float32) / np.float32(255)
    return 1 - values if float(np.median(values)) > 0.5 else values


STEPS: dict[str, Prepare] = {
    "plain resize to 28×28": plain,
    "all but the pen's width": lambda image: framing.frame(ink(image), pen_width=False),
    "all but the removal of dust": lambda image: framing.frame(ink(image), dust=True),
    "all, as the app does it": lambda image: framing.frame(ink(image)),
}


def with_dust(image: Image.Image, rng: np.random.Generator) -> Image.Image:
    """Three specks of 2 to 4 pixels anywhere on the canvas."""
    values = np.array(image)
    for _ in range(3):
        side = int(rng.integers(2, 5))
        row, column = rng.integers(0, min(image.size) - side, 2)
        values[row : row + side, column : column + side] = 0
    return Image.fromarray(values)


def main(arguments: Sequence[str] | None = None) -> int:
    """The command. Returns its exit code."""
    parser = study.parser("ablation", __doc__)
    study.add_model(parser)
    study.add_data(parser)
    study.add_strokes(parser, required=True)
    return study.run(parser, arguments, _measure)


def _measure(options: argparse.Namespace) -> None:
    quiet()
    rng = np.random.default_rng(_SEED)
    model = keras2.read(options.model)
    _, held = batches.writers(options.strokes)
    test, labels = batches.mnist(options.data, validation=0, seed=0).test
    drawn = [synthetic_digits.on_canvas(each.strokes) for each in held]
    drawn_labels = np.array([each.label for each in held])
    datasets = {
        "pen drawings on a canvas": (drawn, drawn_labels),
        "the same with dust": ([with_dust(each, rng) for each in drawn], drawn_labels),
        "small scans": (
            [synthetic_digits.scan(each, rng) for each in test[:_SCANS]],
            labels[:_SCANS],
        ),
    }
    for name, (images, goals) in datasets.items():
        print(name)
        for step, prepare in STEPS.items():
            answers = predict(model, np.stack([prepare(image) for image in images]))
            print(f"  {step:30} {(answers.argmax(axis=1) == goals).mean():.2%}", flush=True)


if __name__ == "__main__":
    sys.exit(main())
