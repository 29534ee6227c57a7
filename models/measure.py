"""``python -m models.measure``: the figures of the model card, on digits nothing was trained on.

MNIST's test set; pen drawings of the writers that training holds out, from their strokes and as
280×280 pictures drawn with a 20-pixel brush; calibration; and how sure the model is of scribbles
and letters, drawn by script. The Keras model answers: ``models.evaluate`` compares the formats.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from models import feed, samples
from models.calibration import calibration_error
from models.convert import FOLDER, KERAS_FILE
from models.digit import from_picture, from_strokes
from models.errors import DigitParityError
from models.metrics import Accuracy
from models.train import predict

UNSURE = 0.5  # a top probability below this counts as low
_SCRIBBLES = 2_000
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
    """How sure the model is of what is no digit."""
    top = predict(model, pictures).max(axis=1)
    return {
        "pictures": len(top),
        "median_top": float(np.median(top)),
        "low_share": float((top < UNSURE).mean()),
    }


def measure(model: Any, data: Path | None, strokes: Path | None) -> dict[str, Any]:
    """Every figure, as one object; sets whose file is not given are left out, MNIST is fetched."""
    test, labels = feed.mnist(data, validation=0, seed=0).test
    sets: dict[str, Any] = {"MNIST test": figures(model, test, labels)}
    if strokes is not None:
        _, held = feed.writers(strokes)
        asked = np.array([each.label for each in held])
        drawn = [from_strokes(each.strokes) for each in held]
        seen = [from_picture(samples.on_canvas(each.strokes)) for each in held]
        sets["held-out writers, strokes"] = figures(model, samples.to_bytes(drawn), asked)
        sets["held-out writers, 280×280 pictures"] = figures(model, samples.to_bytes(seen), asked)
    unseen = "".join(letter for letter in samples.LETTERS if letter not in samples.TRAINED_LETTERS)
    blank = np.zeros((1, 28, 28), np.uint8)
    return {
        "sets": sets,
        "no digits": {
            "scribbles": doubt(model, samples.scribbles(_SCRIBBLES, _SEED, letters="")),
            "letters not trained on": doubt(model, samples.letters(_SCRIBBLES, _SEED, unseen)),
            "blank": doubt(model, blank),
        },
    }


def main(arguments: Sequence[str] | None = None) -> int:
    """The command. Returns its exit code."""
    parser = argparse.ArgumentParser("python -m models.measure", description=__doc__)
    parser.add_argument("--model", type=Path, default=FOLDER / KERAS_FILE)
    parser.add_argument("--data", type=Path, help="MNIST as Keras's mnist.npz; else it is fetched")
    parser.add_argument("--strokes", type=Path, help="pen drawings as UNIPEN, by several writers")
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    given = parser.parse_args(arguments)
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")
    import tf_keras

    try:
        model = tf_keras.models.load_model(given.model, compile=False)
        found = measure(model, given.data, given.strokes)
    except (DigitParityError, OSError) as error:
        print(error, file=sys.stderr)
        return 1
    print(
        json.dumps(found, indent=2, ensure_ascii=False) if given.json else "\n".join(_text(found))
    )
    return 0


def _text(found: dict[str, Any]) -> list[str]:
    lines = [
        f"{name}: {each['accuracy']:.2%} of {each['digits']:,} "
        f"(95 % interval {each['interval'][0]:.2%} to {each['interval'][1]:.2%}), "
        f"calibration error {each['calibration_error']:.2%}"
        for name, each in found["sets"].items()
    ]
    return lines + [
        f"{name}: top probability {each['median_top']:.2f} in the median, "
        f"below {UNSURE} for {each['low_share']:.1%} of {each['pictures']:,}"
        for name, each in found["no digits"].items()
    ]


if __name__ == "__main__":
    sys.exit(main())
