"""A set's results as one HTML file with its charts: no script, nothing fetched, text escaped."""

from __future__ import annotations

import base64
from collections.abc import Iterable, Sequence
from html import escape
from pathlib import Path

import pandas as pd

from app import report_svg, upload_frames
from app.upload_download import png
from models.dataset import UNKNOWN, Dataset
from models.manifest import Manifest
from models.scores import Scores
from models.verdict import short

_STYLE = (Path(__file__).parent / "report.css").read_text("utf-8")
_MOST_IMAGES = 300


def page(data: Dataset, found: Sequence[Scores], manifest: Manifest) -> str:
    """The whole report as HTML."""
    classes = manifest.classes
    labelled = bool((data.labels != UNKNOWN).any())
    parts = [
        f"<h1>Digit Parity: {escape(manifest.title)}</h1>",
        f"<p class=lead>{escape(upload_frames.headline(data, found))}</p>",
        f"<p>{upload_frames.many(len(data), 'image')}. {escape(_labels(data))}</p>",
        "<h2>Lanes</h2>",
        _lanes(upload_frames.lanes(data, found, manifest.reference)),
        "<h2>Pairs of lanes</h2>",
        _pairs(upload_frames.pairs(found)),
        "<h2>Largest difference of an image's probabilities from the reference</h2>",
        report_svg.differences(upload_frames.differences(found, manifest.reference)),
    ]
    if labelled:
        parts.append("<h2>Confusion: label in rows, read as in columns</h2><div class=row>")
        for one in found:
            frame = upload_frames.confusion(data, one, classes)
            parts.append(report_svg.confusion(frame, str(one.lane), classes))
        parts.append("</div>")
    parts.append(_images(data, upload_frames.images(data, found, classes)))
    parts.append(_skipped(data))
    versions = ", ".join(f"{name} {version}" for name, version in manifest.versions.items())
    parts.append(f"<footer>{escape(versions)}</footer>")
    return (
        "<!doctype html><html lang=en><meta charset=utf-8><meta name=viewport "
        'content="width=device-width"><title>Digit Parity: report</title>'
        f"<style>{_STYLE}</style><main>{''.join(parts)}</main></html>"
    )


def _labels(data: Dataset) -> str:
    if not data.labelled_by:
        return "They have no labels: lanes are compared, accuracy is not known."
    read = "; ".join(f"{count:,} from {where}" for where, count in data.labelled_by.items())
    return f"Labels: {read}."


def _lanes(frame: pd.DataFrame) -> str:
    rows = [
        [
            row["lane"],
            f"{row['images']:,}",
            _percent(row["accuracy"]),
            "–" if pd.isna(row["low"]) else f"{row['low']:.2%} … {row['high']:.2%}",
            _percent(row["same digit as reference"]),
            _small(row["largest difference"]),
            "–" if pd.isna(row["images/s"]) else f"{row['images/s']:,.0f}",
            "–" if pd.isna(row["ms an image"]) else f"{row['ms an image']:.3f}",
            row["error"] or "",
        ]
        for row in frame.to_dict("records")
    ]
    head = ["lane", "images", "accuracy", "95 % interval", "same digit as reference"]
    return _table([*head, "largest difference", "images/s", "ms an image", ""], rows)


def _pairs(frame: pd.DataFrame) -> str:
    rows = [
        [
            f"{row['lane_a']} – {row['lane_b']}",
            f"{row['images']:,}",
            _percent(row["same_top"]),
            _small(row["max_abs_diff"]),
            _small(row["mean_abs_diff"]),
        ]
        for row in frame.to_dict("records")
    ]
    head = ["lanes", "images", "same digit", "largest difference", "mean difference"]
    return _table(head, rows)


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
        cells = [row["image"], row["label"], *answers, _small(row["largest difference"])]
        text = "".join(f"<td>{escape(str(cell))}" for cell in cells)
        rows.append(f'<tr><td><img alt="" src="data:image/png;base64,{picture}">{text}')
    head = ["", "image", "label", *lanes, "largest difference"]
    more = len(wanted) - len(rows)
    note = f"<p>And {more:,} more, which are in the CSV.</p>" if more > 0 else ""
    title = f"<h2>{upload_frames.many(len(wanted), 'image')} read wrong or differently</h2>"
    return f"{title}<div class=wide><table><tr>{_heads(head)}{''.join(rows)}</table></div>{note}"


def _skipped(data: Dataset) -> str:
    if not data.skipped:
        return ""
    rows = [[each.file, each.reason] for each in data.skipped]
    return f"<h2>Left out</h2>{_table(['file', 'reason'], rows)}"


def _table(head: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    body = "".join("<tr>" + "".join(f"<td>{escape(str(cell))}" for cell in row) for row in rows)
    return f"<div class=wide><table><tr>{_heads(head)}{body}</table></div>"


def _heads(head: Sequence[str]) -> str:
    return "".join(f"<th>{escape(each)}" for each in head)


def _percent(value: float | None) -> str:
    return "–" if value is None or pd.isna(value) else f"{value:.2%}"


def _small(value: float | None) -> str:
    return "–" if value is None or pd.isna(value) else short(value)
