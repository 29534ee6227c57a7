"""Whether a model seems to take its pixels on another scale than it is given them on.

Nothing in a model's file says what it was trained on, and a wrong scale is a fault that every lane
shares: they agree on nonsense. So the answers on each sensible scale are compared, by how many are
right where there are labels, else by how they tell the inputs apart.

The thresholds are from 45 networks of digits, three trainings each of dense, convolutional,
normalised, tanh and linear ones for 10 classes, 2 and 1 output, and from 84 of pictures in colour
with 1 to 345 outputs, of softmax, sigmoid and logits. On their own scale, where the least telling
of those that had learned something told 0.22, none was doubted. On another, labels led to their
own in all but one of the 143 cases where that cost 5 % or more of the right answers.

Generated pictures tell less: 46 small dense networks that had learned to read digits told 0.05 or
more of them on their own scale, and less than 0.001 where that is 0 to 255 and they were given
another. Whether it is 0 to 1 or -1 to 1 they do not tell: 22 of 0 to 1 told 0.05 to 0.27 on their
own, and 0.10 to 0.57 on the other. Nor do real ones without labels, surely: 24 of -1 to 1 told 0.04
to 0.59 on 0 to 1, and those of 0 to 1 told 0.19 to 0.88 there.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from models.lanes import Probabilities
from models.parity.figures import percent
from models.parity.inputs.other_input import (
    LABELS,
    beyond_chance,
    is_clearly_better,
    is_doubtful,
    surely,
)

_DULL, _TELLING = 0.15, 0.2  # what answers tell of the inputs, as a share of all that they could
_DULL_TO_GENERATED = 0.02  # pictures that show nothing tell little on a model's own scale, too
_NOTHING = 1e-40  # the second best answer where a softmax is driven to its end: float32 rounds to 0
_AS_RIGHT = 0.05  # noise in a share of right answers to a few hundred inputs


@dataclass(frozen=True)
class Scale:
    """Pixels in [0, 1] times ``factor`` plus ``offset``."""

    factor: float
    offset: float = 0.0

    def __str__(self) -> str:
        least, most = self.offset, self.factor + self.offset
        return f"{least:g} to {most:g}".replace("-", "−")  # a minus

    @property
    def option(self) -> str:
        """As the command line takes it."""
        return f"{self.offset:g}..{self.factor + self.offset:g}"


SENSIBLE = (Scale(1.0), Scale(255.0), Scale(2.0, -1.0))


@dataclass(frozen=True, eq=False)
class Answered:
    """How a model answers on a scale.

    ``hits`` says of each labelled input whether it is read right, and ``right`` is the share of
    those, None without enough labels; ``telling`` is the information in its answers on
    the inputs as a share of the most that they could hold; ``sure`` the mean of its top answers,
    which are of ``classes`` classes; ``driven`` whether most others are rounded to 0. What tells
    less than ``dull`` tells too little of such inputs.
    """

    scale: Scale
    hits: NDArray[np.bool_]
    right: float | None
    telling: float
    sure: float
    classes: int
    driven: bool
    dull: float = _DULL

    @property
    def doubtful(self) -> bool:
        """Whether another scale could be better at all."""
        return is_doubtful(self.hits) or self.telling < self.dull or self.driven


@dataclass(frozen=True)
class Better:
    """The scale that a model was ``given``, one on which it answers ``better``, and ``others`` that
    may well be its own instead.
    """

    given: Answered
    better: Answered
    others: tuple[Answered, ...] = ()

    def sentence(self, again: str) -> str:
        """What was seen, and what to run: ``again`` is the command without its ``--range``."""
        given, better = self.given, self.better
        which = "the first" if self.others else "these"
        seen = (
            f"with {which} {_right(better)} of the labelled inputs are read right, with those "
            f"{_right(given)}"
            if (better.right or 0.0) > (given.right or 0.0) and _right(better) != _right(given)
            else f"with {which} its top answer has {percent(better.sure)} on average and is of "
            f"{_classes(better)}, with those {percent(given.sure)} and of {_classes(given)}"
        )
        others = "".join(f" or {each.scale}" for each in self.others)
        return (
            f"The model seems to take pixels from {better.scale}{others}, not from {given.scale}: "
            f"{seen}. Run: {again} --range {better.scale.option}"
            + "".join(f", or with --range {each.scale.option}" for each in self.others)
        )


def better(
    given: Scale,
    answers: Probabilities,
    labels: NDArray[np.integer[Any]] | None,
    ask: Callable[[Scale], Probabilities],
    *,
    generated: bool = False,
) -> Better | None:
    """The scale on which a model answers better than on ``given``; None where it answers well, or
    nowhere clearly better.

    ``answers`` (n, classes) are those on the given scale, ``ask`` gives those of the same inputs on
    another, and is called only where there is doubt. ``labels`` (n,) may be unknown, below 0, or
    None where they are not the model's classes. ``generated`` pictures show nothing that it knows.
    """
    now = _answered(given, answers, labels)
    if generated:
        now = replace(now, dull=_DULL_TO_GENERATED)
    if not now.doubtful:
        return None
    others = [_answered(each, ask(each), labels) for each in SENSIBLE if each != given]
    clear = [each for each in others if _clearly_better(each, now, answers.shape[1])]
    if not clear:
        return None
    best = max(clear, key=lambda each: (not each.driven, each.right or 0.0, each.telling))
    others = [each for each in clear if each is not best and not surely(best.hits, each.hits)]
    return Better(now, best, tuple(others))


def _clearly_better(other: Answered, now: Answered, outputs: int) -> bool:
    if other.right is not None and now.right is not None:
        if is_clearly_better(other.hits, now.hits, outputs):
            return True
        if other.right < now.right - _AS_RIGHT:
            return False
        if now.right >= beyond_chance(outputs) and not now.driven:
            return False  # the labels tell, and they tell of nothing better
    if other.driven or other.telling < _TELLING:
        return False
    return now.driven or (now.telling < now.dull and other.telling >= 2 * now.telling)


def _answered(
    scale: Scale, answers: Probabilities, labels: NDArray[np.integer[Any]] | None
) -> Answered:
    shares = _shares(np.asarray(answers, np.float64))
    top = shares.argmax(axis=1)
    known = np.zeros(len(top), bool) if labels is None else labels >= 0
    hits = np.zeros(0, bool) if labels is None else (top == labels)[known]
    most = np.log(max(min(shares.shape), 2))  # a few inputs cannot show all of many classes
    telling = (_entropy(shares.mean(axis=0)) - _entropy(shares).mean()) / most
    second = np.sort(shares, axis=1)[:, -2]
    return Answered(
        scale,
        hits,
        float(hits.mean()) if len(hits) >= LABELS else None,
        float(telling),
        float(shares.max(axis=1).mean()),
        len(np.unique(top)),
        bool(np.median(second) < _NOTHING),
    )


def _shares(values: NDArray[np.float64]) -> NDArray[np.float64]:
    """The answers as shares of 1: a sigmoid's two sides, a softmax of what are logits."""
    values = np.nan_to_num(values)
    if values.min() < 0 or values.max() > 1 + 1e-5:
        if values.shape[1] == 1:
            values = np.hstack([np.zeros_like(values), values])
        values = np.exp(values - values.max(axis=1, keepdims=True))
    elif values.shape[1] == 1:
        return np.hstack([1 - values, values])
    shares: NDArray[np.float64] = values / np.maximum(values.sum(axis=1, keepdims=True), 1e-30)
    return shares


def _entropy(shares: NDArray[np.float64]) -> Any:
    return -(shares * np.log(np.maximum(shares, 1e-300))).sum(axis=-1)


def _right(each: Answered) -> str:
    return percent(each.right or 0.0)


def _classes(each: Answered) -> str:
    return f"{each.classes} class{'' if each.classes == 1 else 'es'}"
