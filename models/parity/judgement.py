"""The judgement of one lane, by itself: whether it passed, and why not."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any, Literal, get_args

from numpy.typing import ArrayLike

from models.errors import InputError
from models.formats.manifest import Manifest
from models.lanes import Lane
from models.parity import agreement, rule
from models.parity.figures import share
from models.parity.rule import Head

Kind = Literal["passed", "differs", "cannot be judged", "cannot run", "not tried"]
KINDS: tuple[Kind, ...] = get_args(Kind)
Unit = Literal["class", "value"]  # what one number of an answer is
# Of the answers' scale: rounding that may be as much changes an answer completely, and any passes.
WHOLE = 1.0


@dataclass(frozen=True)
class Ran:
    """What ran a lane in a browser. ``renderer`` is what a graphics backend drew on, and
    ``software`` whether that was the processor; ``threads`` on how many WebAssembly computed.
    ``again`` is how far its answers to one input were from each other at most, among the first
    ``predictions``, and ``apart`` how far those one by one were from those to ``together`` inputs
    in one batch; None where nothing was asked twice. ``inputs`` is how many it answered.
    """

    browser: str
    inputs: int = 0
    renderer: str | None = None
    software: bool = False
    threads: int | None = None
    predictions: int = 0
    again: float | None = None
    together: int = 0
    apart: float | None = None


@dataclass(frozen=True)
class Judgement:
    """What is known of one lane.

    ``reason`` is a sentence for every kind but "passed". ``distance``, ``same_top`` and ``worst``
    (input, class) are there when the lane answered, ``bound`` is what the distance may be; NaN is
    a distance too. ``limit`` names a row of the known limits of TensorFlow.js. ``seconds`` is what
    the answers to ``inputs`` inputs took. ``by`` says what spoke: the answers, or the numbers in
    the files, or answers to what was asked again, where the answers alone would have passed.
    ``unit`` says what the second of ``worst`` is, and ``output`` which output of several it is in.
    ``ran`` is what ran it in a browser.
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
    by: Literal["answers", "numbers", "again"] = "answers"
    unit: Unit = "class"
    output: str = ""
    ran: Ran | None = None

    @property
    def place(self) -> str:
        """Where the distance is largest, in words; empty where there is none."""
        if self.worst is None:
            return ""
        where = f"input {self.worst[0]}, {self.unit} {self.worst[1]}"
        return f"{self.output}: {where}" if self.output else where


@dataclass(frozen=True)
class ByRule:
    """Judges by the distance from exact: a lane may be ``bound`` away from it, see ``rule``."""

    head: Head
    bound: float
    scale: float | None = None
    unit: Unit = "class"

    def judge(self, lane: Lane, base: ArrayLike, answers: ArrayLike) -> Judgement:
        """Compare a lane's answers (n, classes) with exact's, or with what stands in for them.

        Where rounding may change answers completely, one that passes cannot be judged.
        """
        try:
            apart = rule.distance(base, answers, self.head, scale=self.scale)
        except InputError as error:  # another number of classes
            return Judgement(lane, "differs", str(error))
        far = (apart.largest, self.bound, apart.same_top, apart.worst)
        judged = _judged(Judgement(lane, "passed", None, *far, unit=self.unit))
        if judged.kind == "passed" and self.decides_nothing:
            return replace(judged, kind="cannot be judged", reason=_unjudged(judged))
        return judged

    @property
    def decides_nothing(self) -> bool:
        """Whether rounding alone may change the answers completely."""
        return self.bound >= WHOLE


@dataclass(frozen=True)
class ByTolerance:
    """Judges by a tolerance that a person gave, on the differences from the reference."""

    atol: float
    rtol: float
    unit: Unit = "class"

    def judge(self, lane: Lane, base: ArrayLike, answers: ArrayLike) -> Judgement:
        """Compare a lane's answers (n, classes) with the reference's. ``distance`` is the smallest
        atol that would pass.
        """
        try:
            agreed = agreement.compare(base, answers, atol=self.atol, rtol=self.rtol)
        except InputError as error:
            return Judgement(lane, "differs", str(error))
        far = (agreed.smallest_atol, self.atol, agreed.same_top, agreed.worst)
        return _judged(Judgement(lane, "passed", None, *far, unit=self.unit))


Judge = ByRule | ByTolerance


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


def _judged(found: Judgement) -> Judgement:
    """The same, or "differs" where the distance is more than the bound."""
    distance, bound = found.distance or 0.0, found.bound or 0.0
    if distance <= bound:  # False for NaN
        return found
    reason = f"It is {share(distance)} off at {found.place}, where {share(bound)} may be rounding."
    if math.isnan(distance):
        reason = f"It gives NaN, first at {found.place}."
    return replace(found, kind="differs", reason=reason)


def _unjudged(found: Judgement) -> str:
    return (
        "The model is so sensitive that rounding alone may change its answers completely: it is "
        f"{share(found.distance or 0.0)} off, where {share(found.bound or 0.0)} of their scale may "
        "be rounding."
    )
