"""A test set's figures as HTML tables, for the page and for the report."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import partial
from typing import Any

import pandas as pd
from markupsafe import Markup

from app.ui import markup, templates, version_names
from models.dataset import Skipped
from models.formats.manifest import Manifest
from models.lanes import Lane
from models.parity import figures, judgement, set_verdict
from models.parity.apart import NO_BOUND
from models.parity.judgement import ByRule, Judge

_render = partial(templates.render, "upload/results/tables.html")

ENOUGH_TO_TIME = 100  # images: with fewer, the slow first batches weigh too much


def what_is_compared(manifest: Manifest) -> str:
    """What the versions' table says of differences, and how they are judged."""
    return what_judged(judgement.stored(manifest), manifest.reference)


def what_judged(judge: Judge, reference: Lane) -> str:
    """What differences are of, and how much of them may be rounding."""
    allowed = figures.short(judgement.allowed(judge))
    by = f"Differences are of probabilities, from {markup.original(reference)}."
    if not isinstance(judge, ByRule):
        return f"{by} The fixed tolerance is {allowed}: {NO_BOUND}"
    of = "logit" if judge.head == "softmax" else "answer"
    return f"{by} The distance is a share of the largest {of}; up to {allowed} may be rounding."


def what_differs(reference: Lane) -> str:
    """What a newcomer needs to read the versions' table."""
    return (
        f"Differences are of probabilities, from {markup.original(reference)}. Passed: no more "
        "than the rounding of numbers explains."
    )


def versions(frame: pd.DataFrame, reference: Lane, *, is_few: bool = True) -> Markup:
    """The answer in a few rows, of ``frames.lanes``: how much each version reads right, how often
    it reads what the reference does, how far it is from that, and how it is judged. With few
    classes it says little how often the label is among five: ``is_few`` leaves that out.
    """
    same, right = f"same class as {markup.original(reference)}", frame["accuracy"].notna().any()
    head = ["version", *(["right"] if right else [])]
    head += ["top 5"] if not is_few and frame["top 5"].notna().any() else []
    head += [same, "largest difference", "judgement"]
    head += ["stopped by"] if frame["error"].notna().any() else []
    rows = []
    for row in frame.to_dict("records"):
        cells = {
            "version": lane(row["lane"]),
            "right": _right(row),
            "top 5": _percent(row["top 5"]),
            same: _percent(row["same class as reference"]),
            "largest difference": _plain(row["largest difference"]),
            "judgement": row["judgement"] or _unjudged(row["lane"], reference),
            "stopped by": row["error"] if isinstance(row["error"], str) else "",
        }
        rows.append([cells[name] for name in head])
    return table(head, rows)


def _unjudged(name: str, reference: Lane) -> str:
    if name != str(reference):
        return "–"
    return "the original" if reference.format == "keras" else "compared with"


def _right(row: Mapping[Any, Any]) -> Markup | str:
    """A bar as long as the share that is read right, and the share."""
    if pd.isna(row["accuracy"]):
        return "–"
    form = Lane.parse(row["lane"]).format
    return _render("right", form, f"{row['accuracy']:.4f}", _percent(row["accuracy"]))


def details(frame: pd.DataFrame) -> Markup:
    """What the versions' table leaves out: exact distances, intervals, times."""
    head = ["version", "images", "95 % interval", "top 5", "mean difference", "distance"]
    head += ["images/s", "ms an image"]
    rows = []
    for row in frame.to_dict("records"):
        timed = row["images"] >= ENOUGH_TO_TIME and not pd.isna(row["images/s"])
        rows.append(
            [
                lane(row["lane"]),
                f"{row['images']:,}",
                "–" if pd.isna(row["low"]) else f"{row['low']:.2%} … {row['high']:.2%}",
                _percent(row["top 5"]),
                small(row["mean difference"]),
                "–" if pd.isna(row["distance"]) else figures.share(row["distance"]),
                f"{row['images/s']:,.0f}" if timed else "–",
                figures.time(row["ms an image"]) if timed else "–",
            ]
        )
    return table(head, rows)


def read(rows: Sequence[tuple[Lane, str, float, float | None]], reference: Lane) -> Markup:
    """What each version made of one picture: lane, class, how sure, difference."""
    head = ["version", "read as", "how sure", f"differs from {markup.original(reference)} by"]
    return table(
        head,
        [
            [lane(str(each)), word or "–", _percent(sure) if word else "–", small(apart)]
            for each, word, sure, apart in rows
        ],
        kind="read",
    )


def pairs(frame: pd.DataFrame) -> Markup:
    """One row per pair of lanes that answered the same images, of ``frames.pairs``."""
    rows = [
        [
            lane(row["lane_a"]),
            lane(row["lane_b"]),
            f"{row['images']:,}",
            _percent(row["same_top"]),
            small(row["max_abs_diff"]),
            small(row["mean_abs_diff"]),
        ]
        for row in frame.to_dict("records")
    ]
    head = [
        "version",
        "other version",
        "images",
        "same class",
        "largest difference",
        "mean difference",
    ]
    return table(head, rows, kind="pairs")


def confused(frame: pd.DataFrame) -> Markup:
    """One row per pair of ``frames.confused``."""
    rows = [
        [row["label"], row["read"], f"{row['images']:,}", _percent(row["share"])]
        for row in frame.to_dict("records")
    ]
    return table(["label", "read as", "images", "of the label's"], rows, kind="confused")


def skipped(files: Sequence[Skipped]) -> Markup:
    """One row per file that was left out, with the reason."""
    rows = [[each.file, each.reason] for each in files]
    return table(["file", "why"], rows, kind="words")


def table(head: Sequence[str], rows: Iterable[Sequence[str]], kind: str = "figures") -> Markup:
    """A table with escaped text. ``kind`` sets its style: figures, pairs, confused or words."""
    return _render("table", kind, head, rows)


def lane(name: str) -> Markup:
    """A version's name with its colour: an outline for the server, filled for the browser. The
    name of code is its tooltip: exports have it.
    """
    one = Lane.parse(name)
    return _render("lane", version_names.short(one), one.format, one.in_browser, name)


def _percent(value: float | None) -> str:
    return "–" if value is None or pd.isna(value) else set_verdict.percent(value)


def _plain(value: float | None) -> str:
    """A difference as people read it."""
    return "–" if value is None or pd.isna(value) else figures.plain(value)


def small(value: float | None) -> str:
    """A difference, rounded; a dash if there is none."""
    return "–" if value is None or pd.isna(value) else figures.short(value)
