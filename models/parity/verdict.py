"""The verdict on all lanes for one digit: one sentence, and one of figures."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from models.lanes import CONVERTED, REFERENCE, Lane, LaneResult, Times, gives_nan
from models.parity import judgement
from models.parity.figures import milliseconds, share, short
from models.parity.judgement import FIXED, ByRule, Judge, Judgement
from models.parity.timing import Ratio, factor, median, median_if_any, ratio_interval

UNSURE_BELOW = 0.5
NO_BOUND = "this model was added before bounds were derived; adding it anew derives its own."
ENOUGH_TIMES = 8  # with fewer times of a lane nothing is said about which is faster
RESAMPLES = 400  # of a few dozen times: a millisecond or two of work

Kind = Literal["agree", "differ", "unsure", "waiting", "failed"]
_COUNTS = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")


@dataclass(frozen=True)
class Verdict:
    """``headline`` says what the lanes read and whether they agree; ``detail`` has the figures."""

    kind: Kind
    headline: str
    detail: str


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
    it is; what is no number always differs. A digit is unsure when no lane gives any class
    ``UNSURE_BELOW`` or more. ``thing`` is what lanes are given.
    """
    answered = [result for result in results if result.probabilities is not None]
    failed = [result.lane for result in results if result.error is not None]
    broken = [result.lane for result in results if gives_nan(result.error)]
    judged = compared(answered, reference, judge)
    said = [_apart(judged, judge), _cost(judged), _speed(answered, thing), missing(waiting, failed)]
    detail = " ".join(filter(None, said))
    if not answered:
        if waiting:
            return Verdict("waiting", f"Reading your {thing} …", missing(waiting, failed))
        return Verdict("failed", "No lane could answer.", missing(waiting, failed))
    tops = len({result.top for result in answered})
    digit = classes[answered[0].top or 0]
    if broken:
        read = f" where others read {digit}" if tops == 1 else ""
        gives = "gives" if len(broken) == 1 else "give"
        return Verdict("differ", f"{_names(broken)} {gives} NaN{read}.", detail)
    if any(each.kind == "differs" for each in judged):
        same = f"All read {digit}, but not with the same numbers."
        return Verdict("differ", same if tops == 1 else _readings(answered, classes), detail)
    if max(result.confidence or 0.0 for result in answered) < UNSURE_BELOW:
        return Verdict("unsure", _unsure(answered, classes), detail)
    if tops > 1:  # by less than rounding, so that none is wrong
        return Verdict("unsure", f"A tie. {_readings(answered, classes)}", detail)
    many, verb = _count(len(answered)).capitalize(), "reads" if len(answered) == 1 else "read"
    if waiting:
        lanes = "lane" if len(answered) == 1 else "lanes"
        kind: Kind = "failed" if failed else "waiting"
        return Verdict(kind, f"{many} {lanes} so far {verb} {digit}.", detail)
    if failed:
        of = _count(len(answered) + len(failed))
        return Verdict("failed", f"{many} of {of} lanes {verb} {digit}.", detail)
    return Verdict("agree", f"All {_count(len(answered))} lanes read {digit}.", detail)


def _cost(judged: Sequence[Judgement]) -> str:
    """What lanes with rounded weights differ by is said to be their price; empty for no such."""
    kinds = {each.lane.weights for each in judged if each.kind == "differs"} - {"float32"}
    if not kinds:
        return ""
    return (
        f"That is what {' and '.join(sorted(kinds))} weights cost: no fault of the conversion as "
        "long as the weights as converted agree."
    )


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
        return "Their probabilities are identical to the last bit."
    if math.isnan(worst):
        return "NaN is no rounding."
    passed, allowed = worst <= judgement.allowed(judge), short(judgement.allowed(judge))
    far = f"{who} by at most {share(worst)}"
    if isinstance(judge, ByRule):
        explained = "up to" if passed else "no more than"
        return f"{far}, and rounding alone explains {explained} {allowed}."
    return f"{far}, {'within' if passed else 'above'} the fixed tolerance of {allowed}: {NO_BOUND}"


