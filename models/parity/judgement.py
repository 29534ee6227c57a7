"""The judgement of one lane, by itself: passed, differs, cannot run, or not tried, and why."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal, get_args

from numpy.typing import ArrayLike

from models.errors import InputError
from models.formats.manifest import Manifest
from models.lanes import Lane
from models.parity import agreement, rule
from models.parity.figures import share
from models.parity.rule import Head

Kind = Literal["passed", "differs", "cannot run", "not tried"]
KINDS: tuple[Kind, ...] = get_args(Kind)


@dataclass(frozen=True)
class Judgement:
    """What is known of one lane.

    ``reason`` is a sentence for every kind but "passed". ``distance``, ``same_top`` and ``worst``
    (input, class) are there when the lane answered, ``bound`` is what the distance may be; NaN is
    a distance too. ``limit`` names a row of the known limits of TensorFlow.js. ``seconds`` is what
    the answers to ``inputs`` inputs took. ``by`` says what spoke: the answers, or the numbers in
    the files, where the answers alone would have passed.
    """

    lane: Lane
    kind: Kind
    reason: str | None = None
    distance: float | None = None
    bound: float | None = None
    same_top: float | None = None
    worst: tuple[int, int] | None = None
    limit: str | None = None
    seconds: float = 0.0
    inputs: int = 0
    by: Literal["answers", "numbers"] = "answers"


@dataclass(frozen=True)
class ByRule:
    """Judges by the distance from exact: a lane may be ``bound`` away from it, see ``rule``."""

    head: Head
    bound: float
    scale: float | None = None

    def judge(self, lane: Lane, base: ArrayLike, answers: ArrayLike) -> Judgement:
        """Compare a lane's answers (n, classes) with exact's, or with what stands in for them."""
        try:
            apart = rule.distance(base, answers, self.head, scale=self.scale)
        except InputError as error:  # another number of classes
            return Judgement(lane, "differs", str(error))
        return _judged(lane, apart.largest, self.bound, apart.same_top, apart.worst)


@dataclass(frozen=True)
class ByTolerance:
    """Judges by a tolerance that a person gave, on the differences from the reference."""

    atol: float
    rtol: float

    def judge(self, lane: Lane, base: ArrayLike, answers: ArrayLike) -> Judgement:
        """Compare a lane's answers (n, classes) with the reference's. ``distance`` is the smallest
        atol that would pass.
        """
        try:
            agreed = agreement.compare(base, answers, atol=self.atol, rtol=self.rtol)
        except InputError as error:
            return Judgement(lane, "differs", str(error))
        return _judged(lane, agreed.smallest_atol, self.atol, agreed.same_top, agreed.worst)


Judge = ByRule | ByTolerance


def of_outputs(
    lane: Lane,
    judges: Sequence[Judge],
    names: Sequence[str],
    base: Sequence[ArrayLike],
    answers: Sequence[ArrayLike],
) -> Judgement:
    """Judge all outputs of a lane, each by its own rule: the lane is as its worst output.

    Each array has a row for each input. Of an output with more dimensions, such as one answer for
    each word, every row along the last one is compared by itself. A model of several outputs names
    the one that the reason is about.
    """
    if len(base) != len(answers):
        return Judgement(lane, "differs", f"It has {len(answers)} outputs, not {len(base)}.")
    found = [
        _whole(judge.judge(lane, rule.rows(one), rule.rows(other)), rule.rows_of_one(one))
        for judge, one, other in zip(judges, base, answers, strict=True)
    ]
    at = max(range(len(found)), key=lambda each: _beyond(found[each]))
    worst = found[at]
    if len(found) > 1 and worst.reason is not None:
        return replace(worst, reason=f"Output {names[at]}: {worst.reason}")
    return worst


def _whole(each: Judgement, rows: int) -> Judgement:
    """The same, with the input in place of the row in it."""
    worst = each.worst and (each.worst[0] // rows, each.worst[1])
    return replace(each, worst=worst)


def _beyond(each: Judgement) -> float:
    """How bad a judgement is: no distance at all, NaN, or a multiple of what it may be."""
    if each.distance is None or math.isnan(each.distance):
        return math.inf
    return each.distance / each.bound if each.bound else each.distance * 1e30


FIXED = ByTolerance(agreement.ATOL, agreement.RTOL)


def stored(manifest: Manifest) -> Judge:
    """How a page judges, which has no exact arithmetic: lanes are compared with the reference, by
    the bound in the manifest, or by ``FIXED`` where an older version wrote it.
    """
    if (bound := manifest.rounding) is None:
        return FIXED
    return ByRule(bound.head, bound.bound, bound.scale)


def allowed(judge: Judge) -> float:
    """How far apart answers may be."""
    return judge.bound if isinstance(judge, ByRule) else judge.atol


def cannot_run(lane: Lane, reason: str) -> Judgement:
    """A lane that was asked and has no answer."""
    return Judgement(lane, "cannot run", reason)


def not_a_number(lane: Lane, judge: Judge) -> Judgement:
    """A lane whose answers hold NaN, or numbers without an end, where nobody kept them."""
    return Judgement(lane, "differs", "It gives NaN.", math.nan, allowed(judge))


def not_tried(lane: Lane, reason: str) -> Judgement:
    """A lane that was not asked."""
    return Judgement(lane, "not tried", reason)


def as_json(judge: Judge, judged: Iterable[Judgement]) -> dict[str, Any]:
    """How lanes were judged and how each was, as JSON values; NaN and infinity become null."""
    return {
        "rule": judge.head if isinstance(judge, ByRule) else "fixed tolerance",
        "bound": allowed(judge),
        "lanes": [
            {
                "lane": str(each.lane),
                "judgement": each.kind,
                "distance": None
                if each.distance is None or not math.isfinite(each.distance)
                else each.distance,
            }
            for each in judged
        ],
    }


def _judged(
    lane: Lane, distance: float, bound: float, same_top: float, worst: tuple[int, int]
) -> Judgement:
    passed = distance <= bound  # False for NaN
    reason = None if passed else _difference(distance, bound, worst)
    return Judgement(
        lane, "passed" if passed else "differs", reason, distance, bound, same_top, worst
    )


def _difference(distance: float, bound: float, worst: tuple[int, int]) -> str:
    place = f"input {worst[0]}, class {worst[1]}"
    if math.isnan(distance):
        return f"It gives NaN, first at {place}."
    return f"It is {share(distance)} off at {place}, where {share(bound)} may be rounding."
