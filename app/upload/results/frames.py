"""Data frames of a test set's scores, for the Upload page's tables, charts and downloads."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from models.dataset import UNKNOWN, Dataset
from models.formats.manifest import Manifest
from models.lanes import REFERENCE, Lane
from models.parity import judgement, metrics, scores, set_verdict
from models.parity.judgement import Judgement
from models.parity.scores import Scores
from models.parity.set_verdict import Read

Labels = NDArray[np.integer[Any]]

IDENTICAL = "0"
_LOWEST, _HIGHEST = -9, 0
POWERS = (IDENTICAL, *(f"1e{power}" for power in range(_LOWEST, _HIGHEST)))


def lanes(data: Dataset, lane_scores: Sequence[Scores], manifest: Manifest) -> pd.DataFrame:
    """One row per lane, as ``lane_row`` has it."""
    reference = manifest.reference
    judged = set_verdict.judgements(lane_scores, reference, judgement.stored(manifest))
    base = next((each for each in lane_scores if each.lane == reference), None)
    return pd.DataFrame(
        [
            lane_row(one.lane, scores.lane_figures(data, one, base), judged.get(one.lane))
            for one in lane_scores
        ]
    )


def lane_row(lane: Lane, figures: Mapping[str, Any], judged: Judgement | None) -> dict[str, object]:
    """Lane, images, accuracy with low and high, top 5, agreement, differences, judgement, speed."""
    low, high = figures["accuracy_interval"] or (None, None)
    return {
        "lane": str(lane),
        "images": figures["images"],
        "accuracy": figures["accuracy"],
        "low": low,
        "high": high,
        "top 5": figures["top5_accuracy"],
        "same class as reference": figures["agreement"],
        "largest difference": figures["max_abs_diff"],
        "mean difference": figures["mean_abs_diff"],
        "distance": judged.distance if judged is not None else None,
        "judgement": _judgement(figures["error"], judged),
        "images/s": figures["images_per_second"],
        "ms an image": figures["ms_per_image"],
        "error": figures["error"],
    }


def _judgement(error: str | None, judged: Judgement | None) -> str:
    """A lane's judgement in a word or two; empty for what the others are compared with."""
    if judged is not None:
        return judged.kind
    return "cannot run" if error is not None else ""


def pairs(lane_scores: Sequence[Scores]) -> pd.DataFrame:
    """Columns lane_a, lane_b, images, same_top (a share), max_abs_diff, mean_abs_diff."""
    columns = ["lane_a", "lane_b", "images", "same_top", "max_abs_diff", "mean_abs_diff"]
    return pd.DataFrame(scores.pair_figures(lane_scores), columns=columns)


def differences(lane_scores: Sequence[Scores], reference: Lane = REFERENCE) -> pd.DataFrame:
    """Columns lane, difference, images: how many images differ from the reference by how much.

    ``difference`` is a power of ten, ``1e-7`` for 1e-7 up to 1e-6, or ``0``.
    """
    base = next((each for each in lane_scores if each.lane == reference), None)
    if base is None:
        return differences_of({})
    return differences_of(
        {
            one.lane: _by_power(scores.differences(base, one))
            for one in lane_scores
            if one is not base
        }
    )


def _by_power(apart: NDArray[np.float32]) -> list[int]:
    """How many of these are in each of ``POWERS``."""
    apart = apart[~np.isnan(apart)]
    with np.errstate(divide="ignore"):
        powers = np.clip(np.floor(np.log10(apart)), _LOWEST, _HIGHEST - 1)
    return [
        int((apart == 0).sum()),
        *(int(((powers == each) & (apart > 0)).sum()) for each in range(_LOWEST, _HIGHEST)),
    ]


def differences_of(counts: Mapping[Lane, Sequence[int]]) -> pd.DataFrame:
    """The frame of ``differences`` from how many images are in each of ``POWERS``."""
    rows = [
        (str(lane), power, count)
        for lane, each in counts.items()
        for power, count in zip(POWERS, each, strict=True)
    ]
    return pd.DataFrame(rows, columns=["lane", "difference", "images"])


def confusion(labels: Labels, one: Scores | Read, classes: Sequence[str]) -> pd.DataFrame:
    """Columns label, read, images, share: one row per cell; ``share`` is of the label's images."""
    labels = np.where(one.done, labels, UNKNOWN)
    counts = metrics.confusion(one.top, labels, len(classes))
    totals = np.maximum(counts.sum(axis=1, keepdims=True), 1)
    rows = [
        (classes[label], classes[read], int(counts[label, read]), float(share))
        for (label, read), share in np.ndenumerate(counts / totals)
    ]
    return pd.DataFrame(rows, columns=["label", "read", "images", "share"])


def confused(labels: Labels, one: Scores | Read, classes: Sequence[str], most: int) -> pd.DataFrame:
    """Columns label, read, images, share: the pairs that were confused most, in that order;
    ``share`` is of the label's images.
    """
    labels = np.where(one.done, labels, UNKNOWN)
    totals = np.bincount(labels[labels != UNKNOWN], minlength=len(classes))
    rows = [
        (classes[label], classes[read], count, count / int(totals[label]))
        for label, read, count in metrics.confused_pairs(one.top, labels, most)
    ]
    return pd.DataFrame(rows, columns=["label", "read", "images", "share"])


def distinct(classes: Sequence[str]) -> tuple[str, ...]:
    """The classes' names; those that several have, with their place."""
    counts = Counter(classes)
    return tuple(
        name if counts[name] == 1 else f"{place} {name}" for place, name in enumerate(classes)
    )


def images(data: Dataset, lane_scores: Sequence[Scores], classes: Sequence[str]) -> pd.DataFrame:
    """One row per image, as ``images_of`` has it."""
    sure = [each.probabilities.max(axis=1) for each in lane_scores]
    apart = scores.largest_differences(lane_scores)
    return images_of(
        names=data.names,
        labels=data.labels,
        read=lane_scores,
        sure=sure,
        apart=apart,
        classes=classes,
    )


def images_of(
    *,
    names: Sequence[str],
    labels: Labels,
    read: Sequence[Scores | Read],
    sure: Sequence[NDArray[np.float32]],
    apart: NDArray[np.float32],
    classes: Sequence[str],
) -> pd.DataFrame:
    """One row per image: disagreements first, then errors, then the rest in their order.

    Columns image, label, ``LANE``, ``LANE sure`` for each lane, largest difference, disagree,
    wrong. The index is the image's place in the test set.
    """
    words = np.array([*classes, ""], object)  # index -1, no answer, gives ""
    tops = np.stack([each.top for each in read])
    disagree = scores.disagree(read)
    at = labels.astype(np.int64)
    known = at != UNKNOWN
    wrong = (known & (tops != UNKNOWN) & (tops != at)).any(axis=0)
    columns: dict[str, object] = {"image": list(names), "label": words[at]}
    for one, top, how_sure in zip(read, tops, sure, strict=True):
        columns[str(one.lane)] = words[top]
        columns[f"{one.lane} sure"] = how_sure
    columns |= {"largest difference": apart, "disagree": disagree, "wrong": wrong}
    order = np.lexsort((-np.nan_to_num(apart) * disagree, ~wrong, ~disagree))
    frame: pd.DataFrame = pd.DataFrame(columns).iloc[order]
    return frame
