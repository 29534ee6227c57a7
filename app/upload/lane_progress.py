"""The progress of one lane through a test set."""

from __future__ import annotations

from dataclasses import dataclass

from models.lanes import Lane, Probabilities


@dataclass
class Progress:
    """``probabilities`` has shape (images, classes), float32, and is NaN where nothing was answered
    yet. ``seconds`` is the time spent predicting; ``begun`` and ``ended`` are clock readings.
    """

    lane: Lane
    probabilities: Probabilities
    done: int = 0
    seconds: float = 0.0
    begun: float | None = None
    ended: float | None = None
    error: str | None = None

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
