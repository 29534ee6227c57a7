"""Whether a lane in a browser answers alike each time: one by one, again, and in one batch.

Two answers that both pass lie within the bound of exact each, so they may be two bounds apart.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from models.formats.tensors import Tensors
from models.parity import outputs as of_outputs
from models.parity.figures import share
from models.parity.judgement import ByRule, Judge, Judgement, Ran
from models.runtimes.browser.answers import Asked, BrowserRun
from models.runtimes.references import Reference

_APART = 2.0  # bounds


@dataclass(frozen=True, eq=False)
class _Pairs:
    """Answers that should be alike, row by row, and what the second ones were."""

    first: Tensors
    second: Tensors
    numbers: Sequence[int]


def judged(found: Judgement, run: BrowserRun, reference: Reference) -> Judgement:
    """The same judgement, with what ran it; "differs" where its answers are not alike."""
    again, together = _again(run.singles), _together(run)
    repeated = again and _compared(found, again, reference)
    batched = together and _compared(found, together, reference)
    ran = Ran(
        run.browser,
        found.inputs,
        run.renderer,
        run.software,
        run.threads,
        predictions=len(run.singles),
        again=repeated.distance if repeated else None,
        together=len(run.together[0]) if run.together else 0,
        apart=batched.distance if batched else None,
    )
    found = replace(found, ran=ran)
    if again and repeated and repeated.kind == "differs":
        number = again.numbers[repeated.worst[0] if repeated.worst else 0]
        what = f"The answers of prediction {number} differ from the first ones to the same input"
        found = _unsteady(found, repeated, what)
    if batched and batched.kind == "differs":
        what = f"The answers to {ran.together} inputs in one batch differ from those to each alone"
        found = _unsteady(found, batched, what)
    return found


def _unsteady(found: Judgement, pair: Judgement, what: str) -> Judgement:
    """The judgement, as one that differs for a pair of answers."""
    distance, bound = pair.distance or 0.0, pair.bound or 0.0
    how = f"they are {share(distance)} apart, where {share(bound)} may be rounding."
    reason = f"{what}: {'one of them is NaN.' if math.isnan(distance) else how}"
    if found.kind == "differs":
        return replace(found, reason=f"{found.reason} {reason}")
    return replace(found, kind="differs", reason=reason, by="again")


def _again(singles: Sequence[Asked]) -> _Pairs | None:
    """Later predictions of an input, each with the first one of it."""
    first: dict[int, Asked] = {}
    pairs = []
    for each in singles:
        if each.input in first:
            pairs.append((first[each.input], each))
        first.setdefault(each.input, each)
    if not pairs:
        return None
    return _Pairs(
        _joined([one.outputs for one, _ in pairs]),
        _joined([other.outputs for _, other in pairs]),
        [other.number for _, other in pairs],
    )


def _together(run: BrowserRun) -> _Pairs | None:
    """The answers one by one, each with that to the same input in one batch."""
    first: dict[int, Asked] = {}
    for each in run.singles:
        first.setdefault(each.input, each)
    inputs = sorted(first)
    if len(inputs) < 2 or not run.together or len(inputs) > len(run.together[0]):
        return None
    batch = tuple(each[inputs] for each in run.together)
    return _Pairs(_joined([first[at].outputs for at in inputs]), batch, inputs)


def _joined(parts: Sequence[Tensors]) -> Tensors:
    return tuple(np.concatenate(each) for each in zip(*parts, strict=True))


def _compared(found: Judgement, pairs: _Pairs, reference: Reference) -> Judgement:
    judges = [
        _widened(judge, float(np.abs(base).max()))
        for judge, base in zip(reference.judges, reference.base, strict=True)
    ]
    return of_outputs.judged(found.lane, judges, reference.names, pairs.first, pairs.second)


def _widened(judge: Judge, largest: float) -> Judge:
    if isinstance(judge, ByRule):
        scale = largest if judge.head == "values" and judge.scale is None else judge.scale
        return replace(judge, bound=_APART * judge.bound, scale=scale)
    return replace(judge, atol=_APART * judge.atol, rtol=_APART * judge.rtol)
