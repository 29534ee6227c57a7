"""What to run a model with, in sentences: only what keeps the model is ever named as a choice."""

from __future__ import annotations

import math
from collections.abc import Sequence

from models.lanes import Lane
from models.parity.advice.recommendation import cause
from models.parity.figures import fixed, kilobytes, milliseconds
from models.verify.alternatives import running
from models.verify.alternatives.judging import Measured, by_library

ALIKE = 1.25  # a lane's times in one browser: less may be noise
BACKENDS = {"wasm": "wasm", "webgpu": "WebGPU"}


def sentences(measured: Sequence[Measured]) -> list[str]:
    """The best of each library, a sentence each; which of them keep the model; and which is faster
    than TensorFlow.js, or smaller.
    """
    kept = [best for lanes in by_library(measured).values() if (best := _best(lanes))]
    said = [f"{described(each)}." for each in kept]
    said += [f"{library} {why}" for library, why in _faults(measured).items()]
    if not kept:
        return [*said, "Nothing is recommended."]
    said.append(_keeping(kept, measured))
    return [*said, *_against_tensorflow(kept)]


def described(each: Measured) -> str:
    """A lane with its figures: "TensorFlow.js graph on wasm: 1.1 ms, 298 kB"."""
    took = "software rendering" if each.steady_ms is None else milliseconds(each.steady_ms)
    return f"{named(each.lane)}: {took}, {_size(each.size.compressed)}"


def named(lane: Lane) -> str:
    """A lane as people know it: "TensorFlow.js graph on wasm"."""
    form = f" {lane.format}" if lane.in_browser else ""
    return f"{running.library(lane)}{form} on {BACKENDS[running.backend(lane)]}"


def _best(lanes: Sequence[Measured]) -> Measured | None:
    """The fastest that passed: one without times is the last choice."""
    passed = [each for each in lanes if each.judgement.kind == "passed"]
    return min(passed, key=_time, default=None)


def _time(each: Measured) -> float:
    return math.inf if each.steady_ms is None else each.steady_ms


def _keeping(kept: Sequence[Measured], measured: Sequence[Measured]) -> str:
    """Which keep the model: by the lane, where another one of a library does not."""
    if any(each.judgement.kind == "differs" for each in measured):
        names = [named(each.lane) for each in kept]
        return f"{' and '.join(names)} {'keeps' if len(names) == 1 else 'keep'} your model."
    if len(kept) == 1:
        return f"{running.library(kept[0].lane)} keeps your model."
    return f"{'Both' if len(kept) == 2 else 'All'} keep your model."


def _faults(measured: Sequence[Measured]) -> dict[str, str]:
    """What is wrong with a library's lanes, once for each reason."""
    found: dict[str, str] = {}
    for library, lanes in by_library(measured).items():
        kinds: dict[str, list[str]] = {}
        for each in lanes:
            if each.judgement.kind == "passed":
                continue
            verb = {"differs": "answers differently", "cannot run": "cannot run"}.get(
                each.judgement.kind, "cannot be judged"
            )
            why = cause(each.judgement.reason or "")
            on = BACKENDS[running.backend(each.lane)]
            kinds.setdefault(f"{verb}|{why}", []).append(on)
        if kinds:
            found[library] = " ".join(
                f"{text.partition('|')[0]} on {' and '.join(dict.fromkeys(on))}: "
                f"{text.partition('|')[2]}."
                for text, on in kinds.items()
            )
    return found


def _against_tensorflow(kept: Sequence[Measured]) -> list[str]:
    ours = next((each for each in kept if each.lane.in_browser), None)
    if ours is None or ours.steady_ms is None:
        return []
    others = [each for each in kept if not each.lane.in_browser and each.steady_ms is not None]
    return [_ratio(each, ours) for each in others]


def _ratio(other: Measured, ours: Measured) -> str:
    ratio = _time(ours) / (_time(other) or 1.0)
    speed = "is about as fast as TensorFlow.js"
    if ratio >= ALIKE:
        speed = f"is {fixed(ratio, 1)} times as fast as TensorFlow.js"
    elif 0 < ratio <= 1 / ALIKE:
        speed = f"takes {fixed(1 / ratio, 1)} times as long as TensorFlow.js"
    loads = other.size.compressed / (ours.size.compressed or 1)
    return f"{running.library(other.lane)} {speed}, for {fixed(loads, 1)} times the download."


def _size(size: int) -> str:
    return f"{fixed(size / 1e6, 1)} MB" if size >= 1e6 else kilobytes(size)
