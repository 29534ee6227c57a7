"""The verdict on all lanes for one picture: the answer to the page's question, and its figures."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from models.lanes import REFERENCE, Lane, LaneResult, gives_nan, spoken, where
from models.parity.apart import compared, difference, farthest
from models.parity.judgement import FIXED, ByRule, Judge, Judgement

UNSURE_BELOW = 0.5

Kind = Literal["agree", "differ", "unsure", "waiting", "failed"]
_COUNTS = ("none", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")


@dataclass(frozen=True)
class Verdict:
    """``headline`` answers whether the conversion kept the model; ``detail`` has the figures."""

    kind: Kind
    headline: str
    detail: str


@dataclass(frozen=True)
class _Seen:
    """What is known of all lanes; ``judged`` are compared with ``base``, ``broken`` give NaN."""

    answered: Sequence[LaneResult]
    broken: Sequence[Lane]
    failed: Sequence[Lane]
    waiting: Sequence[Lane]
    judged: Sequence[Judgement]
    classes: Sequence[str]
    reference: Lane
    judge: Judge

    @property
    def differing(self) -> list[Lane]:
        return [each.lane for each in self.judged if each.kind == "differs"]

    @property
    def base(self) -> LaneResult:
        return next(
            (each for each in self.answered if each.lane == self.reference), self.answered[0]
        )

    @property
    def tops(self) -> list[int]:
        """The classes that are read, the base's first."""
        return list(dict.fromkeys(each.top or 0 for each in (self.base, *self.answered)))

    @property
    def is_coarse(self) -> bool:
        return isinstance(self.judge, ByRule) and self.judge.decides_nothing

    def spoken(self, lanes: Sequence[Lane]) -> str:
        return spoken(lanes, self.reference)


def verdict(
    results: Sequence[LaneResult],
    *,
    waiting: Sequence[Lane] = (),
    classes: Sequence[str] = tuple("0123456789"),
    reference: Lane = REFERENCE,
    judge: Judge = FIXED,
    thing: str = "digit",
) -> Verdict:
    """Judge the lanes that have answered so far; ``waiting`` have not yet.

    Each lane is compared with the reference, and ``judge`` says whether rounding explains how far
    it is; what is no number always differs. A picture is unsure when no lane gives any class
    ``UNSURE_BELOW`` or more. ``thing`` is what lanes are given.
    """
    answered = [result for result in results if result.probabilities is not None]
    broken = [result.lane for result in results if gives_nan(result.error)]
    failed = [each.lane for each in results if each.error is not None and each.lane not in broken]
    judged = compared(answered, reference, judge)
    seen = _Seen(answered, broken, failed, waiting, judged, classes, reference, judge)
    if not answered:
        if waiting:
            return Verdict("waiting", f"Reading your {thing} …", _left(seen))
        gives = "Every version gives NaN." if broken and not failed else "No version could answer."
        return Verdict("failed", gives, "Their rows say why.")
    if broken or seen.differing:
        headline = _nan(seen) if broken else _no(seen)
        advice = _cost(seen) or _advice(seen)
        return Verdict("differ", headline, _joined(_apart(seen), advice, _left(seen)))
    kind, headline = _yes(seen)
    return Verdict(kind, headline, _joined(_apart(seen), _alone(seen), _left(seen)))


def _cost(seen: _Seen) -> str:
    """What rounded weights differ by is their price; empty where none is rounded."""
    kinds = sorted({each.weights for each in seen.differing} - {"float32"})
    if not kinds:
        return ""
    return (
        f"That is what {' and '.join(kinds)} weights cost: no fault of the conversion as long as "
        "the weights as converted agree."
    )


def _yes(seen: _Seen) -> tuple[Kind, str]:
    """Nothing differs: agreement first, doubt second."""
    best = max(seen.answered, key=lambda result: result.confidence or 0.0)
    guess, sure = seen.classes[best.top or 0], f"{best.confidence or 0:.0%}".replace("%", " %")
    who, one = _who(seen), len(seen.answered) == 1
    read = " or ".join(seen.classes[top] for top in seen.tops)
    is_doubtful = True
    if seen.is_coarse:
        reads = "reads" if one else "read"
        said = f"{who} {reads} {read}, but this model rounds too coarsely to tell more."
    elif len(seen.tops) > 1:  # by less than rounding, so that none is wrong
        said = f"{who} agree on a tie: {read}, {sure} each."
    elif (best.confidence or 0.0) < UNSURE_BELOW:
        none = "is not sure" if one else "agree; none is sure"
        said = f"{who} {none} what this is: best guess {guess}, {sure}."
    else:
        is_doubtful = False
        said = f"{who} {'reads' if one else 'read'} {guess}."
    if seen.failed or seen.waiting:
        return "failed" if seen.failed else "waiting", said
    if seen.reference.format == "keras" and not seen.is_coarse:
        said = f"Yes. {said}"
    return "unsure" if is_doubtful else "agree", said


