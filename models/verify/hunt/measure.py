"""How far apart two lanes' answers to candidates are, and whether they change the top class."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from models.formats import model_output
from models.formats.model_output import AnswerKind
from models.formats.tensors import Tensors
from models.parity import rule
from models.parity.judgement import ByRule

Scores = NDArray[np.float64]


class Scored(NamedTuple):
    """Of n candidates: ``apart`` as a multiple of what may be rounding, infinite for NaN;
    ``distance``, a share of the scale, and ``bound`` of the output where that is; ``flips``: above
    0 where the top class changes, by how much both lanes mean it, below 0 by how much they lack.
    """

    apart: Scores
    distance: Scores
    bound: Scores
    flips: Scores


@dataclass(frozen=True)
class Measure:
    """``judges`` have the rule of each output, with its bound and, for values, its scale.

    ``answers`` is what the first output is; no top class changes where these are values.
    """

    judges: Sequence[ByRule]
    answers: AnswerKind

    def scored(self, one: Tensors, other: Tensors) -> Scored:
        """Compare the outputs of two lanes, n first. Raises InputError for other shapes."""
        apart = np.stack(
            [_apart(judge, *both) for judge, *both in zip(self.judges, one, other, strict=True)]
        )
        bounds = np.array([judge.bound for judge in self.judges])[:, None]
        worst = (apart / bounds).argmax(axis=0)
        distance = np.take_along_axis(apart, worst[None], axis=0)[0]
        bound = bounds[worst, 0]
        return Scored(distance / bound, distance, bound, self._flips(one[0], other[0]))

    def has_classes(self, first: NDArray[Any]) -> bool:
        """Whether the ``first`` output of a lane has a class's answer in each of its columns."""
        return self.answers != "values" and first.ndim == 2

    def _flips(self, one: NDArray[Any], other: NDArray[Any]) -> Scores:
        """In natural logarithms of probabilities: how much each lane prefers its own top class to
        the other's.
        """
        if not self.has_classes(one):
            return np.full(len(one), -np.inf)
        first, second = (logarithms(each, self.answers) for each in (one, other))
        if first.shape[1] < 2:
            return np.full(len(one), -np.inf)
        rows, top = np.arange(len(first)), first.argmax(axis=1)
        own = first[rows, top]
        left = np.where(np.arange(first.shape[1]) == top[:, None], -np.inf, second)
        rival = left.argmax(axis=1)
        lacks = second[rows, rival] - second[rows, top]
        means = np.minimum(own - first[rows, rival], lacks)
        flips: Scores = np.where(lacks > 0, means, lacks)
        return np.where(np.isfinite(flips), flips, -np.inf)


def logarithms(answers: NDArray[Any], kind: AnswerKind) -> Scores:
    """Of the probabilities (n, classes)."""
    shown = answers if kind == "probabilities" else model_output.probabilities(answers, kind)
    return np.log(np.maximum(np.asarray(shown, np.float64), rule.BELOW))


def _apart(judge: ByRule, one: NDArray[Any], other: NDArray[Any]) -> Scores:
    """The largest distance of each input, as a share of the scale; of values their own, where it is
    larger than that of the real inputs. Where neither lane gives numbers, there is none.
    """
    base, values = rule.rows(one), rule.rows(other)
    shares = rule.shares(base, values, judge.head, scale=judge.scale).max(axis=1)
    if judge.head == "values" and judge.scale:
        shares *= judge.scale / np.maximum(judge.scale, np.abs(base).max(axis=1))
    largest: Scores = shares.reshape(len(one), -1).max(axis=1)
    broken = [~np.isfinite(each).reshape(len(each), -1).all(axis=1) for each in (one, other)]
    return np.where(broken[0] & broken[1], 0.0, np.where(np.isnan(largest), np.inf, largest))
