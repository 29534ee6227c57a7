"""A small network of digits, and lanes of it with faults that real digits do not show."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cache
from typing import Any

import numpy as np

from models.dataset import default_digits, samples
from models.formats.manifest import Manifest
from models.formats.tensors import Tensors
from models.parity.judgement import ByRule
from models.verify.hunt import climb as climbing
from models.verify.hunt import space
from models.verify.hunt.climb import Climbed
from models.verify.hunt.measure import Measure, Scored
from models.verify.hunt.slopes import Slopes
from models.verify.hunt.space import Limits, Space

MANIFEST = Manifest("small", "Small", tuple("0123456789"), {}, {})
BOUND = 3e-5
UNITS = 24
RARE, BUSY, LARGE = 0, 1, 2  # units: one that sleeps, one that is clipped, one that overflows
LARGEST = 65_504.0  # of float16

Hidden = Callable[[np.ndarray], np.ndarray]


@dataclass(frozen=True, eq=False)
class Network:
    """A hidden layer with ``relu``, and a softmax."""

    first: np.ndarray
    bias: np.ndarray
    last: np.ndarray

    def answers(
        self, tensors: Tensors, hidden: Hidden = lambda each: each, kind: Any = "f8"
    ) -> Any:
        """Probabilities, computed in floats of ``kind``."""
        pixels = tensors[0].reshape(len(tensors[0]), -1).astype(kind)
        before = pixels @ self.first.astype(kind) + self.bias.astype(kind)
        logits = hidden(np.maximum(before, 0)) @ self.last.astype(kind)
        with np.errstate(invalid="ignore"):
            powers = np.exp(logits - logits.max(axis=1, keepdims=True))
            return (powers / powers.sum(axis=1, keepdims=True),)

    def in_keras(self) -> Any:
        from tf_keras import Sequential, layers

        model = Sequential(
            [
                layers.Input((28, 28, 1)),
                layers.Flatten(),
                layers.Dense(UNITS, activation="relu", name="hidden"),
                layers.Dense(10, activation="softmax", use_bias=False, name="answers"),
            ]
        )
        model.set_weights([each.astype(np.float32) for each in (self.first, self.bias, self.last)])
        return model


@cache
def ground() -> Space:
    """Around a thousand digits."""
    digits = default_digits.digits(1_000)
    return space.of(MANIFEST, samples.of_pictures(digits, MANIFEST.pictures()), Limits())


@cache
def network() -> Network:
    """No digit wakes ``RARE``; none makes ``LARGE`` larger than float16 can be."""
    random = np.random.default_rng(5)
    first = random.normal(size=(784, UNITS)) * 0.1
    made = Network(first, np.zeros(UNITS), random.normal(size=(UNITS, 10)) * 0.7)
    most = real_hidden(made).max(axis=0)
    bias, last = made.bias.copy(), made.last.copy()
    bias[RARE] = -1.1 * (ground().real[0].reshape(-1, 784) @ first[:, RARE]).max()
    first[:, LARGE] *= 0.97 * LARGEST / most[LARGE]
    last[LARGE] *= most[LARGE] / LARGEST
    return Network(first, bias, last)


def real_hidden(made: Network) -> np.ndarray:
    """What the hidden layer gives for the digits."""
    return np.maximum(ground().real[0].reshape(-1, 784) @ made.first + made.bias, 0)


def asked(lane: Callable[[Tensors], Tensors], bound: float = BOUND) -> climbing.Ask:
    """How far the lane is from exact."""
    measure = Measure([ByRule("softmax", bound)], "probabilities")

    def ask(tensors: Tensors) -> Scored:
        return measure.scored(network().answers(tensors), lane(tensors))

    return ask


@cache
def slopes() -> Slopes:
    return Slopes(network().in_keras(), ground().real)


def hunted(
    ask: climbing.Ask,
    *,
    steps: int = 30,
    seed: int = 0,
    blind: bool = False,
    at: Space | None = None,
) -> Climbed:
    """What a climb of so many steps finds."""
    return climbing.climb(
        at or ground(),
        ask,
        None if blind else slopes(),
        count=128,
        seed=seed,
        go_on=lambda step: step < steps,
    )


def a_rare_weight(tensors: Tensors) -> Tensors:
    """A weight behind a unit that no digit wakes is another."""
    last = network().last.copy()
    last[RARE] *= 1.5
    return replace(network(), last=last).answers(tensors)  # type: ignore[no-any-return]


def a_clip(tensors: Tensors) -> Tensors:
    """A unit ends a little above the most that a digit makes it."""
    most = np.full(UNITS, np.inf)
    most[BUSY] = 1.02 * real_hidden(network())[:, BUSY].max()
    return network().answers(tensors, lambda each: np.minimum(each, most))  # type: ignore[no-any-return]


def an_overflow(tensors: Tensors) -> Tensors:
    """What is larger than float16 can be has no end, so the answer is NaN."""
    over = lambda each: np.where(each > LARGEST, np.inf, each)  # noqa: E731
    return network().answers(tensors, over)  # type: ignore[no-any-return]


def in_float32(tensors: Tensors) -> Tensors:
    """No fault: rounding."""
    return network().answers(tensors, kind="f4")  # type: ignore[no-any-return]


def in_uint8(tensors: Tensors) -> Tensors:
    """Weights in 255 steps."""
    made = network()
    return replace(  # type: ignore[no-any-return]
        made, first=_in_steps(made.first), last=_in_steps(made.last)
    ).answers(tensors)


def _in_steps(weights: np.ndarray) -> np.ndarray:
    """Each unit's weights in steps of its own."""
    step = np.abs(weights).max(axis=0) / 127
    return np.rint(weights / step) * step