def _who(seen: _Seen) -> str:
    """All five, or how many of them."""
    known = len(seen.answered)
    total = known + len(seen.failed) + len(seen.waiting)
    if known == total:
        return "Both" if total == 2 else f"All {_count(total)}" if total > 2 else "The only one"
    return f"{_count(known).capitalize()} of {_count(total)}{' so far' if seen.waiting else ''}"


def _no(seen: _Seen) -> str:
    """Which lanes differ, and what they read where the original reads something else."""
    base = f"{seen.spoken([seen.base.lane])} reads {seen.classes[seen.base.top or 0]}"
    by_top: dict[int, list[Lane]] = {}
    for each in seen.answered:
        if each.lane in seen.differing:
            by_top.setdefault(each.top or 0, []).append(each.lane)
    others = {top: lanes for top, lanes in by_top.items() if top != seen.base.top}
    if not others:
        too = _does(seen.differing, seen, "reads", "read")
        return f"No: {too} {seen.classes[seen.base.top or 0]} too, but with other numbers."
    clauses = (
        f"{_does(lanes, seen, 'reads', 'read')} {seen.classes[top]}"
        for top, lanes in others.items()
    )
    return f"No: {' and '.join(clauses)} where {base}."


def _nan(seen: _Seen) -> str:
    gives = _does(seen.broken, seen, "gives", "give")
    others = f" where the others read {seen.classes[seen.tops[0]]}" if len(seen.tops) == 1 else ""
    return f"No: {gives} NaN{others}."


def _does(lanes: Sequence[Lane], seen: _Seen, one: str, several: str) -> str:
    models = {(lane.format, lane.weights) for lane in lanes}
    return f"{seen.spoken(lanes)} {one if len(models) == 1 else several}"


def _apart(seen: _Seen) -> str:
    """How far lanes are from the base: those that differ, or all."""
    worst = farthest(seen.judged)
    if seen.broken:
        worst = math.nan
    if worst is None:
        return ""
    who = {0: "They differ", 1: "It differs"}.get(len(seen.differing), "They differ")
    return difference(worst, seen.judge, who)


def _advice(seen: _Seen) -> str:
    """What to ship where something differs from the original."""
    if seen.base.lane != seen.reference:
        return ""
    known = {each.lane: each.kind != "differs" for each in seen.judged}
    asked = dict.fromkeys((*seen.broken, *seen.failed), False) | known
    in_browser = {lane: passed for lane, passed in asked.items() if lane.in_browser}
    passed = [lane.format for lane, is_good in in_browser.items() if is_good]
    if len(in_browser) > 1 and len(passed) == 1:
        return f"Ship the {passed[0]} model."
    # Else it is the browser that fails, not the formats.
    answered = any(lane in known or lane in seen.broken for lane in in_browser)
    return "Ship neither." if len(in_browser) > 1 and answered and not passed else ""


def _alone(seen: _Seen) -> str:
    """What agreement says where there is no original."""
    if seen.reference.format == "keras" or len(seen.answered) < 2:
        return ""
    several = len({each.lane.format for each in seen.answered}) > 1
    what = "its conversions with each other" if several else "one conversion in two places"
    return f"There is no original here: this compares {what}."


def _left(seen: _Seen) -> str:
    """Which lanes have yet to answer and which could not; empty for none."""
    said = []
    for place, loading in (("on the server", "TensorFlow"), ("in your browser", "TensorFlow.js")):
        lanes = [lane for lane in seen.waiting if where(lane) == place]
        if lanes and any(where(each.lane) == place for each in seen.answered):
            said.append(f"Still waiting for {seen.spoken(lanes)}.")
        elif lanes:
            said.append(f"{loading} is still loading {place}.")
    if seen.failed:
        rows = "its row says" if len(seen.failed) == 1 else "their rows say"
        said.append(f"No answer from {seen.spoken(seen.failed)}: {rows} why.")
    return " ".join(said)


def _count(number: int) -> str:
    return _COUNTS[number] if number < len(_COUNTS) else str(number)


def _joined(*sentences: str) -> str:
    return " ".join(filter(None, sentences))
