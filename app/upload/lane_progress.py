"""The progress of one lane through a test set."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from models.formats import model_output
from models.formats.model_output import AnswerKind
from models.lanes import Lane, Probabilities
from models.parity.scores import Scores


@dataclass
class Progress:
    """``answers`` (images, outputs) is what the model gives, of this ``kind``, and
    ``probabilities`` (images, classes) what pages show of it: float32, NaN where nothing was
    answered yet; the same array where the model gives just that. ``seconds`` is the time spent
    predicting; ``begun`` and ``ended`` are clock readings.
    """

    lane: Lane
    answers: NDArray[np.float32]
    probabilities: Probabilities
    kind: AnswerKind = "probabilities"
    done: int = 0
    seconds: float = 0.0
    begun: float | None = None
    ended: float | None = None
    error: str | None = None

    @classmethod
    def blank(cls, lane: Lane, images: int, outputs: int, kind: AnswerKind) -> Progress:
        """A lane that has answered nothing."""
        answers = np.full((images, outputs), np.nan, np.float32)
        if not converts(kind, outputs):
            return cls(lane, answers, answers, kind)
        shown = np.full((images, model_output.classes(kind, outputs)), np.nan, np.float32)
        return cls(lane, answers, shown, kind)

    def keep(self, start: int, values: NDArray[np.float32], shown: Probabilities) -> None:
        """Keep what the model gave from image ``start`` on, and what pages show of that."""
        self.answers[start : start + len(values)] = values
        if self.probabilities is not self.answers:
            self.probabilities[start : start + len(values)] = shown
        self.done += len(values)

    @property
    def scores(self) -> Scores:
        """What the lane has answered so far."""
        own = None if self.probabilities is self.answers else self.answers
        return Scores(self.lane, self.probabilities, self.seconds, self.error, own)

    @property
    def total(self) -> int:
        return len(self.probabilities)

    @property
    def finished(self) -> bool:
        return self.error is not None or self.done == self.total

    def seconds_left(self, now: float) -> float | None:
        """Seconds that the rest takes at the pace so far; None before the first batch."""
        if self.begun is None or not self.done:
            return None
        return (now - self.begun) / self.done * (self.total - self.done)


def converts(kind: AnswerKind, outputs: int) -> bool:
    """Whether pages show something else than what the model gives."""
    return kind == "logits" or (kind == "sigmoid" and outputs == 1)
