"""How far lanes are from the reference, judged and in a sentence."""

from __future__ import annotations

import math
from collections.abc import Sequence

from models.lanes import Lane, LaneResult
from models.parity import judgement
from models.parity.figures import plain
from models.parity.judgement import ByRule, Judge, Judgement

NO_BOUND = "this model was added before bounds were derived; adding it anew derives its own."


def compared(results: Sequence[LaneResult], reference: Lane, judge: Judge) -> list[Judgement]:
    """Every other lane that answered, compared with the reference, or with the first that answered
    where the reference has not.
    """
    found = {each.lane: each.judged for each in results if each.judged is not None}
    if not found:
        return []
    base = found.pop(reference if reference in found else next(iter(found)))
    return [judge.judge(lane, base[None], values[None]) for lane, values in found.items()]


def farthest(judged: Sequence[Judgement]) -> float | None:
    """The largest distance, NaN before any; None for none."""
    distances = [each.distance for each in judged if each.distance is not None]
    return max(distances, key=lambda each: math.inf if math.isnan(each) else each, default=None)


def difference(worst: float, judge: Judge, who: str = "They differ") -> str:
    """How far lanes are from the reference, and how much of that rounding explains."""
    if worst == 0:
        return "Their answers do not differ."
    if math.isnan(worst):
        return "NaN is no rounding."
    passed, allowed = worst <= judgement.allowed(judge), plain(judgement.allowed(judge))
    far = f"{who} by {'at most' if passed else 'up to'} {plain(worst)}"
    if isinstance(judge, ByRule):
        explained = "up to" if passed else "no more than"
        return f"{far}. Rounding alone explains {explained} {allowed}."
    return f"{far}, {'within' if passed else 'above'} the fixed tolerance of {allowed}: {NO_BOUND}"
