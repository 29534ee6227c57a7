"""Charts of a whole set, as Vega-Lite: how far lanes differ, and what is taken for what."""

from __future__ import annotations

from functools import cache
from typing import Any

from app.ui.palette import of_lane

Spec = dict[str, Any]

_ERROR = "#d64545"
# The theme's grey is too light to read on white.
_CONFIG = {"axis": {f"{part}Color": "currentColor" for part in ("label", "title")}}


@cache
def differences(lanes: tuple[str, ...]) -> Spec:
    """Of ``upload_frames.differences``: images a power of ten, one bar a lane."""
    colours = [of_lane(lane) for lane in lanes]
    lane = {"field": "lane", "type": "nominal", "scale": {"domain": lanes, "range": colours}}
    browser = {"test": "indexof(datum.lane, 'tfjs') >= 0", "value": 0.95}
    return {
        "height": 300,
        "config": _CONFIG,
        "mark": {"type": "bar", "strokeWidth": 1, "tooltip": True},
        "encoding": {
            "x": {
                "field": "difference",
                "type": "ordinal",
                "sort": None,
                "title": None,
                "axis": {"labelAngle": 0},
            },
            "xOffset": {"field": "lane", "type": "nominal", "scale": {"domain": lanes}},
            "y": {
                "field": "images",
                "type": "quantitative",
                "title": "images, square root scale",
                "stack": None,
                "scale": {"type": "sqrt"},
                "axis": {"grid": True, "tickCount": 5, "tickMinStep": 1, "format": ",d"},
            },
            "color": {**lane, "legend": None},
            "stroke": {**lane, "legend": None},
            "fillOpacity": {"condition": browser, "value": 0.15},
            "tooltip": [
                {"field": "lane"},
                {"field": "difference"},
                {"field": "images", "format": ","},
            ],
        },
    }


@cache
def confusion(lane: str, classes: tuple[str, ...], *, dark: bool) -> Spec:
    """Of ``upload_frames.confusion``: label in rows, read as in columns, errors in red."""
    axis = {
        "type": "ordinal",
        "scale": {"domain": classes},
        "axis": {"labelAngle": 0, "labelOverlap": False, "labelFlush": False},
    }
    right = "datum.label === datum.read"
    ink = "#e6ebf2" if dark else "#18202c"
    return {
        "height": 300,
        "config": _CONFIG,
        "transform": [{"filter": "datum.images > 0"}],
        "encoding": {
            "x": {"field": "read", "title": "read as", **axis},
            "y": {"field": "label", "title": "label", **axis},
            "tooltip": [
                {"field": "label"},
                {"field": "read"},
                {"field": "images", "format": ","},
                {"field": "share", "format": ".2%"},
            ],
        },
        "layer": [
            {
                "mark": {"type": "rect", "cornerRadius": 3},
                "encoding": {
                    "color": {
                        "condition": {"test": right, "value": of_lane(lane)},
                        "value": _ERROR,
                    },
                    "opacity": {
                        "field": "share",
                        "type": "quantitative",
                        "scale": {"type": "sqrt", "domain": [0, 1], "range": [0.2, 0.5]},
                        "legend": None,
                    },
                },
            },
            {
                "mark": {"type": "text", "fontWeight": 600, "color": ink},
                "encoding": {"text": {"field": "images", "format": ","}},
            },
        ],
    }
