"""Cuts an operation as small as it still fails: one input, then fewer channels and places.

Delta debugging by blocks: of each axis, the smallest block on which the difference is still there
is kept, over and over until no axis gets smaller.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from models.bisect.bug_report.case import Cut, Values
from models.bisect.bug_report.trials import Trial, Trials
from models.errors import ModelError
from models.formats.tensors import Tensors

MOST = 1 << 23  # values of an operation and its inputs that are looked into
_IN_A_JOB = 1 << 21  # values of all cuts that are tried at once
_TRIED = 40  # cuts at once: each takes a few milliseconds
_FEW = 8  # of so few places every block is tried, of more those of halves
_ROUNDS = 3
_KEPT = 0.5  # of the first difference: less may be another fault's, or rounding


def smallest(
    trials: Trials, inputs: Tensors, expected: Values, allowed: float
) -> tuple[Trial, Trial]:
    """The whole operation on the input where it is farthest off, and the smallest cut of it.

    ``inputs`` have a row for each of some inputs, ``allowed`` is the share of the largest value
    that may be rounding. Raises ModelError, in words, where it does not fail by itself in
    TensorFlow.js, and where it is too large to be tried.
    """
    first = _one_input(trials, inputs, expected, allowed)
    original = trials.original
    if original is None or not original.can_be_cut or not _agrees(trials, first, allowed):
        return first, first
    now = first
    for _ in range(_ROUNDS):
        before = now
        for axis in sorted(trials.operation.axes, reverse=True):  # channels first: they are many
            now = _along(axis, trials, first, now, allowed)
        if now is before:
            break
    return first, now


def _one_input(trials: Trials, inputs: Tensors, expected: Values, allowed: float) -> Trial:
    """The operation on one input, or on all where each alone is fine."""
    own = trials.operation.values({})
    rows = [tuple(each[at : at + 1] for each in inputs) for at in range(len(expected))]
    if own + _size(rows[0]) + expected[:1].size > MOST:
        raise ModelError(
            f"the operation and one input of it hold more than {MOST:,} numbers, too many to be "
            "tried by themselves"
        )
    at_once = max(1, 4 * MOST // (own + _size(rows[0])))
    alone: list[Trial] = []
    unable = ""
    for start in range(0, len(rows), at_once):
        part = slice(start, start + at_once)
        each = [expected[at : at + 1] for at in range(len(rows))][part]
        alone += trials.whole(rows[part], each)
        unable = unable or trials.failure
    failing = [each for each in alone if _fails(each, allowed)]
    if not failing and len(rows) * _size(rows[0]) <= MOST:
        alone += trials.whole([inputs], [expected])
        unable = unable or trials.failure
        failing = [each for each in alone if _fails(each, allowed)]
    unable = unable or next((each.error for each in alone if each.kind == "error"), "")
    if not failing and unable:
        raise ModelError(f"by itself it cannot be tried: {unable.rstrip('.')}")
    if not failing:
        raise ModelError(
            "by itself, in TensorFlow.js here, the operation gives what is expected of it"
        )
    return max(failing, key=lambda each: np.nan_to_num(each.difference, nan=np.inf))


def _fails(trial: Trial, allowed: float) -> bool:
    """Whether it gives something else. The lane that differs gave an answer: an error is no such
    fault.
    """
    if trial.kind == "error":
        return False
    return trial.kind in ("shape", "nan") or trial.difference > allowed * trial.scale


def _agrees(trials: Trials, first: Trial, allowed: float) -> bool:
    """Whether the layers that were built anew give what the original gave."""
    assert trials.original is not None
    try:
        again = trials.original.answer(first.inputs, {})
    except ModelError:
        return False
    if again.shape != first.expected.shape:
        return False
    return bool(np.abs(again - first.expected).max(initial=0.0) <= allowed * first.scale)


def _along(axis: str, trials: Trials, first: Trial, now: Trial, allowed: float) -> Trial:
    """The same cut smaller along one axis, where it still fails."""
    while True:
        start, stop = now.cut.get(axis, (0, _length(axis, first)))
        cuts = _cuts(axis, start, stop, now, trials)
        # The largest first: what breaks a backend, as a place that a window does not fit into may
        # break wasm, breaks all that is tried after it.
        tried = trials.cut(first.inputs, cuts)
        failing = [each for each in tried if _as_before(each, first, allowed)]
        smaller = min(failing, key=lambda each: _extent(each, axis), default=None)
        if smaller is None:
            return now
        now = smaller
        if _extent(now, axis) <= 1:
            return now


def _extent(trial: Trial, axis: str) -> int:
    start, stop = trial.cut[axis]
    return stop - start


def _as_before(trial: Trial, first: Trial, allowed: float) -> bool:
    """Whether a cut fails as the whole does."""
    if trial.kind != first.kind:
        return False
    enough = trial.kind != "values" or trial.difference >= _KEPT * first.difference
    return enough and _fails(trial, allowed)


def _length(axis: str, first: Trial) -> int:
    if axis == "out":
        return int(first.expected.shape[-1])
    shape = first.inputs[0].shape
    if any(each.shape != shape for each in first.inputs):
        return 0
    if axis == "in":
        return int(shape[-1])
    return int(shape[int(axis)]) if int(axis) < len(shape) - 1 else 0


def _cuts(axis: str, start: int, stop: int, now: Trial, trials: Trials) -> Sequence[Cut]:
    """Smaller ones, the largest first, as many as can be tried at once."""
    whole = _size(now.inputs) + trials.operation.values(now.cut) + now.expected.size
    found: list[Cut] = []
    for length, blocks in _blocks(start, stop):
        share = whole * length * len(blocks) // max(stop - start, 1)
        if found and (share > _IN_A_JOB or len(found) + len(blocks) > _TRIED):
            break
        found += [{**now.cut, axis: each} for each in blocks]
    return found


def _blocks(start: int, stop: int) -> Iterator[tuple[int, list[tuple[int, int]]]]:
    """Blocks within a range by their length, the longest first."""
    length = stop - start
    if length <= _FEW:
        for size in range(length - 1, 0, -1):
            yield size, [(at, at + size) for at in range(start, stop - size + 1)]
        return
    size = -(-length // 2)
    while True:
        step = max(1, size // 2)
        starts = sorted({min(at, stop - size) for at in range(start, stop, step)})
        yield size, [(at, at + size) for at in starts]
        if size == 1:
            return
        size = -(-size // 2)


def _size(tensors: Tensors) -> int:
    return sum(each.size for each in tensors)
