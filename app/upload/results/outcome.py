"""A set's result as the page shows it, whether it was just run or comes from a report."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Protocol

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from app.upload.results import downloads, frames, tables
from models.dataset import UNKNOWN, Dataset, Skipped
from models.digit.digit import SIZE, Digit
from models.formats.manifest import Manifest
from models.lanes import Lane
from models.parity import judgement, scores, set_verdict
from models.parity.scores import Scores
from models.parity.set_verdict import Seen


class Pictures(Protocol):
    """The pictures of a set, by their places in it."""

    def png(self, place: int, most: int | None = None) -> bytes | None:
        """The picture, at most ``most`` pixels a side; None where a report does not hold it."""

    def digit(self, place: int) -> Digit | None:
        """The picture for a link to the Draw page, which carries those of 28×28 alone."""

    def differences(self, place: int) -> Mapping[Lane, float]:
        """How far each lane is from the reference on it, of those that can be compared."""


@dataclass(frozen=True, eq=False)
class Outcome:
    """``classes`` are all different; ``sure`` has the probability (n,) of what each lane read, NaN
    where it has not; ``apart`` (n,) the largest difference between any two lanes. ``compared`` says
    what differences are of. ``title`` is the model's; ``key`` tells the outcome from others.
    """

    key: str
    title: str
    seen: Seen
    names: Sequence[str]
    classes: tuple[str, ...]
    sure: Sequence[NDArray[np.float32]]
    apart: NDArray[np.float32]
    versions: pd.DataFrame
    pairs: pd.DataFrame
    differences: pd.DataFrame
    compared: str
    skipped: Sequence[Skipped]
    pictures: Pictures

    @property
    def lanes(self) -> list[Lane]:
        """Every lane, those that failed too."""
        return [each.lane for each in self.seen.read]

    @property
    def labelled(self) -> bool:
        """Whether any picture has a label."""
        return bool((self.seen.labels != UNKNOWN).any())

    @cached_property
    def images(self) -> pd.DataFrame:
        """The frame of ``frames.images``, of the lanes that answered."""
        answered = [at for at, each in enumerate(self.seen.read) if each.done.any()]
        return frames.images_of(
            names=self.names,
            labels=self.seen.labels,
            read=[self.seen.read[at] for at in answered],
            sure=[self.sure[at] for at in answered],
            apart=self.apart,
            classes=self.classes,
        )


def of_run(data: Dataset, lane_scores: Sequence[Scores], manifest: Manifest, key: str) -> Outcome:
    """The outcome of a run that has ended."""
    judge, reference = judgement.stored(manifest), manifest.reference
    answered = [each for each in lane_scores if each.done.any()]
    seen = set_verdict.seen(lane_scores, data.labels, reference, judge, left_out(data.skipped))
    return Outcome(
        key=key,
        title=manifest.title,
        seen=seen,
        names=data.names,
        classes=frames.distinct(manifest.classes),
        sure=[each.probabilities.max(axis=1) for each in lane_scores],
        apart=scores.largest_differences(lane_scores),
        versions=frames.lanes(data, lane_scores, manifest),
        pairs=frames.pairs(answered),
        differences=frames.differences(answered, reference),
        compared=tables.what_is_compared(manifest),
        skipped=data.skipped,
        pictures=OfRun(data, lane_scores, reference),
    )


def left_out(skipped: Sequence[Skipped]) -> int:
    """How many files were left out: labels that are no class are said apart."""
    return sum(type(each) is Skipped for each in skipped)


@dataclass(frozen=True, eq=False)
class OfRun:
    """The pictures of a set that was read, with all answers to them."""

    data: Dataset
    lane_scores: Sequence[Scores]
    reference: Lane

    def png(self, place: int, most: int | None = None) -> bytes | None:
        return downloads.png(self.data.stored[place], most)

    def digit(self, place: int) -> Digit | None:
        is_digit = self.data.stored.shape[1:] == (SIZE, SIZE)
        return self.data.digit(place) if is_digit else None

    def differences(self, place: int) -> Mapping[Lane, float]:
        return downloads.differences_at(self.lane_scores, self.reference, place)
