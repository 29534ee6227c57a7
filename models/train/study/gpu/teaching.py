"""Train epoch by epoch: the processor augments the pictures, the GPU trains."""

from __future__ import annotations

import time
from collections.abc import Sequence
from typing import Any

import numpy as np
import torch
from torch.utils.data import DataLoader, Dataset

from models.train import batches
from models.train.study.gpu.learners import Learner, Together
from models.train.study.gpu.network import predict
from models.train.study.validation import Checks, loss
from models.train.trainer import Recipe, kept, learning_rate


class Epochs(Dataset[tuple[Any, Any]]):
    """One epoch's pictures (n, 28, 28) as bytes and goals (n, 10), by its number."""

    def __init__(self, pools: Sequence[batches.Pool], recipe: Recipe) -> None:
        self._pools, self._recipe = pools, recipe

    def __len__(self) -> int:
        return self._recipe.epochs

    def __getitem__(self, number: int) -> tuple[Any, Any]:
        recipe = self._recipe
        seed = recipe.epoch_seed(number)
        epoch = batches.epoch(self._pools, recipe.batch, seed, smoothing=recipe.smoothing)
        pairs = [(np.rint(x[..., 0] * 255).astype(np.uint8), goals) for x, goals in epoch]
        return tuple(torch.from_numpy(np.concatenate(each)) for each in zip(*pairs, strict=True))


def train(
    learners: Sequence[Learner],
    teachers: Sequence[Learner],
    pools: Sequence[batches.Pool],
    recipe: Recipe,
    checks: Checks,
    *,
    workers: int,
) -> None:
    """Train every learner for ``recipe.epochs`` epochs, and print their errors about ten times."""
    together = Together(learners, teachers, share=recipe.distillation, batch=recipe.batch)
    steps = recipe.epochs * (sum(pool.each_epoch for pool in pools) // recipe.batch)
    number, began = 0, time.perf_counter()
    for epoch, (pictures, goals) in enumerate(
        DataLoader(Epochs(pools, recipe), batch_size=None, num_workers=workers), 1
    ):
        here = [part.to(learners[0].device) for part in (pictures, goals)]
        for batch, wanted in zip(*(part.split(recipe.batch) for part in here), strict=True):
            rate = learning_rate(recipe.rate, number, steps)
            together.step(batch, wanted, rate, kept(recipe.averaging, number))
            number += 1
        if epoch % max(1, recipe.epochs // 10) == 0 or epoch == recipe.epochs:
            errors = "  ".join(_errors(one, checks) for one in learners)
            spent = time.perf_counter() - began
            print(f"epoch {epoch}/{recipe.epochs}  {spent:.0f} s  errors {errors}", flush=True)


def _errors(learner: Learner, checks: Checks) -> str:
    wrong = [
        int((predict(learner.average, pictures).argmax(axis=1) != labels).sum())
        for pictures, labels in checks.values()
    ]
    return f"{learner.seed}: {'/'.join(map(str, wrong))}"


def losses(learner: Learner, checks: Checks) -> dict[str, float]:
    """The loss on each check, which tells networks apart that make equally many errors."""
    return {
        name: loss(predict(learner.average, pictures), labels)
        for name, (pictures, labels) in checks.items()
    }
