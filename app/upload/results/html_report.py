"""A set's results as one HTML file with its charts: no script, nothing fetched, text escaped."""

from __future__ import annotations

import base64
from collections.abc import Sequence
from html import escape
from pathlib import Path

import pandas as pd
from markupsafe import Markup

from app.ui import palette
from app.upload.results import frames, svg_charts, tables
from app.upload.results.downloads import png
from app.upload.results.tables import small
from models.dataset import UNKNOWN, Dataset
from models.formats.manifest import Manifest
from models.parity import set_verdict
from models.parity.scores import Scores

_HERE = Path(__file__).parent
_STYLE = "".join((_HERE / name).read_text("utf-8") for name in ("tables.css", "report.css"))
_MOST_IMAGES = 300


def page(data: Dataset, found: Sequence[Scores], manifest: Manifest) -> str:
    """The whole report as HTML."""
    classes = manifest.classes
    labelled = bool((data.labels != UNKNOWN).any())
    said = set_verdict.verdict(found, reference=manifest.reference)
    parts = [
        f"<h1>Digit Parity: {escape(manifest.title)}</h1>",
        f"<p class=lead>{escape(said.headline)} {escape(said.detail)}</p>",
        f"<p>{set_verdict.many(len(data), 'image')}. {escape(_labels(data))}</p>",
        "<h2>Lanes</h2>",
        tables.lanes(data, found, manifest.reference),
        "<h2>Pairs of lanes</h2>",
        tables.pairs(found),
        "<h2>Largest difference of an image's probabilities from the reference</h2>",
        svg_charts.differences(frames.differences(found, manifest.reference)),
    ]
    if labelled:
        parts.append("<h2>Confusion: label in rows, read as in columns</h2><div class=row>")
        for one in found:
            frame = frames.confusion(data, one, classes)
            parts.append(svg_charts.confusion(frame, str(one.lane), classes))
        parts.append("</div>")
    parts.append(_images(data, frames.images(data, found, classes)))
    if data.skipped:
        parts += ["<h2>Left out</h2>", tables.skipped(data)]
    versions = ", ".join(f"{name} {version}" for name, version in manifest.versions.items())
    parts.append(f"<footer>{escape(versions)}</footer>")
    return (
        "<!doctype html><html lang=en><meta charset=utf-8><meta name=viewport "
        'content="width=device-width"><title>Digit Parity: report</title>'
        f"<style>{_STYLE}{palette.style()}</style><main>{''.join(parts)}</main></html>"
    )


def _labels(data: Dataset) -> str:
    if not data.labelled_by:
        return "They have no labels: lanes are compared, accuracy is not known."
    read = "; ".join(f"{count:,} from {where}" for where, count in data.labelled_by.items())
    return f"Labels: {read}."


def _images(data: Dataset, frame: pd.DataFrame) -> str:
    """The images that matter: those that lanes differ on, and those read wrong."""
    wanted = frame[frame["disagree"] | frame["wrong"]]
    if wanted.empty:
        return "<h2>Images</h2><p>No image was read wrong or differently.</p>"
    lanes = [str(name) for name in frame.columns if f"{name} sure" in frame.columns]
    rows = []
    listed = wanted.head(_MOST_IMAGES)
    for place, row in zip(listed.index, listed.to_dict("records"), strict=True):
        picture = base64.b64encode(png(data.stored[int(place)])).decode("ascii")
        answers = [f"{row[lane]} ({row[f'{lane} sure']:.1%})" for lane in lanes]
        cells = [row["image"], row["label"], *answers, small(row["largest difference"])]
        shown = Markup('<img alt="" src="data:image/png;base64,{}">').format(picture)
        rows.append([shown, *map(str, cells)])
    head = ["", "image", "label", *lanes, "largest difference"]
    more = len(wanted) - len(rows)
    note = f"<p>And {more:,} more, which are in the CSV.</p>" if more > 0 else ""
    title = f"<h2>{set_verdict.many(len(wanted), 'image')} read wrong or differently</h2>"
    return f"{title}{tables.table(head, rows)}{note}"
