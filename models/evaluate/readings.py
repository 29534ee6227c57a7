"""What was read of each of a few pictures, by format."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from models.dataset import Dataset
from models.lanes import Lane
from models.parity.figures import percent
from models.parity.scores import Scores

FEW = 20  # pictures: of more, the figures of all are shown


def of(
    data: Dataset, lane_scores: Sequence[Scores], shown: Sequence[Lane], classes: Sequence[str]
) -> list[dict[str, Any]]:
    """What the lanes that are ``shown`` read of each picture of a small set: the class and its
    probability. Nothing of a large set.
    """
    if len(data) > FEW:
        return []
    lanes = [each for each in lane_scores if each.lane in shown]
    return [
        {
            "image": name,
            "label": None if (label := data.label(at)) is None else classes[label],
            "lanes": [_reading(each, at, classes) for each in lanes if each.done[at]],
        }
        for at, name in enumerate(data.names)
    ]


def lines(read: Sequence[dict[str, Any]]) -> Iterator[str]:
    """Each picture's readings on a line: those of lanes that read the same together."""
    for each in read:
        together: dict[str, list[str]] = {}
        for lane in each["lanes"]:
            shown = f"{lane['format']} @ {lane['runtime']} {percent(lane['probability'])}"
            together.setdefault(lane["read"], []).append(shown)
        found = "; ".join(f"{name} ({', '.join(lanes)})" for name, lanes in together.items())
        label = "" if each["label"] is None else f", labelled {each['label']}"
        yield f"{each['image']}{label}: {found or 'no answer'}"


def _reading(scores: Scores, at: int, classes: Sequence[str]) -> dict[str, Any]:
    top = int(scores.top[at])
    return {
        "format": scores.lane.format,
        "runtime": scores.lane.runtime,
        "read": classes[top],
        "probability": float(scores.probabilities[at, top]),
    }
