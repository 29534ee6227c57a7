"""``python -m models.train.study.validation MODEL …``: the losses networks are chosen by.

The loss of Keras models, the mean of -log p of the label, on the split of MNIST's training images
that no network is trained on, as it is and four times varied as in training. Of several networks
the one with the lowest sum is taken (``models.train.study.gpu.train``). The test set is not read.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from models.convert.conversion import KERAS_FILE
from models.digit.augment import augment
from models.formats.store import SHIPPED
from models.lanes import Probabilities
from models.runtimes.keras import keras2
from models.runtimes.process.log_filter import quiet
from models.train import batches
from models.train.export import predict
from models.train.study import arguments as study
from models.train.trainer import Recipe

Checks = dict[str, tuple[batches.Bytes, batches.Labels]]

_LEAST = 1e-7  # a probability of 0 would outweigh all others


def checks(data: batches.Mnist) -> Checks:
    """The validation split as it is, and augmented four times as in training, which tells more."""
    pictures, labels = data.validation
    rng = np.random.default_rng(99)
    varied = [augment(pictures.astype(np.float32) / np.float32(255), rng) for _ in range(4)]
    levels = np.rint(np.concatenate(varied) * 255).astype(np.uint8)
    return {"validation": data.validation, "varied": (levels, np.tile(labels, 4))}


def loss(answers: Probabilities, labels: batches.Labels) -> float:
    """The mean of -log p of the labels (n,) in answers (n, classes)."""
    chosen = answers[np.arange(len(labels)), labels]
    return float(-np.log(np.maximum(chosen, _LEAST)).mean())


def judge(model: Any, on: Checks) -> dict[str, tuple[float, int, int]]:
    """For each check: the loss, the number of digits read wrong, and the number of digits."""
    results = {}
    for name, (pictures, labels) in on.items():
        answers = predict(model, pictures)
        wrong = int((answers.argmax(axis=1) != labels).sum())
        results[name] = loss(answers, labels), wrong, len(labels)
    return results


def main(arguments: Sequence[str] | None = None) -> int:
    """The command. Returns its exit code."""
    parser = study.parser("validation", __doc__)
    parser.add_argument("model", type=Path, nargs="*", default=[SHIPPED / KERAS_FILE])
    study.add_data(parser)
    return study.run(parser, arguments, _print_losses)


def _print_losses(options: argparse.Namespace) -> None:
    quiet()
    recipe = Recipe()
    data = batches.mnist(options.data, validation=recipe.validation, seed=recipe.seed)
    on = checks(data)
    for path in options.model:
        results = judge(keras2.read(path), on)
        parts = [
            f"{name} {one:.5f}, {wrong} of {n:,} wrong" for name, (one, wrong, n) in results.items()
        ]
        print(f"{path}: loss {sum(one for one, _, _ in results.values()):.5f} ({'; '.join(parts)})")


if __name__ == "__main__":
    sys.exit(main())
