"""A test set's figures as HTML tables, for the page and for the report."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import partial
from typing import Any

import pandas as pd
from markupsafe import Markup

from app.ui import markup, templates
from app.upload.results import frames
from models.dataset import Dataset
from models.formats.manifest import Manifest
from models.parity import figures, judgement
from models.parity.apart import NO_BOUND
from models.parity.judgement import ByRule
from models.parity.scores import Scores

_render = partial(templates.render, "upload/results/tables.html")

ENOUGH_TO_TIME = 100  # images: with fewer, the slow first batches weigh too much


def what_is_compared(manifest: Manifest) -> str:
    """What the lanes' table says of differences, and how it is judged."""
    judge = judgement.stored(manifest)
    allowed = figures.short(judgement.allowed(judge))
    by = f"Differences are of probabilities, from {manifest.reference}."
    if not isinstance(judge, ByRule):
        return f"{by} The fixed tolerance is {allowed}: {NO_BOUND}"
    of = "logit" if judge.head == "softmax" else "answer"
    return f"{by} The distance is a share of the largest {of}; up to {allowed} may be rounding."


def lanes(data: Dataset, lane_scores: Sequence[Scores], manifest: Manifest) -> Markup:
    """One row per lane: accuracy with its interval, agreement, differences, judgement, speed,
    errors.
    """
    frame = frames.lanes(data, lane_scores, manifest)
    same = f"same class as {markup.original(manifest.reference)}"
    head = ["lane", "images"]
    head += ["accuracy", "95 % interval"] if frame["accuracy"].notna().any() else []
    head += ["top 5"] if frame["top 5"].notna().any() else []
    head += [same, "largest difference", "distance", "judgement"]
    head += ["images/s", "ms an image"]
    head += ["stopped by"] if frame["error"].notna().any() else []
    rows = []
    for row in frame.to_dict("records"):
        cells = {same: _percent(row["same class as reference"]), **_lane_cells(row)}
        rows.append([lane(row["lane"]), *(cells[name] for name in head[1:])])
    return table(head, rows)


def _lane_cells(row: dict[Any, Any]) -> dict[str, str]:
    timed = row["images"] >= ENOUGH_TO_TIME and not pd.isna(row["images/s"])
    interval = "–" if pd.isna(row["low"]) else f"{row['low']:.2%} … {row['high']:.2%}"
    return {
        "images": f"{row['images']:,}",
        "accuracy": _percent(row["accuracy"]),
        "95 % interval": interval,
        "top 5": _percent(row["top 5"]),
        "largest difference": small(row["largest difference"]),
        "distance": "–" if pd.isna(row["distance"]) else figures.share(row["distance"]),
        "judgement": row["judgement"] or "–",
        "images/s": f"{row['images/s']:,.0f}" if timed else "–",
        "ms an image": figures.time(row["ms an image"]) if timed else "–",
        "stopped by": row["error"] if isinstance(row["error"], str) else "",
    }


def pairs(lane_scores: Sequence[Scores]) -> Markup:
    """One row per pair of lanes that answered the same images."""
    rows = [
        [
            lane(row["lane_a"]),
            lane(row["lane_b"]),
            f"{row['images']:,}",
            _percent(row["same_top"]),
            small(row["max_abs_diff"]),
            small(row["mean_abs_diff"]),
        ]
        for row in frames.pairs(lane_scores).to_dict("records")
    ]
    head = ["lane", "other lane", "images", "same class", "largest difference", "mean difference"]
    return table(head, rows, kind="pairs")


def confused(frame: pd.DataFrame) -> Markup:
    """One row per pair of ``frames.confused``."""
    rows = [
        [row["label"], row["read"], f"{row['images']:,}", _percent(row["share"])]
        for row in frame.to_dict("records")
    ]
    return table(["label", "read as", "images", "of the label's"], rows, kind="confused")


def skipped(data: Dataset) -> Markup:
    """One row per file that was left out, with the reason."""
    rows = [[each.file, each.reason] for each in data.skipped]
    return table(["file", "why"], rows, kind="words")


def table(head: Sequence[str], rows: Iterable[Sequence[str]], kind: str = "figures") -> Markup:
    """A table with escaped text. ``kind`` sets its style: figures, pairs, confused or words."""
    return _render("table", kind, head, rows)


def lane(name: str) -> Markup:
    """A lane's name with its colour: an outline for the server, filled for the browser."""
    return _render("lane", name, name.partition(" ")[0], "tfjs/" in name)


def _percent(value: float | None) -> str:
    return "–" if value is None or pd.isna(value) else f"{value:.2%}"


def small(value: float | None) -> str:
    """A difference, rounded; a dash if there is none."""
    return "–" if value is None or pd.isna(value) else figures.short(value)
