"""The verdict on all lanes for a whole dataset: one sentence, and one of figures."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from models.lanes import REFERENCE, Lane, Probabilities, gives_nan
from models.parity import scores
from models.parity.apart import difference, farthest
from models.parity.judgement import FIXED, ByRule, Judge, Judgement, not_a_number
from models.parity.scores import Scores
from models.parity.verdict import Verdict

_VALUES = 1 << 20  # of a lane's answers that are judged at once


def verdict(
    results: Sequence[Scores], *, reference: Lane = REFERENCE, judge: Judge = FIXED
) -> Verdict:
    """Judge the lanes' answers; a lane may have failed, or stopped before the end.

    Only images that two lanes answered can be compared. Lanes agree when ``judge`` finds each as
    near to the reference as rounding explains; what is no number differs.
    """
    answered = [each for each in results if each.done.any()]
    broken = [str(each.lane) for each in results if gives_nan(each.error)]
    left = " ".join(filter(None, [_failed(results), _short_of(answered)]))
    if broken:
        headline = f"{' and '.join(broken)} {'gives' if len(broken) == 1 else 'give'} NaN."
        return Verdict("differ", headline, left)
    if len(answered) < 2:
        return Verdict("failed", "Fewer than two lanes answered: nothing can be compared.", left)
    by_lanes = np.stack([each.done for each in answered]).sum(axis=0)
    compared, apart = int((by_lanes > 1).sum()), int(scores.disagree(answered).sum())
    if not compared:
        return Verdict("failed", "No image was read by two lanes: nothing can be compared.", left)
    judged = list(judgements(answered, reference, judge).values())
    detail = " ".join(filter(None, [difference(farthest(judged) or 0.0, judge), left]))
    lanes, images = many(len(answered), "lane"), many(compared, "image")
    differs = any(each.kind == "differs" for each in judged)
    if apart and differs:
        headline = f"The {lanes} differ on {apart:,} of {images} ({apart / compared:.2%})."
        return Verdict("differ", headline, detail)
    where = f"all of {images}" if compared > 1 else "the one image"
    everyone = "Both lanes" if len(answered) == 2 else f"All {lanes}"
    same = f"{everyone} name the same class on {where}"
    if differs:
        return Verdict("differ", f"{same}, but not with the same numbers.", detail)
    if apart:
        ties = f"{many(apart, 'tie')} that rounding decides"
        same = f"{everyone} agree on {where}, but for {ties}"
    if len(answered) < len(results) or any(each.error for each in results):
        count = f"{len(answered)} of {len(results)} lanes"
        return Verdict("failed", f"{count} name the same class wherever two answered.", detail)
    by_all = int((by_lanes == len(answered)).sum())
    if by_all < compared and not apart:
        images = many(by_all, "image")
        same = f"{everyone} name the same class on the {images} that all answered"
    return Verdict("agree", f"{same}.", detail)


def judgements(results: Sequence[Scores], reference: Lane, judge: Judge) -> dict[Lane, Judgement]:
    """Every lane that can be compared with the reference, judged; the reference is not among them.

    An image that the reference did not answer is compared with the first lane that did.
    """
    ordered = sorted(results, key=lambda each: each.lane != reference)
    judged: dict[Lane, Judgement] = {}
    base: Probabilities | None = None
    for each in ordered:
        if base is not None and (both := each.done & ~np.isnan(base[:, 0])).any():
            judged[each.lane] = _in_parts(judge, each.lane, base, each.judged, np.flatnonzero(both))
        if gives_nan(each.error):
            judged[each.lane] = not_a_number(each.lane, judge)
        known = each.judged
        base = known if base is None else np.where(np.isnan(base), known, base)
    return judged


def _in_parts(
    judge: Judge, lane: Lane, base: Probabilities, answers: Probabilities, at: NDArray[np.int64]
) -> Judgement:
    """Judge the answers at these places, some at once: a judge takes several times the memory that
    they have, and a thousand classes of ten thousand images have 40 MB. The lane is as its worst.
    """
    if isinstance(judge, ByRule) and judge.head != "softmax" and judge.scale is None:
        judge = replace(judge, scale=float(np.abs(base[at]).max()) or None)
    rows = max(1, _VALUES // base.shape[1])
    parts = [at[start : start + rows] for start in range(0, len(at), rows)]
    found = [judge.judge(lane, base[part], answers[part]) for part in parts]
    worst = max(range(len(found)), key=lambda part: _distance(found[part]))
    whole, first = found[worst], worst * rows
    if whole.worst is None or whole.same_top is None:
        return whole
    place, label = whole.worst
    reason = whole.reason and whole.reason.replace(f"input {place},", f"input {place + first},")
    same = sum(
        round((each.same_top or 0) * len(part)) for each, part in zip(found, parts, strict=True)
    )
    return replace(whole, reason=reason, same_top=same / len(at), worst=(place + first, label))


def _distance(found: Judgement) -> float:
    """For the worst of several: NaN, or no distance at all, is worse than any."""
    apart = found.distance
    return math.inf if apart is None or math.isnan(apart) else apart


def many(count: int, word: str) -> str:
    """A count in words: ``1 image``, ``10,000 images``."""
    return f"{count:,} {word}" if count == 1 else f"{count:,} {word}s"


def _failed(results: Sequence[Scores]) -> str:
    names = [str(each.lane) for each in results if each.error is not None]
    return f"Stopped by an error: {', '.join(names)}; the table says why." if names else ""


def _short_of(answered: Sequence[Scores]) -> str:
    """Lanes that were stopped before the end, and after how many images."""
    counts = {each.lane: int(each.done.sum()) for each in answered if each.error is None}
    total = max((len(each.done) for each in answered), default=0)
    behind = [f"{lane} after {count:,}" for lane, count in counts.items() if count < total]
    if not behind:
        return ""
    return f"Stopped before the end of {many(total, 'image')}: {', '.join(behind)}."
