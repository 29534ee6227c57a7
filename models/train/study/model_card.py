"""``python -m models.train.study.model_card``: the figures of the model card, on unseen digits.

MNIST's test set, and a part of it scanned small and tight; pen drawings of the writers that
training holds out, from their strokes and as 280×280 pictures drawn with a 20-pixel brush;
calibration; and how sure the model is of scribbles and letters, drawn by script. The Keras model
answers; with ``--record``, every other stored form too, and the accuracy of each is written into
the manifest and the training's record.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from dataclasses import replace
from itertools import product
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from models.convert.conversion import KERAS_FILE, TRAINING_FILE
from models.digit.digit import from_picture, from_strokes
from models.formats import manifest as manifests
from models.formats.store import SHIPPED
from models.lanes import FORMATS, WEIGHTS
from models.parity.metrics import Accuracy
from models.runtimes import tensorflow
from models.runtimes.keras import keras2
from models.runtimes.process.log_filter import quiet
from models.train import batches, synthetic_digits
from models.train.calibration import calibration_error
from models.train.export import predict
from models.train.study import arguments as study

Labelled = tuple[NDArray[np.uint8], NDArray[Any]]

UNSURE = 0.5  # a top probability below this counts as low
_SCRIBBLES = _SCANS = 2_000
_SEED = 4_711  # training uses small seeds


def figures(model: Any, pictures: NDArray[np.uint8], labels: NDArray[Any]) -> dict[str, Any]:
    """Accuracy with its 95 % interval, and calibration error, of (n, 28, 28) bytes."""
    answers = predict(model, pictures)
    right = Accuracy(int((answers.argmax(axis=1) == labels).sum()), len(labels))
    return {
        "digits": right.total,
        "accuracy": right.share,
        "interval": list(right.interval),
        "calibration_error": calibration_error(answers, labels),
    }


def doubt(model: Any, pictures: NDArray[np.uint8]) -> dict[str, Any]:
    """How sure the model is of pictures that are not digits."""
    top = predict(model, pictures).max(axis=1)
    return {
        "pictures": len(top),
        "median_top": float(np.median(top)),
        "low_share": float((top < UNSURE).mean()),
    }


def labelled(data: Path | None, strokes: Path | None) -> dict[str, Labelled]:
    """The test sets by name: MNIST, fetched without ``data``; drawings, if ``strokes`` is set."""
    pictures, labels = batches.mnist(data, validation=0, seed=0).test
    rng = np.random.default_rng(_SEED)
    scans = [from_picture(synthetic_digits.scan(each, rng)) for each in pictures[:_SCANS]]
    sets: dict[str, Labelled] = {
        "MNIST test": (pictures, labels),
        "MNIST test, first 2,000 as small scans": (
            synthetic_digits.to_bytes(scans),
            labels[:_SCANS],
        ),
    }
    if strokes is not None:
        _, held = batches.writers(strokes)
        goals = np.array([each.label for each in held])
        drawn = [from_strokes(each.strokes) for each in held]
        pictured = [from_picture(synthetic_digits.on_canvas(each.strokes)) for each in held]
        sets["held-out writers, strokes"] = synthetic_digits.to_bytes(drawn), goals
        sets["held-out writers, 280×280 pictures"] = synthetic_digits.to_bytes(pictured), goals
    return sets


def measure(model: Any, sets: dict[str, Labelled]) -> dict[str, Any]:
    """Every figure, as one object."""
    unseen = "".join(
        letter
        for letter in synthetic_digits.LETTERS
        if letter not in synthetic_digits.TRAINED_LETTERS
    )
    return {
        "sets": {name: figures(model, *each) for name, each in sets.items()},
        "no digits": {
            "scribbles": doubt(model, synthetic_digits.scribbles(_SCRIBBLES, _SEED, letters="")),
            "letters not trained on": doubt(
                model, synthetic_digits.letters(_SCRIBBLES, _SEED, unseen)
            ),
        },
    }


def record(folder: Path, sets: dict[str, Labelled]) -> dict[str, dict[str, float]]:
    """The accuracy of every stored form on every test set, written to the folder's two records."""
    manifest = manifests.read(folder)
    accuracy: dict[str, dict[str, float]] = {name: {} for name in sets}
    for form, weights in product(FORMATS, WEIGHTS):
        key = manifests.stored_form(form, weights)
        if key not in manifest.lanes:
            continue
        lane = tensorflow.load(folder, form, weights)
        for name, (pictures, labels) in sets.items():
            answers = lane.predict(pictures.astype(np.float32) / np.float32(255))
            accuracy[name][key] = float((answers.argmax(axis=1) == labels).mean())
    manifests.write(replace(manifest, accuracy=accuracy), folder)
    path = folder / TRAINING_FILE
    training = json.loads(path.read_text("utf-8")) if path.is_file() else {}
    text = json.dumps({**training, "accuracy": accuracy}, indent=2, ensure_ascii=False)
    path.write_text(text + "\n", "utf-8", newline="\n")
    return accuracy


def main(arguments: Sequence[str] | None = None) -> int:
    """The command. Returns its exit code."""
    parser = study.parser("model_card", __doc__)
    parser.add_argument("--model", type=Path, help="a Keras model; default: the one in the folder")
    parser.add_argument("--folder", type=Path, default=SHIPPED, help="the model's folder")
    study.add_data(parser)
    study.add_strokes(parser)
    parser.add_argument("--record", action="store_true", help="write every form's accuracy down")
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    return study.run(parser, arguments, _measure)


def _measure(options: argparse.Namespace) -> None:
    quiet()
    path = options.model or options.folder / KERAS_FILE
    sets = labelled(options.data, options.strokes)
    card = measure(keras2.read(path), sets)
    if options.record:
        card["formats"] = record(options.folder, sets)
    print(
        json.dumps(card, indent=2, ensure_ascii=False) if options.json else "\n".join(_text(card))
    )


def _text(card: dict[str, Any]) -> list[str]:
    lines = [
        f"{name}: {each['accuracy']:.2%} of {each['digits']:,} "
        f"(95 % interval {each['interval'][0]:.2%} to {each['interval'][1]:.2%}), "
        f"calibration error {each['calibration_error']:.2%}"
        for name, each in card["sets"].items()
    ]
    lines += [
        f"{name}, {form}: {share:.2%}"
        for name, each in card.get("formats", {}).items()
        for form, share in each.items()
    ]
    return lines + [
        f"{name}: top probability {each['median_top']:.2f} in the median, "
        f"below {UNSURE} for {each['low_share']:.1%} of {each['pictures']:,}"
        for name, each in card["no digits"].items()
    ]


if __name__ == "__main__":
    sys.exit(main())