def _apart(judged: Sequence[Judgement], judge: Judge) -> str:
    """``difference``, with the names of the lanes that differ by more than rounding."""
    worst = farthest(judged)
    if worst is None:
        return ""
    if not (names := [each.lane for each in judged if each.kind == "differs"]):
        return difference(worst, judge)
    verb = "differs" if len(names) == 1 else "differ"
    return difference(worst, judge, f"{_names(names)} {verb}")


def _speed(answered: Sequence[LaneResult], thing: str) -> str:
    """Graph against layers where the visitor is: in the browser, else on the server."""
    timed = {
        result.lane: result.times for result in answered if median_if_any(result.times.steady_ms)
    }
    runtimes = sorted(
        {lane.runtime for lane in timed}, key=lambda name: not name.startswith("tfjs")
    )
    for runtime in runtimes:
        graph, layers = (timed.get(Lane(form, runtime)) for form in CONVERTED)
        if graph and layers:
            if runtime == REFERENCE.runtime:
                # Each was timed in one go: a slowdown of one need not have affected the other.
                return f"On the server, {_took(graph, layers, thing)}."
            backend = runtime.removeprefix("tfjs/")
            return f"In your browser on {backend}, {_faster(graph, layers, thing)}."
    return ""


def _faster(graph: Times, layers: Times, thing: str) -> str:
    """Which is faster, if that is more than chance. Medians; both must have times above 0."""
    one, other = (milliseconds(median(each.steady_ms)) for each in (graph, layers))
    took = _took(graph, layers, thing)
    if min(len(graph.steady_ms), len(layers.steady_ms)) < ENOUGH_TIMES:
        return f"{took}, timed too seldom to compare"
    ratio = _ratio(tuple(layers.steady_ms), tuple(graph.steady_ms))
    if not ratio.beyond_noise:
        return f"both formats are about as fast: {took}, a difference within the noise"
    if ratio.value >= 1:
        return f"graph was {factor(ratio.value)}× as fast ({one} against {other} a {thing})"
    return f"layers was {factor(1 / ratio.value)}× as fast ({other} against {one} a {thing})"


def _took(graph: Times, layers: Times, thing: str) -> str:
    one, other = (milliseconds(median(each.steady_ms)) for each in (graph, layers))
    return f"graph took {one} and layers {other} a {thing}"


@lru_cache(maxsize=256)
def _ratio(times: tuple[float, ...], others: tuple[float, ...]) -> Ratio:
    """Cached: a page renders the same times repeatedly."""
    return ratio_interval(times, others, resamples=RESAMPLES)


def missing(waiting: Sequence[Lane], failed: Sequence[Lane]) -> str:
    """Which lanes have yet to answer and which could not; empty for none."""
    parts = []
    if waiting:
        parts.append(f"Waiting for {_names(waiting)}.")
    if failed:
        parts.append(f"No answer from {_names(failed)}: see below why.")
    return " ".join(parts)


def _names(lanes: Sequence[Lane]) -> str:
    return ", ".join(str(lane) for lane in lanes)


def _count(number: int) -> str:
    return _COUNTS[number] if number < len(_COUNTS) else str(number)


def _readings(answered: Sequence[LaneResult], classes: Sequence[str]) -> str:
    by_digit: dict[int, list[Lane]] = {}
    for result in answered:
        by_digit.setdefault(result.top or 0, []).append(result.lane)
    readings = (f"{_names(lanes)} read {classes[top]}" for top, lanes in by_digit.items())
    return f"The lanes disagree: {'; '.join(readings)}."


def _unsure(answered: Sequence[LaneResult], classes: Sequence[str]) -> str:
    best = max(answered, key=lambda result: result.confidence or 0.0)
    sure = f"{best.confidence or 0:.0%}".replace("%", " %")
    return f"Not sure what this is: the best guess is {classes[best.top or 0]}, at {sure}."
