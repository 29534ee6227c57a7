"""Which format to ship, by what this visitor's browser answered and how long that took."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from models.lanes import Format, Lane, LaneResult, gives_nan
from models.parity import judgement
from models.parity.advice.faster import Faster, faster
from models.parity.advice.recommendation import SMALLER, cause, fault
from models.parity.figures import kilobytes, milliseconds
from models.parity.judgement import Judge, Judgement
from models.parity.timing import median_if_any

_BACKENDS = {
    "cpu": "in plain JavaScript",
    "wasm": "on WebAssembly",
    "webgl": "on WebGL",
    "webgpu": "on WebGPU",
}
_MORE = "Which is faster takes a few more {thing}s to tell, or the Benchmark page."


@dataclass(frozen=True)
class Words:
    """``thing`` is what lanes are given. ``faster`` is what ``Shipping.faster`` was last. A backend
    that the visitor has chosen (``is_chosen``) is not recommended: no other was tried.
    """

    thing: str = "digit"
    faster: str = "unknown"
    is_chosen: bool = False


WORDS = Words()


@dataclass(frozen=True)
class Shipping:
    """``advice`` says what to ship, ``why`` has the figures; each is a sentence or more. ``faster``
    is the format that is said to be faster, "neither", or "unknown".
    """

    advice: str
    why: str
    faster: str = "unknown"


def ship(
    results: Sequence[LaneResult],
    judged: Sequence[Judgement],
    judge: Judge,
    sizes: Mapping[Format, int],
    said: Words = WORDS,
) -> Shipping:
    """The advice by what the lanes of the browser answered, how long that took, and how much a
    browser loads: ``sizes`` are the bytes of each format. ``judged`` are compared with the
    original.
    """
    found = _in_browser(results, judged, judge)
    passed = [each.lane for each in found if each.kind == "passed"]
    if not passed:
        return _neither(found)
    times = {each.lane: each.times.steady_ms for each in results}
    if len(passed) == 2:
        return _both((passed[0], passed[1]), times, sizes, said)
    lane = passed[0]
    why = [fault([each], each.lane.format) for each in found if each.lane != lane]
    took = median_if_any(times[lane])
    fast = "" if took is None else f"{milliseconds(took)} a {said.thing}{_chosen(lane, said)}, "
    why.append(f"{fast}{kilobytes(sizes[lane.format])} to load.")
    return Shipping(_ship(lane, said), " ".join(why))


def rounded(lane: Lane, size: int, whole: int) -> Shipping:
    """No advice on weights that were rounded on purpose, but what they save: ``size`` bytes are
    loaded in place of the ``whole``.
    """
    return Shipping(
        "What to ship is said of the weights as converted.",
        f"With {lane.weights} weights the {lane.format} model is {kilobytes(size)} to load in "
        f"place of {kilobytes(whole)}.",
    )


def _in_browser(
    results: Sequence[LaneResult], judged: Sequence[Judgement], judge: Judge
) -> list[Judgement]:
    """The judgement of each lane of the browser, also of those that gave no answer."""
    known = {each.lane: each for each in judged}
    found = []
    for lane, error in ((each.lane, each.error) for each in results if each.lane.in_browser):
        if error is None:
            found.append(known[lane])
        elif gives_nan(error):
            found.append(judgement.not_a_number(lane, judge))
        else:
            found.append(judgement.cannot_run(lane, error))
    return found


def _both(
    passed: tuple[Lane, Lane],
    times: Mapping[Lane, Sequence[float]],
    sizes: Mapping[Format, int],
    said: Words,
) -> Shipping:
    """The faster one; of two as fast the one that is much smaller, else the first."""
    one, other = passed
    places: dict[str, Faster] = {one.format: "first", other.format: "second", "neither": "neither"}
    found = faster(times[one], times[other], told=places.get(said.faster, "unknown"))
    if found == "unknown":
        loads = f"{kilobytes(sizes[one.format])} to load for {one.format}"
        against = f"{kilobytes(sizes[other.format])} for {other.format}"
        more = _MORE.format(thing=said.thing)
        return Shipping(
            "Either format can be shipped.", f"Same answers, {loads}, {against}. {more}"
        )
    ahead = next(name for name, place in places.items() if place == found)
    is_smaller = sizes[one.format] > SMALLER * sizes[other.format]
    if found == "second" or (found == "neither" and is_smaller):
        one, other = other, one
    took, its = (milliseconds(median_if_any(times[each]) or 0.0) for each in (one, other))
    took = f"{took} a {said.thing}{_chosen(one, said)}"
    fast = f"{took} against {its} for {other.format}"
    if found == "neither":
        fast = f"as fast as {other.format} ({took})"
    loads = f"{kilobytes(sizes[one.format])} to load against {kilobytes(sizes[other.format])}"
    return Shipping(_ship(one, said), f"Same answers, {fast}, {loads}.", ahead)


def _neither(found: Sequence[Judgement]) -> Shipping:
    if any(each.kind == "cannot be judged" for each in found):
        why = " ".join(filter(None, (fault([each], each.lane.format) for each in found)))
        said = "Nothing is recommended: these answers cannot be judged."
        return Shipping(said, why or "Rounding alone may change them.")
    reasons = {each.reason for each in found}
    unable = all(each.kind == "cannot run" for each in found)
    if unable and len(reasons) == 1:  # the browser, not the formats
        why = f"TensorFlow.js gave no answer in your browser: {cause(reasons.pop() or '')}."
        return Shipping("Nothing can be recommended.", why)
    why = " ".join(fault([each], each.lane.format) for each in found)
    return Shipping("Ship neither format." if len(found) > 1 else "Do not ship it.", why)


def _ship(lane: Lane, said: Words) -> str:
    backend = "" if said.is_chosen else f" {_on(lane)}"
    return f"Ship the {lane.format} model{backend}."


def _chosen(lane: Lane, said: Words) -> str:
    return f" {_on(lane)}" if said.is_chosen else ""


def _on(lane: Lane) -> str:
    return _BACKENDS[lane.runtime.removeprefix("tfjs/")]
