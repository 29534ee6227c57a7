"""Whether a model reads labelled pictures clearly better when they become its input otherwise.

In another order of colours, made to fit otherwise, framed otherwise: each is a fault that all lanes
share, so they agree on it. It is said where chance cannot explain the difference; without labels
nothing tells.

Tried on small dense networks that were trained on coloured, displaced and stretched digits, 256
labelled pictures each: of 417 that were given their own way none was doubted. Given another one, of
those that it cost 5 % or more of the right answers, their own was named for 93 of 101 (order), 354
of 364 (fit, and another for one) and 18 of 27 (framing).
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from models.formats.model_input import FITS, Input
from models.parity.figures import percent

Hits = NDArray[np.bool_]  # of labelled inputs, whether each is read right

MOST = 256  # inputs: enough to tell, and a moment's work
LABELS = 20  # fewer are no measure
RIGHT_ENOUGH = 0.95  # a share of right answers that nothing else could beat by CLEARLY
CLEARLY = 0.05  # how much more has to be right, and by how many standard errors
_ERRORS = 3.0
_LEARNED = 0.25  # a share of right answers that chance does not give, of many classes

_WORDS = {
    "rgb": "colours as red, green, blue",
    "bgr": "colours as blue, green, red",
    "stretch": "pictures stretched to its size",
    "cover": "the middle of pictures",
    "contain": "whole pictures with a margin",
    "mnist": "ink framed as MNIST frames digits",
    "none": "pictures as they are, framed by nothing",
}


@dataclass(frozen=True)
class Way:
    """An ``input`` that differs from another by one option alone."""

    input: Input
    option: str
    value: str

    def sentence(self, given: Input, hits: Hits, now: Hits, again: str) -> str:
        """What was seen of ``given``, and what to run: ``again`` is the command of now."""
        taken = getattr(given, self.option)
        return (
            f"The model seems to take {_WORDS[self.value]}, not {_WORDS[taken]}: so "
            f"{percent(float(hits.mean()))} of {len(hits)} labelled inputs are read right, and "
            f"{percent(float(now.mean()))} as it is. Run: {again} --{self.option} {self.value}"
        )


def ways(given: Input) -> Iterator[Way]:
    """The inputs that differ from ``given`` by its order, its fit or its framing."""
    if given.channels > 1:
        yield _way(given, "order", "bgr" if given.order == "rgb" else "rgb")
    if (given.channels, given.size) == (1, (28, 28)):
        yield _way(given, "framing", "mnist" if given.framing == "none" else "none")
    if given.framing == "none":
        for fit in FITS:
            if fit != given.fit:
                yield _way(given, "fit", fit)


def is_doubtful(now: Hits) -> bool:
    """Whether anything could be clearly better."""
    return len(now) >= LABELS and bool(now.mean() < RIGHT_ENOUGH)


def is_clearly_better(other: Hits, now: Hits, outputs: int) -> bool:
    """Whether ``other`` reads more of the same inputs right, and a model that has learned to tell
    ``outputs`` classes apart would.
    """
    least = max(float(now.mean()) + CLEARLY, beyond_chance(outputs))
    return is_doubtful(now) and bool(other.mean() >= least) and surely(other, now)


def beyond_chance(outputs: int) -> float:
    """The least share of right answers that tells of learning."""
    return max(1.4 / max(outputs, 2), _LEARNED)


def surely(other: Hits, now: Hits) -> bool:
    """Whether chance cannot explain how many more are right: of inputs that only one reads right,
    half would be the other's (McNemar's test).
    """
    apart = int((other != now).sum())
    more = int(other.sum()) - int(now.sum())
    return more > 0 and more >= _ERRORS * math.sqrt(apart)


def _way(given: Input, option: str, value: str) -> Way:
    changed: dict[str, Any] = {option: value}
    return Way(replace(given, **changed), option, value)
