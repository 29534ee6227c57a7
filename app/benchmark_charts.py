"""A benchmark's frames and charts: colour is the format, shape and dash the runtime."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import Any

import pandas as pd
import streamlit as st

from app import chart_look, palette
from app.benchmark_report import LaneTimes
from app.benchmark_text import images_per_second
from models.lanes import BACKENDS, LITERT, TENSORFLOW, Lane
from models.timing import median

RUNTIMES = (TENSORFLOW, *(f"tfjs/{backend}" for backend in BACKENDS), LITERT)
_SHAPES = ("square", "circle", "triangle-up", "diamond", "cross", "triangle-down")
_DASHES = ([6, 3], [1, 0], [3, 2], [8, 3, 2, 3], [1, 2], [2, 5])
_KINDS = ("load", "first", "steady p50")
_ROW = 30  # pixels of height a lane
_MOST_TICKS = 100  # a lane; more cannot be told apart


def show(lanes: Sequence[LaneTimes]) -> None:
    """The three charts of a report, each under what it says."""
    names = tuple(str(each.lane) for each in lanes)
    with st.container(key="benchmark-charts"):
        chart_look.draw(
            steady_spec(names),
            steady(lanes),
            title="One digit: how long each lane takes, again and again",
            how="Every line is one prediction after warm-up, the thick one their median, in ms.",
            key="benchmark-steady",
        )
        chart_look.draw(
            stages_spec(names),
            stages(lanes),
            title="Load and first against steady",
            how="Square: load. Circle: first prediction. Line: median of the warm ones. All in ms.",
            key="benchmark-stages",
        )
    chart_look.draw(
        throughput_spec(names),
        throughput(lanes),
        title="Many digits: images per second over the batch's size",
        how="Both axes are logarithmic. Blue is graph, orange layers, grey Keras; shape and dash "
        "are the runtime.",
        key="benchmark-throughput",
    )


def steady(lanes: Sequence[LaneTimes]) -> pd.DataFrame:
    """Columns lane, runtime, ms, p50: one row a prediction, at most ``_MOST_TICKS`` a lane."""
    rows = [
        (*_names(each.lane), ms, median(each.times.steady_ms))
        for each in lanes
        for ms in _thinned(each.times.steady_ms)
        if ms > 0  # a logarithm has no place for 0
    ]
    return pd.DataFrame(rows, columns=["lane", "runtime", "ms", "p50"])


def throughput(lanes: Sequence[LaneTimes]) -> pd.DataFrame:
    """Columns lane, runtime, batch, images: the median images per second of each batch size."""
    rows = [
        (*_names(each.lane), size, images)
        for each in lanes
        for size in each.batches
        if (images := images_per_second(each, size)) is not None
    ]
    return pd.DataFrame(rows, columns=["lane", "runtime", "batch", "images"])


def stages(lanes: Sequence[LaneTimes]) -> pd.DataFrame:
    """Columns lane, runtime, kind, ms: load, first and the median of the steady predictions."""
    rows = []
    for each in lanes:
        warm = median(each.times.steady_ms) if len(each.times.steady_ms) else None
        for kind, ms in zip(_KINDS, (each.times.load_ms, each.times.first_ms, warm), strict=True):
            if ms is not None and ms > 0:
                rows.append((*_names(each.lane), kind, ms))
    return pd.DataFrame(rows, columns=["lane", "runtime", "kind", "ms"])


@cache
def steady_spec(lanes: tuple[str, ...]) -> chart_look.Spec:
    """Of ``steady``."""
    middle = {"x": {"aggregate": "max", "field": "p50", "type": "quantitative"}}
    return {
        "height": {"step": _ROW},
        "config": {"axis": chart_look.AXIS},
        "encoding": {"y": _lane_axis(lanes), "color": _colour(lanes)},
        "layer": [
            {
                "mark": {"type": "tick", "thickness": 1.2, "opacity": 0.4, "size": 15},
                "encoding": {"x": _ms("ms"), "tooltip": [_tip("lane"), _tip("ms", ".3f")]},
            },
            {"mark": {"type": "tick", "thickness": 4, "size": 22}, "encoding": middle},
            {
                "mark": {"type": "text", "dy": -15, "fontSize": 11},
                "encoding": {
                    **middle,
                    "color": {"value": "currentColor"},
                    "text": {**middle["x"], "format": ".3~r"},
                },
            },
        ],
    }


@cache
def throughput_spec(lanes: tuple[str, ...]) -> chart_look.Spec:
    """Of ``throughput``."""
    runtimes = _runtimes(lanes)
    dash = [_DASHES[RUNTIMES.index(each)] for each in runtimes]
    shape = [_SHAPES[RUNTIMES.index(each)] for each in runtimes]
    axis = {"values": [1, 8, 32, 128, 512], "format": "d", "grid": True}
    return {
        "height": 340,
        "config": {"axis": chart_look.AXIS},
        "encoding": {
            "x": {
                "field": "batch",
                "type": "quantitative",
                "scale": {"type": "log", "domain": [1, 600]},
                "axis": axis,
                "title": "digits in a batch",
            },
            "y": {
                "field": "images",
                "type": "quantitative",
                "scale": {"type": "log"},
                "axis": {"format": "~s", "tickCount": 5},
                "title": "images per second",
            },
            "color": _colour(lanes),
            "tooltip": [_tip("lane"), _tip("batch"), _tip("images", ",.0f")],
        },
        "layer": [
            {
                "mark": {"type": "line", "strokeWidth": 1.6},
                "encoding": {
                    "detail": {"field": "lane"},
                    "strokeDash": _by_runtime(runtimes, dash),
                },
            },
            {
                "mark": {"type": "point", "filled": True, "size": 70, "opacity": 1},
                "encoding": {"shape": _by_runtime(runtimes, shape)},
            },
        ],
    }


@cache
def stages_spec(lanes: tuple[str, ...]) -> chart_look.Spec:
    """Of ``stages``."""
    scale = {"domain": list(_KINDS), "range": ["square", "circle", "stroke"]}
    return {
        "height": {"step": _ROW},
        "config": {"axis": chart_look.AXIS},
        "mark": {"type": "point", "filled": True, "size": 110, "opacity": 1, "strokeWidth": 3},
        "encoding": {
            "y": _lane_axis(lanes),
            "x": _ms("ms"),
            "color": _colour(lanes),
            "stroke": {**_colour(lanes)},
            "shape": {"field": "kind", "type": "nominal", "scale": scale, "legend": None},
            "tooltip": [_tip("lane"), _tip("kind"), _tip("ms", ".3f")],
        },
    }


def _names(lane: Lane) -> tuple[str, str]:
    return str(lane), lane.runtime


def _thinned(times: Sequence[float]) -> Sequence[float]:
    """At most ``_MOST_TICKS`` of them, evenly by rank, both ends among them."""
    if len(times) <= _MOST_TICKS:
        return times
    ranked, last = sorted(times), len(times) - 1
    return [ranked[round(each * last / (_MOST_TICKS - 1))] for each in range(_MOST_TICKS)]


def _runtimes(lanes: Sequence[str]) -> list[str]:
    return [each for each in RUNTIMES if any(lane.endswith(f" @ {each}") for lane in lanes)]


def _lane_axis(lanes: Sequence[str]) -> dict[str, Any]:
    axis = {"labelExpr": chart_look.SHORT, "labelLimit": 130, "ticks": False, "domain": False}
    scale = {"domain": list(lanes)}
    return {"field": "lane", "type": "nominal", "title": None, "scale": scale, "axis": axis}


def _colour(lanes: Sequence[str]) -> dict[str, Any]:
    scale = {"domain": list(lanes), "range": [palette.of_lane(lane) for lane in lanes]}
    return {"field": "lane", "type": "nominal", "scale": scale, "legend": None}


def _by_runtime(runtimes: Sequence[str], values: Sequence[Any]) -> dict[str, Any]:
    """A dash or a shape a runtime. The legends are alike, so that Vega-Lite makes one of them."""
    scale = {"domain": list(runtimes), "range": list(values)}
    legend = {
        "orient": "top",
        "title": None,
        "labelExpr": "replace(replace(datum.label, 'tensorflow', 'server'), 'tfjs/', '')",
        "labelColor": "currentColor",
        "symbolStrokeWidth": 0,  # else it is dashed as the lines are
        "symbolFillColor": "currentColor",
        "symbolSize": 80,
    }
    return {"field": "runtime", "type": "nominal", "scale": scale, "legend": legend}


def _ms(name: str) -> dict[str, Any]:
    return {
        "field": name,
        "type": "quantitative",
        "title": "milliseconds, log scale",
        "scale": {"type": "log", "nice": True},
        "axis": {
            "labelOverlap": "greedy",
            "gridOpacity": {"condition": {"test": chart_look.WHOLE_POWER, "value": 1}, "value": 0},
        },
    }


def _tip(name: str, form: str | None = None) -> dict[str, Any]:
    kind = "nominal" if form is None else "quantitative"
    return {"field": name, "type": kind} | ({} if form is None else {"format": form})
