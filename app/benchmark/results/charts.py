"""A benchmark's charts: colour is the format, shape and dash the runtime."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import Any

import streamlit as st

from app.benchmark.report import LaneTimes
from app.benchmark.results import frames
from app.benchmark.results.frames import KINDS
from app.ui import chart_theme
from app.ui.chart_encodings import colour, tip
from models.lanes import BACKENDS, LITERT, TENSORFLOW

RUNTIMES = (TENSORFLOW, *(f"tfjs/{backend}" for backend in BACKENDS), LITERT)
_SHAPES = ("square", "circle", "triangle-up", "diamond", "cross", "triangle-down")
_DASHES = ([6, 3], [1, 0], [3, 2], [8, 3, 2, 3], [1, 2], [2, 5])
_ROW = 30  # pixels of height a lane


def show(lanes: Sequence[LaneTimes]) -> None:
    """The three charts of a report, each under what it says."""
    names = tuple(str(each.lane) for each in lanes)
    with st.container(key="benchmark-charts"):
        chart_theme.draw(
            steady_spec(names),
            frames.steady(lanes),
            title="One digit: how long each lane takes, again and again",
            how="Every line is one prediction after warm-up, the thick one their median, in ms.",
            key="benchmark-steady",
        )
        chart_theme.draw(
            stages_spec(names),
            frames.stages(lanes),
            title="Load and first against steady",
            how="Square: load. Circle: first prediction. Line: median of the warm ones. All in ms.",
            key="benchmark-stages",
        )
    chart_theme.draw(
        throughput_spec(names),
        frames.throughput(lanes),
        title="Many digits: images per second over the batch's size",
        how="Both axes are logarithmic. Blue is graph, orange layers, grey Keras; shape and dash "
        "are the runtime.",
        key="benchmark-throughput",
    )


@cache
def steady_spec(lanes: tuple[str, ...]) -> chart_theme.Spec:
    """Of ``steady``."""
    middle = {"x": {"aggregate": "max", "field": "p50", "type": "quantitative"}}
    return {
        "height": {"step": _ROW},
        "config": {"axis": chart_theme.AXIS},
        "encoding": {"y": _lane_axis(lanes), "color": colour(lanes)},
        "layer": [
            {
                "mark": {"type": "tick", "thickness": 1.2, "opacity": 0.4, "size": 15},
                "encoding": {"x": _ms("ms"), "tooltip": [tip("lane"), tip("ms", ".3f")]},
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
def throughput_spec(lanes: tuple[str, ...]) -> chart_theme.Spec:
    """Of ``throughput``."""
    runtimes = _runtimes(lanes)
    dash = [_DASHES[RUNTIMES.index(each)] for each in runtimes]
    shape = [_SHAPES[RUNTIMES.index(each)] for each in runtimes]
    axis = {"values": [1, 8, 32, 128, 512], "format": "d", "grid": True}
    return {
        "height": 340,
        "config": {"axis": chart_theme.AXIS},
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
            "color": colour(lanes),
            "tooltip": [tip("lane"), tip("batch"), tip("images", ",.0f")],
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
def stages_spec(lanes: tuple[str, ...]) -> chart_theme.Spec:
    """Of ``stages``."""
    scale = {"domain": list(KINDS), "range": ["square", "circle", "stroke"]}
    return {
        "height": {"step": _ROW},
        "config": {"axis": chart_theme.AXIS},
        "mark": {"type": "point", "filled": True, "size": 110, "opacity": 1, "strokeWidth": 3},
        "encoding": {
            "y": _lane_axis(lanes),
            "x": _ms("ms"),
            "color": colour(lanes),
            "stroke": {**colour(lanes)},
            "shape": {"field": "kind", "type": "nominal", "scale": scale, "legend": None},
            "tooltip": [tip("lane"), tip("kind"), tip("ms", ".3f")],
        },
    }


def _runtimes(lanes: Sequence[str]) -> list[str]:
    return [each for each in RUNTIMES if any(lane.endswith(f" @ {each}") for lane in lanes)]


def _lane_axis(lanes: Sequence[str]) -> dict[str, Any]:
    axis = {"labelExpr": chart_theme.SHORT, "labelLimit": 130, "ticks": False, "domain": False}
    scale = {"domain": list(lanes)}
    return {"field": "lane", "type": "nominal", "title": None, "scale": scale, "axis": axis}


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
            "gridOpacity": {"condition": {"test": chart_theme.WHOLE_POWER, "value": 1}, "value": 0},
        },
    }
