"""The verdict on all lanes for a whole dataset: one sentence, and one of figures."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from models.lanes import REFERENCE, Lane
from models.parity import scores
from models.parity.scores import Scores
from models.parity.verdict import TOLERANCE, Verdict, difference


def verdict(
    results: Sequence[Scores], *, reference: Lane = REFERENCE, tolerance: float = TOLERANCE
) -> Verdict:
    """Judge the lanes' answers; a lane may have failed, or stopped before the end.

    Lanes agree when they name the same class for every image and no probability is further than
    ``tolerance`` from the reference's. Only images that two lanes answered can be compared.
    """
    answered = [each for each in results if each.done.any()]
    left = " ".join(filter(None, [_failed(results), _short_of(answered)]))
    if len(answered) < 2:
        return Verdict("failed", "Fewer than two lanes answered: nothing can be compared.", left)
    by_lanes = np.stack([each.done for each in answered]).sum(axis=0)
    compared, apart = int((by_lanes > 1).sum()), int(scores.disagree(answered).sum())
    if not compared:
        return Verdict("failed", "No image was read by two lanes: nothing can be compared.", left)
    worst = _largest_difference(answered, reference)
    detail = " ".join(filter(None, [difference(worst, tolerance), left]))
    lanes, images = many(len(answered), "lane"), many(compared, "image")
    if apart:
        headline = f"The {lanes} differ on {apart:,} of {images} ({apart / compared:.2%})."
        return Verdict("differ", headline, detail)
    where = f"all of {images}" if compared > 1 else "the one image"
    same = f"All {lanes} read the same digit on {where}"
    if worst > tolerance:
        return Verdict("differ", f"{same}, but not with the same numbers.", detail)
    if len(answered) < len(results) or any(each.error for each in results):
        count = f"{len(answered)} of {len(results)} lanes"
        return Verdict("failed", f"{count} read the same digit wherever two answered.", detail)
    by_all = int((by_lanes == len(answered)).sum())
    if by_all < compared:
        same = f"All {lanes} read the same digit on the {many(by_all, 'image')} that all answered"
    return Verdict("agree", f"{same}.", detail)


def many(count: int, word: str) -> str:
    """A count in words: ``1 image``, ``10,000 images``."""
    return f"{count:,} {word}" if count == 1 else f"{count:,} {word}s"


def _largest_difference(answered: Sequence[Scores], reference: Lane) -> float:
    """The largest difference from the reference, or of any two lanes if none can be had."""
    base = next((each for each in answered if each.lane == reference), None)
    if base is not None:
        others = [scores.differences(base, each) for each in answered if each is not base]
        apart = np.stack(others)
        if not np.isnan(apart).all():
            return float(np.nanmax(apart))
    return float(np.nanmax(scores.largest_differences(answered)))


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
