"""The Inspect page's frames and charts: difference over depth, and size against agreement."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

import pandas as pd

from app.ui import palette
from app.ui.chart_encodings import colour, shape, tip
from app.ui.chart_theme import Spec
from models.bisect.bisection import Bisection

FLOOR, CEILING = 1e-9, 1.0  # of a share of a layer's largest value; beyond is drawn at the edge
_STEP = 19
_AXIS = 34  # pixels, with what Streamlit leaves below
_SMALL = f"datum.value <= {FLOOR} ? '≈ 0' : format(datum.value, '.0e')"
_DASHED = "#c2410c"


def depth(found: Sequence[Bisection]) -> pd.DataFrame:
    """Columns lane, layer, relative, shown, max_abs, mean_abs, worst, beyond."""
    rows = [
        (
            str(each.lane),
            row.layer,
            row.relative,
            CEILING if row.problem else min(max(row.relative, FLOOR), CEILING),
            row.max_abs,
            row.mean_abs,
            row.problem or str(list(row.worst[1:])),
            not row.passed,
        )
        for each in found
        for row in each.differences
    ]
    columns = ["lane", "layer", "relative", "shown", "max_abs", "mean_abs", "worst", "beyond"]
    return pd.DataFrame(rows, columns=columns)


@cache
def depth_spec(lanes: tuple[str, ...], layers: tuple[str, ...], rtol: float) -> Spec:
    """Of ``depth``: a row a layer, from the first down to the last; one mark a lane."""
    log = {"type": "log", "domain": [FLOOR, CEILING]}
    ticks = [FLOOR, 1e-7, 1e-5, 1e-3, 1e-1]
    axis = {"labelExpr": _SMALL, "values": ticks, "orient": "top", **_INK_AXIS}
    x = {"field": "shown", "type": "quantitative", "scale": log, "axis": axis, "title": None}
    y = {
        "field": "layer",
        "type": "nominal",
        "scale": {"domain": list(layers)},
        "title": None,
        "axis": {"labelLimit": 150, "ticks": False, "grid": True, **_INK_AXIS},
    }
    inside = {"test": "indexof(datum.lane, 'tfjs') > 0", "value": 0.9}
    mark = {"type": "point", "size": 60, "strokeWidth": 1.8, "opacity": 1, "filled": True}
    return {
        "width": "container",
        "layer": [
            {
                "data": {"values": [{}]},  # there before any lane's
                "mark": {"type": "rule", "strokeDash": [5, 4], "color": _DASHED, "aria": False},
                "encoding": {"x": {"datum": rtol, "type": "quantitative", "scale": log}},
            },
            {
                "mark": mark,
                "encoding": {
                    "x": x,
                    "y": y,
                    "color": colour(lanes),
                    "stroke": colour(lanes),
                    "shape": shape(lanes),
                    "fillOpacity": {"condition": inside, "value": 0.15},
                    "tooltip": [
                        tip("lane"),
                        tip("layer"),
                        tip("relative", ".2e"),
                        tip("max_abs", ".2e"),
                        tip("mean_abs", ".2e"),
                        tip("worst"),
                    ],
                },
            },
            {
                "transform": [{"filter": "datum.beyond"}],
                "mark": {"type": "text", "text": "×", "dx": 11, "fontSize": 15},
                "encoding": {"x": x, "y": y, "color": {"value": "currentColor"}},
            },
        ],
    }


def depth_height(layers: int) -> int:
    """Pixels that the chart takes, which are kept for it while it loads."""
    return _STEP * layers + _AXIS


@cache
def sizes_spec(forms: tuple[str, ...]) -> Spec:
    """Of ``inspect_sizes.frame``: size across, difference from Keras up, accuracy as a label."""
    base = {
        "x": {
            "field": "kilobytes",
            "type": "quantitative",
            "scale": {"zero": True, "nice": True},
            "axis": {"tickCount": 6, **_INK_AXIS, "titleFontSize": 12},
            "title": "kB on the wire (gzip)",
        },
        "y": {
            "field": "shown",
            "type": "quantitative",
            # Below the floor there is room for two labels.
            "scale": {"type": "log", "domain": [FLOOR / 40, CEILING]},
            "axis": {"labelExpr": _SMALL, "values": [FLOOR, 1e-7, 1e-5, 1e-3, 1e-1], **_INK_AXIS},
            "title": None,
        },
    }
    tips = [
        tip("form"),
        tip("kilobytes", ",.1f"),
        tip("difference", ".2e"),
        tip("same", ".1%"),
        tip("accuracy", ".2%"),
    ]
    scale = {"domain": list(forms), "range": [palette.of_lane(form) for form in forms]}
    weights = {"field": "weights", "type": "nominal", "legend": None}
    shapes = {"domain": ["float32", "float16", "uint8"], "range": ["circle", "diamond", "square"]}
    text = {"field": "label", "type": "nominal"}
    return {
        "height": 340,
        "width": "container",
        "encoding": base,
        "layer": [
            {
                "mark": {"type": "point", "filled": True, "size": 120, "opacity": 1},
                "encoding": {
                    "color": {"field": "form", "type": "nominal", "scale": scale, "legend": None},
                    "shape": {**weights, "scale": shapes},
                    "tooltip": tips,
                },
            },
            *(
                {
                    "transform": [{"filter": f"datum.place === {place}"}],
                    "mark": {"type": "text", "dy": dy, "fontSize": 12, "align": "right", "dx": 12},
                    "encoding": {"text": text, "color": {"value": "currentColor"}},
                }
                for place, dy in enumerate((-15, 17, 32))
            ),
        ],
    }


_INK_AXIS = {
    "labelColor": "currentColor",
    "titleColor": "currentColor",
    "labelOpacity": 0.85,
    "titleOpacity": 0.85,
    "labelPadding": 8,
}
