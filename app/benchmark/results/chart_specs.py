"""A benchmark's charts: the colour shows the format, shape and dash the runtime."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pandas as pd
import streamlit as st

from app.benchmark.report import LaneTimes
from app.benchmark.results import frames
from app.ui import chart_templates, chart_theme
from models.lanes import BACKENDS, KERAS3, LITERT, TENSORFLOW

RUNTIMES = (TENSORFLOW, *(f"tfjs/{backend}" for backend in BACKENDS), LITERT, KERAS3)
_SHAPES = ("square", "circle", "triangle-up", "diamond", "cross", "triangle-down", "triangle-left")
_DASHES = ([6, 3], [1, 0], [3, 2], [8, 3, 2, 3], [1, 2], [2, 5], [6, 1])
_TEMPLATES = Path(__file__).with_name("charts.json")


def show(lanes: Sequence[LaneTimes]) -> None:
    """Show the three charts of a report with their titles."""
    with st.container(key="benchmark-charts"):
        _draw(
            "steady",
            lanes,
            frames.steady(lanes),
            title="One picture: how long each version takes, again and again",
            how="Every line is one prediction after warm-up, the thick one their median, in ms.",
        )
        _draw(
            "stages",
            lanes,
            frames.stages(lanes),
            title="Loading and the first answer against later ones",
            how="Square: loading. Circle: the first answer. Line: the median of later ones. In ms.",
        )
    _draw(
        "throughput",
        lanes,
        frames.throughput(lanes),
        title="Many pictures: how many a second, by the size of a batch",
        how="Both axes are logarithmic. Blue is graph, orange layers, grey Keras; shape and dash "
        "say where it runs.",
    )


def _draw(
    name: str, lanes: Sequence[LaneTimes], data: pd.DataFrame, *, title: str, how: str
) -> None:
    spec = chart_templates.spec(_TEMPLATES, name, places([str(each.lane) for each in lanes]))
    chart_theme.draw(spec, data, title=title, how=how, key=f"benchmark-{name}")


def places(lanes: Sequence[str]) -> dict[str, object]:
    """Values for the templates' places. Only measured runtimes are in a legend."""
    measured = {lane.partition(" @ ")[2] for lane in lanes}
    indexes = [index for index, runtime in enumerate(RUNTIMES) if runtime in measured]
    return chart_templates.lane_places(lanes) | {
        "runtimes": [RUNTIMES[index] for index in indexes],
        "runtime_shapes": [_SHAPES[index] for index in indexes],
        "runtime_dashes": [_DASHES[index] for index in indexes],
    }
