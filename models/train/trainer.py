"""Train step by step: a network, its optimizer, the average of its weights."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from models.errors import ModelError
from models.train.network import BLOCKS, Blocks

STATE = "state"


@dataclass(frozen=True)
class Recipe:
    """All settings that decide the result, besides the data."""

    epochs: int = 60
    seed: int = 1
    batch: int = 128
    rate: float = 3e-3
    decay: float = 2e-2  # weight decay, times the learning rate, a step
    smoothing: float = 0.02
    averaging: float = 0.999  # how much of the average each step keeps
    distillation: float = 0.7  # the teachers' share of the target, where there are teachers
    validation: int = 4_000
    blocks: Blocks = BLOCKS
    precision: str = "float32"  # or mixed_bfloat16: for a teacher, which does not ship
    limit: int | None = None  # train on this many pictures only, for a quick try

    def epoch_seed(self, number: int) -> int:
        """The seed of an epoch's randomness."""
        return self.seed * 10_007 + number


def learning_rate(peak: float, number: int, steps: int) -> float:
    """The rate of step ``number``: a warm-up over 1/50 of ``steps``, then a cosine to nearly 0."""
    warm = max(1, steps // 50)
    if number < warm:
        return peak * (number + 1) / warm
    progress = (number - warm) / max(1, steps - warm)
    return peak * 0.5 * (1 + math.cos(math.pi * min(1.0, progress))) + 1e-6


def kept(averaging: float, number: int) -> float:
    """The share of the average that step ``number`` keeps: less early on, to forget the start."""
    return min(averaging, (1 + number) / (10 + number))


class Trainer:
    """A network, its optimizer and the average of its weights; one file holds all three."""

    def __init__(self, recipe: Recipe, steps: int, teachers: Sequence[Any] = ()) -> None:
        import tensorflow as tf
        from tf_keras import optimizers, utils

        from models.train import network

        utils.set_random_seed(recipe.seed)
        self._recipe, self._steps, self._teachers = recipe, steps, tuple(teachers)
        self.network, self.average = (
            network.build(recipe.blocks, precision=recipe.precision) for _ in range(2)
        )
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
        """Load what ``save`` wrote. Raises ModelError when it is of another network."""
        try:
            self._state.read(str(out / STATE)).assert_existing_objects_matched()
        except Exception as error:  # TensorFlow raises many kinds
            raise ModelError(f"{out / STATE} cannot be resumed: {error}") from error

    def run(self, batches: Any, start: int) -> float:
        """Train for one epoch, from step ``start`` on; returns the mean loss."""
        losses = []
        for number, (pixels, goals) in enumerate(batches, start):
            rate = learning_rate(self._recipe.rate, number, self._steps)
            self._optimizer.learning_rate.assign(rate)
            keep = kept(self._recipe.averaging, number)
            losses.append(self._step(pixels, goals, np.float32(keep)))
        return float(np.mean([float(loss) for loss in losses]))

    def _one_step(self, pixels: Any, goals: Any, keep: Any) -> Any:
        import tensorflow as tf

        if self._teachers:
            taught = tf.add_n([each(pixels, training=False) for each in self._teachers])
            share = self._recipe.distillation
            goals = goals * (1 - share) + taught * (share / len(self._teachers))
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
