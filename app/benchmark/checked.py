"""What a version's answers were, of all the predictions that a benchmark timed."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

from app.frontend import report_values

MAX_ANSWERS = 1_000_000


@dataclass(frozen=True)
class Checked:
    """How many of a version's predictions were looked at, and how many of them were wrong.

    A prediction is wrong if the answer to any picture of its batch differs from the reference's by
    more than the model's bound. ``nan`` counts those of them that hold NaN or infinity.
    ``first_wrong`` counts from 0 on, in the order of predicting; 0 is the first after loading.
    ``worst`` is the largest distance of the others from the reference, in the bound's measure.
    """

    answers: int = 0
    wrong: int = 0
    nan: int = 0
    first_wrong: int | None = None
    worst: float | None = None

    def then(self, later: Checked) -> Checked:
        """The same with what was counted of ``later`` predictions."""
        first = self.first_wrong
        if first is None and later.first_wrong is not None:
            first = self.answers + later.first_wrong
        far = [each for each in (self.worst, later.worst) if each is not None]
        return Checked(
            self.answers + later.answers,
            self.wrong + later.wrong,
            self.nan + later.nan,
            first,
            max(far, default=None),
        )


def parse(raw: Any) -> Checked | None:
    """Check every value. Raises KeyError, TypeError or ValueError for others than ``Checked``'s."""
    if raw is None:
        return None
    answers, wrong, nan = (report_values.count(raw[key]) for key in ("answers", "wrong", "nan"))
    first, worst = raw["first_wrong"], raw["worst"]
    if not nan <= wrong <= answers <= MAX_ANSWERS:
        raise ValueError("more answers are wrong than there are")
    if (first is None) != (wrong == 0) or (
        first is not None and report_values.count(first) >= answers
    ):
        raise ValueError("the first wrong answer is none of the wrong ones")
    return Checked(answers, wrong, nan, first, None if worst is None else _distance(worst))


def _distance(raw: Any) -> float:
    if isinstance(raw, bool) or not isinstance(raw, int | float):
        raise ValueError(f"a distance is {type(raw).__name__} where a number is expected")
    if not (math.isfinite(raw) and raw >= 0):
        raise ValueError("a distance is not a number of 0 or more")
    return float(raw)
