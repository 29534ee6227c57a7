"""Which format to ship on which runtime of TensorFlow.js, and why, in one sentence."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from models.lanes import CONVERTED, Format
from models.parity.figures import kilobytes, milliseconds, share
from models.parity.judgement import Judgement

FASTER, BY_MS = 1.5, 0.1  # each lane was timed once, an input among many: less may be noise
SMALLER = 1.1
UNMADE = "The converter cannot make it: "  # begins the reason of a lane that has no files
LOOPS = "loop-graph"  # the row of known limits about a graph that answers, if it is called so
MOST = 200  # characters of what a library says
_LOADING = re.compile(r"could not be loaded: ")
_SPEAKER = re.compile(rf"^({UNMADE})?(tensorflowjs_converter .*? failed: |.*?{_LOADING.pattern})?")


@dataclass(frozen=True)
class Recommendation:
    """``format`` and ``runtime`` are None where nothing can be recommended."""

    format: Format | None
    runtime: str | None
    sentence: str


def recommend(
    judgements: Sequence[Judgement],
    sizes: Mapping[Format, int] | None = None,
    *,
    original: bool = True,
) -> Recommendation:
    """Recommend by the lanes that TensorFlow.js ran, the times they took and the formats' sizes.

    Only float32 lanes count. ``sizes`` are bytes of each format; ``original`` says whether there is
    one, which they answer like.
    """
    lanes = [each for each in judgements if each.lane.in_browser and each.lane.weights == "float32"]
    tried = [each for each in lanes if each.kind != "not tried"]
    if not tried:
        return Recommendation(
            None, None, "Nothing is recommended: TensorFlow.js was not asked for an answer."
        )
    best = {form: _fastest(tried, form) for form in CONVERTED}
    able = [form for form in CONVERTED if best[form] is not None]
    whole = [form for form in able if not _faults(tried, form)]
    if not able:
        return _neither(tried)
    choice = _choose(whole or able, best, sizes or {})
    lane = best[choice]
    assert lane is not None
    other = next(form for form in CONVERTED if form != choice)
    runtime = lane.lane.runtime
    sentences = [f"Ship {choice}."]
    if found := fault(tried, choice):
        sentences = [f"Ship {choice}, on {runtime} alone.", found]
    if lane.limit == LOOPS:
        sentences.append(
            "Call model.executeAsync() in your code: predict() and execute() refuse its loop or "
            "choice."
        )
    if found := fault(tried, other):
        sentences.append(found)
    elif best[other] is not None and not fault(tried, choice):
        both = "Both formats answer like the original" if original else "Both formats answer alike"
        sentences.append(f"{both}{_compared(lane, best[other], sizes or {})}.")
    return Recommendation(choice, runtime, " ".join(sentences))


def _neither(tried: Sequence[Judgement]) -> Recommendation:
    unjudged = any(each.kind == "cannot be judged" for each in tried)
    first = "Nothing is recommended: the answers cannot be judged."
    faults = [found for form in CONVERTED if (found := fault(tried, form))]
    return Recommendation(
        None, None, " ".join([first if unjudged else "Ship neither format.", *faults])
    )


def _of(tried: Sequence[Judgement], form: Format) -> list[Judgement]:
    return [each for each in tried if each.lane.format == form]


def _fastest(tried: Sequence[Judgement], form: Format) -> Judgement | None:
    passed = [each for each in _of(tried, form) if each.kind == "passed"]
    return min(passed, key=_time, default=None)


def _time(each: Judgement) -> float:
    """Milliseconds for an input; without an end where nothing that counts was timed."""
    return each.seconds / each.inputs * 1e3 if each.inputs else math.inf


def _faster(one: float, other: float) -> bool:
    return math.isfinite(one) and other >= max(FASTER * one, one + BY_MS)


def _choose(
    forms: Sequence[Format],
    best: Mapping[Format, Judgement | None],
    sizes: Mapping[Format, int],
) -> Format:
    """The faster one, else the smaller one, else the first."""
    if len(forms) == 1:
        return forms[0]
    one, other = (_time(each) for form in forms if (each := best[form]) is not None)
    if _faster(one, other) or _faster(other, one):
        return forms[0] if one < other else forms[1]
    if all(form in sizes for form in forms) and sizes[forms[0]] > SMALLER * sizes[forms[1]]:
        return forms[1]
    return forms[0]


def _compared(one: Judgement, other: Judgement | None, sizes: Mapping[Format, int]) -> str:
    """Why one of two formats that both pass, as the end of a sentence."""
    assert other is not None
    mine, its = one.lane.format, other.lane.format
    smaller = ""
    if mine in sizes and its in sizes and sizes[its] > SMALLER * sizes[mine]:
        smaller = f"{kilobytes(sizes[mine])} against {kilobytes(sizes[its])}"
    if not one.inputs or not other.inputs:  # nothing that counts was timed
        return f"; {mine} has the smaller files, {smaller}" if smaller else ""
    times = f"{milliseconds(_time(one))} an input on {one.lane.runtime}"
    if _faster(_time(one), _time(other)):
        return f"; {mine} takes {times}, {its} {milliseconds(_time(other))}"
    if smaller:
        return f" and are about as fast ({times}); its files are smaller, {smaller}"
    return f" and are about as fast ({times}): either will do"


def _faults(tried: Sequence[Judgement], form: Format) -> list[Judgement]:
    fine = ("passed", "cannot be judged")
    return [each for each in _of(tried, form) if each.kind not in fine]


def fault(tried: Sequence[Judgement], form: Format) -> str:
    """What is wrong with a format, in a sentence; empty where nothing is."""
    faults = _faults(tried, form)
    if not faults:
        return ""
    differs = [each for each in faults if each.kind == "differs"]
    not_a_number = [each for each in differs if math.isnan(each.distance or 0.0)]
    others = [each for each in differs if each not in not_a_number and each.by == "answers"]
    unable = [each for each in faults if each not in differs]
    count = len(_of(tried, form))
    said = []
    if not_a_number:
        said.append(f"gives NaN {_where(not_a_number, count)}")
    if far := [each.distance for each in others if each.distance is not None]:
        said.append(f"answers differently {_where(others, count)}, by {share(max(far))}")
    elif others:  # they could not even be compared
        said.append("gives another number of answers")
    if unsteady := [each for each in differs if each.by == "again"]:
        said.append(f"answers otherwise when it is asked again {_where(unsteady, count)}")
    if any(each.by == "numbers" for each in differs):
        said.append("holds other numbers than the reference")
    if unable:
        said.append(_unable(unable, count))
    return f"The {form} model {' and '.join(said)}."


def _where(lanes: Sequence[Judgement], count: int) -> str:
    if len(lanes) == count:
        return "in TensorFlow.js"
    return f"on {' and '.join(each.lane.runtime for each in lanes)}"


def _unable(lanes: Sequence[Judgement], count: int) -> str:
    reason = lanes[0].reason or "it gave no answer"
    if reason.startswith(UNMADE):
        return f"cannot be made by the converter: {cause(reason)}"
    verb = "loaded" if _LOADING.search(reason) else "run"
    by = "by TensorFlow.js" if len(lanes) == count else _where(lanes, count)
    return f"cannot be {verb} {by}: {cause(reason)}"


def cause(reason: str) -> str:
    """The first sentence of what a library says, without who says it, as the end of ours."""
    flat = " ".join(_SPEAKER.sub("", reason).split())
    said = re.split(r"\. |! ", flat)[0].rstrip(".!")
    said = said if len(said) <= MOST else f"{said[:MOST]} …"
    return said.replace("Unknown layer: ", "it has no layer ")
