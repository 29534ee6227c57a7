"""``python -m models.train``: from MNIST, and pen drawings if there are any, to a Keras model.

Adam with decoupled weight decay, a learning rate that warms up and falls along a cosine, an
average of the weights (EMA), and a temperature, found on the validation split, that is folded into
the last layer so that probabilities mean what they say. The average at the schedule's end is what
comes out; the validation split, printed after each epoch, shows whether to trust it. After each
epoch everything is saved; ``--resume`` goes on from there. The test set is read at the end only.
"""

from __future__ import annotations

import argparse
import json
import math
import os
import sys
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np

from models import feed
from models.calibration import best_temperature, calibration_error
from models.errors import DigitParityError, ModelError
from models.lanes import Pixels, Probabilities
from models.network import WIDTHS

MODEL = "mnist_model.h5"
STATE = "state"
OUT = Path("build/training")


@dataclass(frozen=True)
class Recipe:
    """All that decides what comes out, beside the data."""

    epochs: int = 60
    seed: int = 1
    batch: int = 128
    rate: float = 3e-3
    decay: float = 2e-2  # weight decay, times the learning rate, a step
    smoothing: float = 0.02
    averaging: float = 0.999  # how much of the average each step keeps
    validation: int = 4_000
    widths: tuple[int, ...] = WIDTHS
    limit: int | None = None  # train on so many pictures only: for a quick try


class Trainer:
    """A network, its optimizer and the average of its weights; one file holds all three."""

    def __init__(self, recipe: Recipe, steps: int) -> None:
        import tensorflow as tf
        from tf_keras import optimizers

        from models import network

        tf.keras.utils.set_random_seed(recipe.seed)
        self._recipe, self._steps = recipe, steps
        self.network = network.build(recipe.widths)
        self.average = network.build(recipe.widths)
        self.average.set_weights(self.network.get_weights())
        self._optimizer = optimizers.AdamW(0.0, weight_decay=recipe.decay, jit_compile=False)
        self._optimizer.exclude_from_weight_decay(var_names=["bias", "gamma", "beta"])
        self._optimizer.build(self.network.trainable_variables)
        self.done = tf.Variable(0, dtype=tf.int64)
        self._state = tf.train.Checkpoint(
            network=self.network,
            average=self.average,
            optimizer=self._optimizer,
            done=self.done,
        )
        self._step = tf.function(self._one_step)

    def save(self, out: Path) -> None:
        self._state.write(str(out / STATE))

    def restore(self, out: Path) -> None:
        """Raises ModelError when what is there belongs to another network."""
        try:
            self._state.read(str(out / STATE)).assert_existing_objects_matched()
        except Exception as error:  # TensorFlow raises many kinds
            raise ModelError(f"{out / STATE} cannot be resumed: {error}") from error

    def run(self, batches: Any, start: int) -> float:
        """One epoch. Returns the mean loss."""
        losses = []
        for number, (pixels, goals) in enumerate(batches, start):
            self._optimizer.learning_rate.assign(self._rate(number))
            # Early on, the average must not remember the first weights for long.
            keep = min(self._recipe.averaging, (1 + number) / (10 + number))
            losses.append(self._step(pixels, goals, np.float32(keep)))
        return float(np.mean([float(loss) for loss in losses]))

    def _rate(self, number: int) -> float:
        warm = max(1, self._steps // 50)
        if number < warm:
            return self._recipe.rate * (number + 1) / warm
        way = (number - warm) / max(1, self._steps - warm)
        return self._recipe.rate * 0.5 * (1 + math.cos(math.pi * min(1.0, way))) + 1e-6

    def _one_step(self, pixels: Any, goals: Any, keep: Any) -> Any:
        import tensorflow as tf

        with tf.GradientTape() as tape:
            answers = self.network(pixels, training=True)
            loss = -tf.reduce_mean(
                tf.reduce_sum(goals * tf.math.log(tf.maximum(answers, 1e-7)), axis=1)
            )
        variables = self.network.trainable_variables
        self._optimizer.apply_gradients(zip(tape.gradient(loss, variables), variables, strict=True))
        for mean, now in zip(self.average.weights, self.network.weights, strict=True):
            mean.assign(mean * keep + now * (1 - keep))
        return loss


def predict(model: Any, pictures: Any, batch: int = 500) -> Probabilities:
    """(n, 28, 28) bytes or pixels in [0, 1] → (n, 10) probabilities."""
    scale = 255 if pictures.dtype == np.uint8 else 1
    pixels: Pixels = (pictures / np.float32(scale)).astype(np.float32)[..., None]
    parts = [model(pixels[at : at + batch]).numpy() for at in range(0, len(pixels), batch)]
    return np.concatenate(parts)


def train(
    recipe: Recipe, data: feed.Mnist, pools: Sequence[feed.Pool], out: Path, *, resume: bool
) -> Any:
    """Train, save after every epoch, and return the average of the weights at the end.

    The rate has then fallen to nothing, and the average moves no more: no epoch is picked.
    """
    each = sum(pool.each_epoch for pool in pools) // recipe.batch
    trainer = Trainer(recipe, each * recipe.epochs)
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
    parser.add_argument("--out", type=Path, default=OUT, help="a folder for results")
    parser.add_argument("--resume", action="store_true", help="go on after the last saved epoch")
    parser.add_argument("--limit", type=int, help="train on so many pictures only, for a quick try")
    given = parser.parse_args(arguments)
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")
    recipe = Recipe(epochs=given.epochs, seed=given.seed, limit=given.limit)
    try:
        given.out.mkdir(parents=True, exist_ok=True)
        run(recipe, given.data, given.strokes, given.out, resume=given.resume)
    except DigitParityError as error:
        print(error, file=sys.stderr)
        return 1
    return 0


def run(
    recipe: Recipe, data_file: Path | None, strokes: Path | None, out: Path, *, resume: bool
) -> dict[str, Any]:
    """Everything from files to ``out/mnist_model.h5`` and ``out/training.json``."""
    data = feed.mnist(data_file, validation=recipe.validation, seed=recipe.seed)
    kept = (data.train[0][: recipe.limit], data.train[1][: recipe.limit])
    drawings = feed.writers(strokes)[0][: recipe.limit] if strokes else []
    print(f"preparing {len(kept[0]):,} pictures and {len(drawings):,} drawings", flush=True)
    pools = feed.pools(kept, drawings, seed=recipe.seed)
    model = train(recipe, data, pools, out, resume=resume)
    temperature = fold_temperature(model, *data.validation)
    model.save(out / MODEL, include_optimizer=False)
    answers = predict(model, data.test[0])
    right = float((answers.argmax(axis=1) == data.test[1]).mean())
    report = {
        "title": "MNIST digits",
        "recipe": asdict(recipe),
        "pen_drawings": len(drawings),
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
