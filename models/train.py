"""``python -m models.train``: from MNIST, and pen drawings if there are any, to a Keras model.

Adam with decoupled weight decay, a learning rate that warms up and falls along a cosine, an
average of the weights (EMA), and a temperature, found on the validation split, that is folded into
the last layer so that probabilities mean what they say. The average at the schedule's end is what
comes out; the validation split, printed after each epoch, shows whether to trust it. After each
epoch everything is saved; ``--resume`` goes on from there. The test set is read at the end only.

With ``--teacher`` the target is for the most part what larger networks, trained before, answer on
the very pictures that the network sees (Hinton et al., 2015, https://arxiv.org/abs/1503.02531).
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import time
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np

from models import feed
from models.calibration import best_temperature, calibration_error
from models.errors import DigitParityError, ModelError
from models.lanes import Pixels, Probabilities
from models.network import WIDTHS
from models.trainer import STATE, Recipe, Trainer

MODEL = "mnist_model.h5"
OUT = Path("build/training")


def _teacher(path: Path) -> Any:
    """Raises ModelError for a file that is no Keras model."""
    import tf_keras

    try:
        return tf_keras.models.load_model(path, compile=False)
    except Exception as error:  # h5py and Keras raise many kinds
        raise ModelError(f"The teacher {path} cannot be read: {error}") from error


def predict(model: Any, pictures: Any, batch: int = 500) -> Probabilities:
    """(n, 28, 28) bytes or pixels in [0, 1] → (n, 10) probabilities."""
    scale = 255 if pictures.dtype == np.uint8 else 1
    pixels: Pixels = (pictures / np.float32(scale)).astype(np.float32)[..., None]
    parts = [model(pixels[at : at + batch]).numpy() for at in range(0, len(pixels), batch)]
    return np.concatenate(parts)


def train(
    recipe: Recipe,
    data: feed.Mnist,
    pools: Sequence[feed.Pool],
    out: Path,
    teachers: Sequence[Any] = (),
    *,
    resume: bool,
) -> Any:
    """Train, save after every epoch, and return the average of the weights at the end.

    The rate has then fallen to nothing, and the average moves no more: no epoch is picked.
    """
    each = sum(pool.each_epoch for pool in pools) // recipe.batch
    trainer = Trainer(recipe, each * recipe.epochs, teachers)
    if resume and (out / f"{STATE}.index").is_file():
        trainer.restore(out)
        print(f"resumed after epoch {int(trainer.done)}", flush=True)
    pictures, labels = data.validation
    for number in range(int(trainer.done), recipe.epochs):
        began = time.perf_counter()

        def make(number: int = number) -> Any:
            seed = recipe.seed * 10_007 + number
            return feed.epoch(pools, recipe.batch, seed, smoothing=recipe.smoothing)

        loss = trainer.run(feed.ahead(make), number * each)
        answers = predict(trainer.average, pictures)
        right = float((answers.argmax(axis=1) == labels).mean())
        trainer.done.assign(number + 1)
        trainer.save(out)
        print(
            f"epoch {number + 1}/{recipe.epochs}  loss {loss:.4f}  validation {right:.2%}"
            f"  {time.perf_counter() - began:.0f} s",
            flush=True,
        )
    return trainer.average


def fold_temperature(model: Any, pictures: Any, labels: Any) -> float:
    """Divide the last layer by the temperature that suits the validation split best; return it."""
    temperature = best_temperature(predict(model, pictures), labels)
    last = model.layers[-1]
    last.set_weights([weights / temperature for weights in last.get_weights()])
    return temperature


def main(arguments: Sequence[str] | None = None) -> int:
    """The command. Returns its exit code."""
    parser = argparse.ArgumentParser("python -m models.train", description=__doc__)
    parser.add_argument("--data", type=Path, help="MNIST as Keras's mnist.npz; else it is fetched")
    parser.add_argument("--strokes", type=Path, help="pen drawings as UNIPEN, by several writers")
    parser.add_argument("--epochs", type=int, default=Recipe.epochs)
    parser.add_argument("--seed", type=int, default=Recipe.seed)
    parser.add_argument(
        "--widths", type=_widths, default=WIDTHS, help="channels of each convolution: 16-16-32"
    )
    parser.add_argument(
        "--teacher",
        type=Path,
        action="append",
        default=[],
        help="learn from this model's answers too (may be given more than once)",
    )
    parser.add_argument(
        "--precision",
        choices=("float32", "mixed_bfloat16"),
        default=Recipe.precision,
        help="mixed_bfloat16 trains a teacher faster where the processor knows it",
    )
    parser.add_argument("--out", type=Path, default=OUT, help="a folder for results")
    parser.add_argument("--resume", action="store_true", help="go on after the last saved epoch")
    parser.add_argument("--limit", type=int, help="train on so many pictures only, for a quick try")
    given = parser.parse_args(arguments)
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")
    recipe = Recipe(
        given.epochs,
        given.seed,
        widths=given.widths,
        precision=given.precision,
        limit=given.limit,
    )
    try:
        given.out.mkdir(parents=True, exist_ok=True)
        run(recipe, given.data, given.strokes, given.out, given.teacher, resume=given.resume)
    except DigitParityError as error:
        print(error, file=sys.stderr)
        return 1
    return 0


def _widths(text: str) -> tuple[int, ...]:
    return tuple(int(each) for each in text.split("-"))


def run(
    recipe: Recipe,
    data_file: Path | None,
    strokes: Path | None,
    out: Path,
    teachers: Sequence[Path] = (),
    *,
    resume: bool,
) -> dict[str, Any]:
    """Everything from files to ``out/mnist_model.h5`` and ``out/training.json``."""
    data = feed.mnist(data_file, validation=recipe.validation, seed=recipe.seed)
    kept = (data.train[0][: recipe.limit], data.train[1][: recipe.limit])
    drawings = feed.writers(strokes)[0][: recipe.limit] if strokes else []
    print(f"preparing {len(kept[0]):,} pictures and {len(drawings):,} drawings", flush=True)
    pools = feed.pools(kept, drawings, seed=recipe.seed)
    learned = [_teacher(path) for path in teachers]
    model = train(recipe, data, pools, out, learned, resume=resume)
    temperature = fold_temperature(model, *data.validation)
    model.save(out / MODEL, include_optimizer=False)
    answers = predict(model, data.test[0])
    right = float((answers.argmax(axis=1) == data.test[1]).mean())
    report = {
        "title": "MNIST digits",
        "recipe": asdict(recipe),
        "pen_drawings": len(drawings),
        "teachers": [{"parameters": each.count_params()} for each in learned],
        "parameters": model.count_params(),
        "temperature": temperature,
        "accuracy": {"MNIST test": {"keras": right}},
        "calibration_error": {"MNIST test": calibration_error(answers, data.test[1])},
    }
    (out / "training.json").write_text(json.dumps(report, indent=2) + "\n", "utf-8")
    print(
        f"MNIST test: {right:.2%}, calibration error {calibration_error(answers, data.test[1]):.2%}"
    )
    print(f"To ship it: copy {out / MODEL} and training.json to models/mnist, then models.convert")
    return report


if __name__ == "__main__":
    sys.exit(main())
