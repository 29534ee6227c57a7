"""Encodings that the charts written as Vega-Lite have in common."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from app.ui import palette

Encoding = dict[str, Any]


def colour(lanes: Sequence[str]) -> Encoding:
    """A lane's colour, the same on every chart."""
    scale = {"domain": list(lanes), "range": [palette.of_lane(lane) for lane in lanes]}
    return {"field": "lane", "type": "nominal", "scale": scale, "legend": None}


def shape(lanes: Sequence[str]) -> Encoding:
    """Circles: in the browser. Squares: on the server."""
    shapes = ["circle" if "tfjs" in lane else "square" for lane in lanes]
    scale = {"domain": list(lanes), "range": shapes}
    return {"field": "lane", "type": "nominal", "scale": scale, "legend": None}


def tip(name: str, form: str | None = None) -> Encoding:
    """A line of a tooltip: a name, or a number in this form of d3's."""
    kind = "nominal" if form is None else "quantitative"
    return {"field": name, "type": kind} | ({} if form is None else {"format": form})
