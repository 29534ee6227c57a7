"""``python -m models.train.study.gpu.train``: ``models.train`` on a GPU, for many more epochs.

First teachers, larger networks. Then students of the size that ships, which learn from the
teachers' mean answers on the very pictures that they see (Beyer et al., 2022,
https://arxiv.org/abs/2106.05237). Each ends as ``student<seed>.npz``, its weights in Keras's order,
and ``student<seed>.json``, its record; ``python -m models.train --weights`` makes a model of it.

Of several students the one to take is named at the end: the one with the lowest loss, the mean of
-log p, on the validation split as it is and varied, both counting alike. Neither the test set nor
the held-out writers have a part in it: neither is read here.

It needs PyTorch, which nothing else here does. The pictures are varied by the processor.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections.abc import Sequence
from dataclasses import asdict, replace
from pathlib import Path

import numpy as np

from models.errors import ModelError
from models.train import batches
from models.train.network import BLOCKS, Blocks, parse
from models.train.study import arguments as study
from models.train.study import validation
from models.train.trainer import Recipe

OUT = Path("build/gpu")
TEACHER: Blocks = ((64, 64), (128, 128), (192, 192, 192, 192))


def main(arguments: Sequence[str] | None = None) -> int:
    """The command. Returns its exit code."""
    parser = study.parser("gpu.train", __doc__)
    study.add_data(parser, required=True)
    study.add_strokes(parser)
    parser.add_argument("--teachers", type=parse, nargs="*", default=[TEACHER] * 4)
    parser.add_argument("--students", type=parse, nargs="+", default=[BLOCKS])
    parser.add_argument("--teacher-epochs", type=int, default=112)
    parser.add_argument("--student-epochs", type=int, default=336)
    parser.add_argument("--workers", type=int, default=max(1, (os.cpu_count() or 1) - 1))
    parser.add_argument("--device", default="cuda", help="cpu to try it, slowly")
    parser.add_argument("--limit", type=int, help="train on so many pictures only, for a quick try")
    parser.add_argument("--out", type=Path, default=OUT, help="a folder for results")
    return study.run(parser, arguments, run)


def run(options: argparse.Namespace) -> None:
    """Train from files to the students' weights and records in ``options.out``.

    Raises ModelError where PyTorch, or the device that it is to run on, is missing.
    """
    recipe = Recipe(batch=256, averaging=0.998, distillation=0.9, limit=options.limit)
    try:
        import torch
    except ImportError as error:
        raise ModelError(
            "PyTorch is not installed. "
            "`pip install -r models/train/study/requirements.txt` brings it."
        ) from error
    from models.train.study.gpu.learners import Learner
    from models.train.study.gpu.network import keras_weights
    from models.train.study.gpu.teaching import losses, train

    if options.device == "cuda" and not torch.cuda.is_available():
        raise ModelError("PyTorch finds no GPU. `--device cpu` tries the same, slowly.")
    torch.backends.cudnn.benchmark = True
    options.out.mkdir(parents=True, exist_ok=True)
    data, pools, drawings = batches.prepare(
        options.data,
        options.strokes,
        validation=recipe.validation,
        seed=recipe.seed,
        limit=recipe.limit,
    )
    checks = validation.checks(data)

    def learners(shapes: Sequence[Blocks], first_seed: int) -> list[Learner]:
        seeds = range(first_seed, first_seed + len(shapes))
        return [
            Learner(blocks, seed=seed, decay=recipe.decay, device=options.device)
            for blocks, seed in zip(shapes, seeds, strict=True)
        ]

    teachers = learners(options.teachers, 100)
    if teachers:
        teaching = replace(recipe, epochs=options.teacher_epochs, seed=51)
        train(teachers, [], pools, teaching, checks, workers=options.workers)
    students = learners(options.students, 1)
    learning = replace(recipe, epochs=options.student_epochs)
    train(students, teachers, pools, learning, checks, workers=options.workers)
    losses_by_seed = {each.seed: losses(each, checks) for each in students}
    for each in students:
        record = {
            "recipe": asdict(learning) | {"blocks": each.blocks},
            "seed": each.seed,  # the recipe's is the one that chose the data
            "losses": losses_by_seed[each.seed],
            "pen_drawings": drawings,
            "teachers": [
                {"blocks": one.blocks, "seed": one.seed, "epochs": options.teacher_epochs}
                for one in teachers
            ],
        }
        path = options.out / f"student{each.seed}"
        np.savez_compressed(path.with_suffix(".npz"), *keras_weights(each.average))
        path.with_suffix(".json").write_text(json.dumps(record, indent=2) + "\n", "utf-8")
    for seed, loss in losses_by_seed.items():
        print(f"student {seed}: loss " + ", ".join(f"{loss[name]:.5f} {name}" for name in loss))
    best = min(losses_by_seed, key=lambda seed: sum(losses_by_seed[seed].values()))
    print(f"Take student {best}: python -m models.train --weights {options.out}/student{best}.npz")


if __name__ == "__main__":
    sys.exit(main())
