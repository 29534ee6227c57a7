"""``digit-parity train``, also ``python -m models.train``: from digits to a Keras model."""

from __future__ import annotations

import logging
import time
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

import click

from models.command_line import ending, options, output
from models.command_line.verb import verb
from models.errors import ModelError
from models.runtimes.keras import keras2
from models.runtimes.process.log_filter import quiet
from models.train import batches
from models.train.export import finish, from_weights, predict
from models.train.network import BLOCKS, parse
from models.train.trainer import STATE, Recipe, Trainer

OUT = Path("build/training")
_LOG = logging.getLogger(__name__)


def _teacher(path: Path) -> Any:
    """Load a teacher. Raises ModelError for a file that is not a Keras model."""
    try:
        return keras2.read(path)
    except ModelError as error:
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

    No epoch is picked: by then the learning rate is nearly 0 and the average no longer moves.
    """
    steps = sum(pool.each_epoch for pool in pools) // recipe.batch
    trainer = Trainer(recipe, steps * recipe.epochs, teachers)
    if resume and (out / f"{STATE}.index").is_file():
        trainer.restore(out)
        print(f"resumed after epoch {int(trainer.done)}", flush=True)
    pictures, labels = data.validation
    for number in range(int(trainer.done), recipe.epochs):
        began = time.perf_counter()
        _LOG.info("Training: epoch %s of %s", number + 1, recipe.epochs)

        def epoch(number: int = number) -> Any:
            seed = recipe.epoch_seed(number)
            return batches.epoch(pools, recipe.batch, seed, smoothing=recipe.smoothing)

        loss = trainer.run(batches.ahead(epoch), number * steps)
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


@verb(examples=("--strokes pendigits.unipen", "--limit 2000 --epochs 2 --out build/try"))
@options.mnist
@options.strokes
@click.option("--epochs", type=int, default=Recipe.epochs, help=f"{Recipe.epochs} unless given.")
@click.option("--seed", type=int, default=Recipe.seed, help=f"{Recipe.seed} unless given.")
@click.option("--blocks", help="Channels of each convolution, halved at a slash: 16-16/32-32/64.")
@click.option(
    "--teacher",
    "teachers",
    type=options.PATH,
    multiple=True,
    help="Learn from this model's answers too; may be given again.",
)
@click.option(
    "--weights",
    type=options.PATH,
    help="Train nothing: finish what models.train.study.gpu.train made, a student's .npz.",
)
@click.option(
    "--precision",
    type=click.Choice(("float32", "mixed_bfloat16")),
    default=Recipe.precision,
    help="mixed_bfloat16 trains a teacher faster where the processor knows it.",
)
@click.option("--out", type=options.PATH, default=OUT, help="A folder for results.")
@click.option("--resume", is_flag=True, help="Go on after the last saved epoch.")
@click.option("--limit", type=int, help="Train on so many pictures only, for a quick try.")
def command(
    *,
    data: Path | None,
    strokes: Path | None,
    epochs: int,
    seed: int,
    blocks: str | None,
    teachers: Sequence[Path],
    weights: Path | None,
    precision: str,
    out: Path,
    resume: bool,
    limit: int | None,
) -> int:
    """Train the model that ships: from MNIST, and pen drawings if there are any.

    Adam with decoupled weight decay, a learning rate that warms up and falls along a cosine, an
    average of the weights (EMA), and a temperature, found on the validation split, that is folded
    into the last layer so that probabilities mean what they say. The average at the schedule's end
    is what comes out; the validation split, printed after each epoch, shows whether to trust it.
    After each epoch everything is saved; --resume goes on from there. The test set is read at the
    end only.

    With --weights nothing is trained: what models.train.study.gpu.train made is finished and
    measured.

    With --teacher the target is for the most part what larger networks, trained before, answer on
    the very pictures that the network sees (Hinton et al., 2015, https://arxiv.org/abs/1503.02531).

    Exit codes: 0 trained, 1 not trained, 2 the command was not understood.
    """
    quiet(gpus=True)
    shape = BLOCKS if blocks is None else parse(blocks)
    recipe = Recipe(epochs, seed, blocks=shape, precision=precision, limit=limit)
    out.mkdir(parents=True, exist_ok=True)
    with output.progress("Reading the digits"):
        if weights is not None:
            from_weights(weights, data, out)
        else:
            run(recipe, data, strokes, out, teachers, resume=resume)
    return 0


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command; returns the exit code."""
    return ending.run(lambda: command, "python -m models.train", arguments)


def run(
    recipe: Recipe,
    data_file: Path | None,
    strokes: Path | None,
    out: Path,
    teachers: Sequence[Path] = (),
    *,
    resume: bool,
) -> dict[str, Any]:
    """Train from files to ``out/mnist_model.h5`` and ``out/training.json``; returns the record."""
    data, pools, drawings = batches.prepare(
        data_file, strokes, validation=recipe.validation, seed=recipe.seed, limit=recipe.limit
    )
    loaded = [_teacher(path) for path in teachers]
    model = train(recipe, data, pools, out, loaded, resume=resume)
    record = {
        "recipe": asdict(recipe),
        "pen_drawings": drawings,
        "teachers": [{"parameters": each.count_params()} for each in loaded],
    }
    return finish(model, record, data, out)
