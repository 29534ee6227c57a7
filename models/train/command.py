"""``python -m models.train``: from MNIST, and pen drawings if there are any, to a Keras model.

Adam with decoupled weight decay, a learning rate that warms up and falls along a cosine, an
average of the weights (EMA), and a temperature, found on the validation split, that is folded into
the last layer so that probabilities mean what they say. The average at the schedule's end is what
comes out; the validation split, printed after each epoch, shows whether to trust it. After each
epoch everything is saved; ``--resume`` goes on from there. The test set is read at the end only.

With ``--weights`` nothing is trained: what ``models.train.study.gpu.train`` made is
finished and measured.

With ``--teacher`` the target is for the most part what larger networks, trained before, answer on
the very pictures that the network sees (Hinton et al., 2015, https://arxiv.org/abs/1503.02531).
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from models.errors import DigitParityError, ModelError
from models.runtimes.log_filter import quiet
from models.train import batches
from models.train.export import finish, from_weights, predict
from models.train.network import BLOCKS, parse
from models.train.trainer import STATE, Recipe, Trainer

OUT = Path("build/training")


def _teacher(path: Path) -> Any:
    """Raises ModelError for a file that is no Keras model."""
    import tf_keras

    try:
        return tf_keras.models.load_model(path, compile=False)
    except Exception as error:  # h5py and Keras raise many kinds
        raise ModelError(f"The teacher {path} cannot be read: {error}") from error


def train(
    recipe: Recipe,
    data: batches.Mnist,
    pools: Sequence[batches.Pool],
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
            seed = recipe.epoch_seed(number)
            return batches.epoch(pools, recipe.batch, seed, smoothing=recipe.smoothing)

        loss = trainer.run(batches.ahead(make), number * each)
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


def main(arguments: Sequence[str] | None = None) -> int:
    """The command. Returns its exit code."""
    parser = argparse.ArgumentParser("python -m models.train", description=__doc__)
    parser.add_argument("--data", type=Path, help="MNIST as Keras's mnist.npz; else it is fetched")
    parser.add_argument("--strokes", type=Path, help="pen drawings as UNIPEN, by several writers")
    parser.add_argument("--epochs", type=int, default=Recipe.epochs)
    parser.add_argument("--seed", type=int, default=Recipe.seed)
    parser.add_argument(
        "--blocks",
        type=parse,
        default=BLOCKS,
        help="channels of each convolution, halved at a slash: 16-16/32-32/64",
    )
    parser.add_argument(
        "--teacher",
        type=Path,
        action="append",
        default=[],
        help="learn from this model's answers too (may be given more than once)",
    )
    parser.add_argument(
        "--weights",
        type=Path,
        help="train nothing: finish what models.train.study.gpu.train made, a student's .npz",
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
    quiet(gpus=True)
    try:
        given = parser.parse_args(arguments)
        recipe = Recipe(
            given.epochs,
            given.seed,
            blocks=given.blocks,
            precision=given.precision,
            limit=given.limit,
        )
        given.out.mkdir(parents=True, exist_ok=True)
        if given.weights:
            from_weights(given.weights, given.data, given.out)
        else:
            run(recipe, given.data, given.strokes, given.out, given.teacher, resume=given.resume)
    except DigitParityError as error:
        print(error, file=sys.stderr)
        return 1
    return 0


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
    data, pools, drawings = batches.prepare(
        data_file, strokes, validation=recipe.validation, seed=recipe.seed, limit=recipe.limit
    )
    learned = [_teacher(path) for path in teachers]
    model = train(recipe, data, pools, out, learned, resume=resume)
    record = {
        "recipe": asdict(recipe),
        "pen_drawings": drawings,
        "teachers": [{"parameters": each.count_params()} for each in learned],
    }
    return finish(model, record, data, out)
