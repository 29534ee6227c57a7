"""Charts as SVG text, for a report that must stand alone: bars and confusion matrices."""

from __future__ import annotations

import math
from collections.abc import Sequence
from html import escape

import pandas as pd

from app.ui.palette import of_lane as colour
from app.upload.results import tables

_LEFT, _TOP, _HEIGHT = 44, 26, 160


def differences(frame: pd.DataFrame) -> str:
    """Grouped bars of ``upload_frames.differences``: images a power of ten, a colour a lane."""
    if frame.empty:
        return "<p>There is no reference to compare with.</p>"
    lanes, bins = list(dict.fromkeys(frame["lane"])), list(dict.fromkeys(frame["difference"]))
    most = max(int(frame["images"].max()), 1)
    bar, gap = 12, 14
    group = bar * len(lanes) + gap
    width = _LEFT + group * len(bins)
    rows = frame.to_dict("records")
    parts = [
        f'<text x="{_LEFT - 6}" y="{_TOP - 14}">images, square root scale</text>',
        f'<text x="{_LEFT - 6}" y="{_TOP + 4}" text-anchor="end">{most:,}</text>',
        f'<text x="{_LEFT - 6}" y="{_TOP + _HEIGHT}" text-anchor="end">0</text>',
        f'<path d="M{_LEFT} {_TOP + _HEIGHT + 0.5}H{width}" stroke="currentColor"/>',
    ]
    for row in rows:
        x = _LEFT + group * bins.index(row["difference"]) + bar * lanes.index(row["lane"]) + gap / 2
        height = math.sqrt(row["images"] / most) * _HEIGHT  # so that few are seen beside many
        title = f"{row['lane']}, {row['difference']}: {row['images']:,} images"
        parts.append(
            f'<rect x="{x}" y="{_TOP + _HEIGHT - height:.1f}" width="{bar - 1}" '
            f'height="{height:.1f}" fill="{colour(row["lane"])}" stroke="{colour(row["lane"])}" '
            f'fill-opacity="{0.95 if "tfjs" in row["lane"] else 0.15}">'
            f"<title>{escape(title)}</title></rect>"
        )
    for at, name in enumerate(bins):
        x, y = _LEFT + group * (at + 0.5), _TOP + _HEIGHT + 18
        parts.append(f'<text x="{x}" y="{y}" text-anchor="middle">{escape(name)}</text>')
    legend = " ".join(tables.lane(lane) for lane in lanes)
    return f"<p class=row>{legend}</p>{_svg(width, _TOP + _HEIGHT + 26, parts, 'Differences')}"


def confusion(frame: pd.DataFrame, lane: str, classes: Sequence[str]) -> str:
    """One lane's confusion matrix: the counts, errors marked by the lane's colour."""
    cell = 30
    side = 24 + cell * len(classes)
    parts = [f'<text x="4" y="14" font-weight="600">{escape(lane)}</text>']
    for at, name in enumerate(classes):
        middle = 24 + cell * (at + 0.5)
        parts.append(f'<text x="{middle}" y="34" text-anchor="middle">{escape(name)}</text>')
        parts.append(f'<text x="8" y="{middle + 20}">{escape(name)}</text>')
    for row in frame.to_dict("records"):
        x = 24 + cell * classes.index(row["read"])
        y = 40 + cell * classes.index(row["label"])
        right = row["label"] == row["read"]
        strength = row["share"] * 0.5 if right else min(1.0, row["share"] * 8 + 0.25)
        if row["images"]:
            fill = colour(lane) if right else "#d64545"
            parts.append(
                f'<rect x="{x}" y="{y}" width="{cell - 1}" height="{cell - 1}" fill="{fill}" '
                f'fill-opacity="{strength:.2f}"/><text x="{x + cell / 2}" y="{y + 19}" '
                f'text-anchor="middle">{row["images"]}</text>'
            )
    return _svg(side + 4, side + 24, parts, f"Confusion matrix of {lane}")


def _svg(width: float, height: float, parts: Sequence[str], title: str) -> str:
    return (
        f'<svg role="img" aria-label="{escape(title)}" width="{width}" height="{height}" '
        f'viewBox="0 0 {width} {height}">{"".join(parts)}</svg>'
    )
