"""Data frames of a test set's scores, for the Upload page's tables, charts and downloads."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

import numpy as np
import pandas as pd

from models.dataset import UNKNOWN, Dataset
from models.formats.manifest import Manifest
from models.lanes import REFERENCE, Lane
from models.parity import judgement, metrics, scores, set_verdict
from models.parity.judgement import Judgement
from models.parity.scores import Scores

IDENTICAL = "0"
_LOWEST, _HIGHEST = -9, 0


def lanes(data: Dataset, lane_scores: Sequence[Scores], manifest: Manifest) -> pd.DataFrame:
    """One row per lane: lane, images, accuracy with low and high, top 5, agreement, differences,
    judgement, speed.
    """
    rows = []
    reference = manifest.reference
    judged = set_verdict.judgements(lane_scores, reference, judgement.stored(manifest))
    base = next((each for each in lane_scores if each.lane == reference), None)
    for one in lane_scores:
        figures = scores.lane_figures(data, one, base)
        low, high = figures["accuracy_interval"] or (None, None)
        rows.append(
            {
                "lane": str(one.lane),
                "images": figures["images"],
                "accuracy": figures["accuracy"],
                "low": low,
                "high": high,
                "top 5": figures["top5_accuracy"],
                "same class as reference": figures["agreement"],
                "largest difference": figures["max_abs_diff"],
                "mean difference": figures["mean_abs_diff"],
                "distance": judged[one.lane].distance if one.lane in judged else None,
                "judgement": _judgement(one, judged.get(one.lane)),
                "images/s": figures["images_per_second"],
                "ms an image": figures["ms_per_image"],
                "error": figures["error"],
            }
        )
    return pd.DataFrame(rows)


def _judgement(one: Scores, judged: Judgement | None) -> str:
    """A lane's judgement in a word or two; empty for what the others are compared with."""
    if judged is not None:
        return judged.kind
    return "cannot run" if one.error is not None else ""


def pairs(lane_scores: Sequence[Scores]) -> pd.DataFrame:
    """Columns lane_a, lane_b, images, same_top (a share), max_abs_diff, mean_abs_diff."""
    columns = ["lane_a", "lane_b", "images", "same_top", "max_abs_diff", "mean_abs_diff"]
    return pd.DataFrame(scores.pair_figures(lane_scores), columns=columns)


def differences(lane_scores: Sequence[Scores], reference: Lane = REFERENCE) -> pd.DataFrame:
    """Columns lane, difference, images: how many images differ from the reference by how much.

    ``difference`` is a power of ten, ``1e-7`` for 1e-7 up to 1e-6, or ``0``.
    """
    base = next((each for each in lane_scores if each.lane == reference), None)
    rows = []
    for one in lane_scores:
        if base is None or one is base:
            continue
        apart = scores.differences(base, one)
        apart = apart[~np.isnan(apart)]
        with np.errstate(divide="ignore"):
            powers = np.clip(np.floor(np.log10(apart)), _LOWEST, _HIGHEST - 1)
        rows += [(str(one.lane), IDENTICAL, int((apart == 0).sum()))]
        rows += [
            (str(one.lane), f"1e{power}", int(((powers == power) & (apart > 0)).sum()))
            for power in range(_LOWEST, _HIGHEST)
        ]
    return pd.DataFrame(rows, columns=["lane", "difference", "images"])


def confusion(data: Dataset, one: Scores, classes: Sequence[str]) -> pd.DataFrame:
    """Columns label, read, images, share: one row per cell; ``share`` is of the label's images."""
    labels = np.where(one.done, data.labels, UNKNOWN)
    counts = metrics.confusion(one.top, labels, len(classes))
    totals = np.maximum(counts.sum(axis=1, keepdims=True), 1)
    rows = [
        (classes[label], classes[read], int(counts[label, read]), float(share))
        for (label, read), share in np.ndenumerate(counts / totals)
    ]
    return pd.DataFrame(rows, columns=["label", "read", "images", "share"])


def confused(data: Dataset, one: Scores, classes: Sequence[str], most: int) -> pd.DataFrame:
    """Columns label, read, images, share: the pairs that were confused most, in that order;
    ``share`` is of the label's images.
    """
    labels = np.where(one.done, data.labels, UNKNOWN)
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
    """One row per image: disagreements first, then errors, then the rest in their order.

    Columns image, label, ``LANE``, ``LANE sure`` for each lane, largest difference, disagree,
    wrong. The index is the image's place in the test set.
    """
    read = np.array([*classes, ""], object)  # index -1, no answer, gives ""
    tops = np.stack([each.top for each in lane_scores])
    disagree = scores.disagree(lane_scores)
    labels = data.labels.astype(np.int64)
    known = labels != UNKNOWN
    wrong = (known & (tops != UNKNOWN) & (tops != labels)).any(axis=0)
    apart = scores.largest_differences(lane_scores)
    columns: dict[str, object] = {"image": list(data.names), "label": read[labels]}
    for one, top in zip(lane_scores, tops, strict=True):
        columns[str(one.lane)] = read[top]
        columns[f"{one.lane} sure"] = one.probabilities.max(axis=1)
    columns |= {"largest difference": apart, "disagree": disagree, "wrong": wrong}
    order = np.lexsort((-np.nan_to_num(apart) * disagree, ~wrong, ~disagree))
    frame: pd.DataFrame = pd.DataFrame(columns).iloc[order]
    return frame
