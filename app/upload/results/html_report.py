"""A test set's results as one HTML file with charts: no scripts, no requests, text escaped."""

from __future__ import annotations

import base64
from collections.abc import Sequence
from functools import partial
from pathlib import Path

import pandas as pd
from markupsafe import Markup

from app.ui import palette, templates, version_names
from app.upload.results import frames, report_charts, tables
from app.upload.results.downloads import png
from app.upload.results.tables import small
from models.dataset import Dataset
from models.formats.manifest import Manifest
from models.lanes import Lane
from models.parity import judgement, set_verdict
from models.parity.scores import FEW, Scores

_HERE = Path(__file__).parent
_STYLES = (_HERE.parents[1] / "ui" / "tokens.css", _HERE / "tables.css", _HERE / "report.css")
_STYLE = "".join(path.read_text("utf-8") for path in _STYLES)
_MOST_IMAGES = 300
_THUMBNAIL = 84  # pixels a side: 300 whole photographs would make a report of 40 MB
_LONGEST_NAME = 80
_render = partial(templates.render, "upload/results/report.html")


def page(data: Dataset, lane_scores: Sequence[Scores], manifest: Manifest) -> str:
    """The report as HTML. Drawing its charts takes seconds, in another process."""
    classes = report_charts.cut(manifest.classes)
    figures = frames.lanes(data, lane_scores, manifest)
    report = {
        "style": Markup(_STYLE + palette.style()),
        "model": _cut(manifest.title),
        "verdict": set_verdict.verdict(
            lane_scores,
            data.labels,
            reference=manifest.reference,
            judge=judgement.stored(manifest),
        ),
        "compared": tables.what_is_compared(manifest),
        "images": set_verdict.many(len(data), "image"),
        "labels": _labels(data),
        "lanes": tables.versions(figures, manifest.reference, is_few=len(manifest.classes) <= FEW),
        "details": tables.details(figures),
        "pairs": tables.pairs(frames.pairs(lane_scores)),
        "charts": report_charts.charts(data, lane_scores, classes, manifest.reference),
        "wrong": _wrong(data, frames.images(data, lane_scores, classes)),
        "skipped": tables.skipped(data.skipped) if data.skipped else None,
        "versions": ", ".join(f"{name} {number}" for name, number in manifest.versions.items()),
    }
    return str(_render("page", report)).lstrip()


def _labels(data: Dataset) -> str:
    if not data.labelled_by:
        return "They have no labels: versions are compared, accuracy is not known."
    read = "; ".join(f"{count:,} from {where}" for where, count in data.labelled_by.items())
    return f"Labels: {read}."


def _wrong(data: Dataset, frame: pd.DataFrame) -> Markup:
    """The images on which versions differ, and those read wrong."""
    shown = frame[frame["disagree"] | frame["wrong"]]
    if shown.empty:
        return _render("none_wrong")
    lanes = [str(name) for name in frame.columns if f"{name} sure" in frame.columns]
    rows = []
    listed = shown.head(_MOST_IMAGES)
    for place, row in zip(listed.index, listed.to_dict("records"), strict=True):
        raw = png(data.stored[int(place)], _THUMBNAIL)
        picture = _render("picture", base64.b64encode(raw).decode("ascii"))
        answers = [f"{row[lane]} ({row[f'{lane} sure']:.1%})" for lane in lanes]
        rows.append(
            [picture, _cut(row["image"]), row["label"], *answers, small(row["largest difference"])]
        )
    names = [version_names.short(Lane.parse(each)) for each in lanes]
    table = tables.table(["", "image", "label", *names, "largest difference"], rows)
    images = set_verdict.many(len(shown), "image")
    return _render("wrong", images, table, len(shown) - len(rows))


def _cut(name: str) -> str:
    """The name, cut if it is long."""
    return name if len(name) <= _LONGEST_NAME else f"{name[:_LONGEST_NAME]}…"
