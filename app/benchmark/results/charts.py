"""``python -m app.benchmark.results.charts``: make a benchmark's charts with Altair.

They go to ``charts.json``, which ``chart_specs`` reads.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypeVar

import altair as alt

from app.benchmark.results.frames import KINDS
from app.ui import chart_parts as parts
from app.ui.chart_theme import INK

_ROW = 36  # height of a lane in pixels: its label stands above its mark
# A version's name on an axis, as ``version_names.on_backend`` gives it.
ON_BACKEND = (
    "replace(replace(replace(replace(datum.label, 'keras @ litert', 'LiteRT @ '), "
    "'keras', 'Keras'), ' @ tfjs/', ' on '), / @ .*/, ' on the server')"
)
_RUNTIME = (
    "replace(replace(replace(replace(datum.label, 'tensorflow', 'the server'), 'keras3', "
    "'the server, Keras 3'), 'litert', 'LiteRT'), 'tfjs/', '')"
)
_Channel = TypeVar("_Channel", alt.StrokeDash, alt.Shape)


def charts() -> Mapping[str, parts.Chart]:
    """Each chart, by the name of the frame that it shows."""
    return {"steady": steady(), "stages": stages(), "throughput": throughput()}


def steady() -> parts.Chart:
    """The chart for ``frames.steady``: a mark for each prediction, and the labelled median."""
    base = parts.chart().encode(y=parts.lane_axis(ON_BACKEND), color=parts.colour())
    ticks = base.mark_tick(thickness=1.2, opacity=0.4, size=15).encode(
        x=parts.milliseconds("ms"), tooltip=["version:N", alt.Tooltip("ms:Q", format=".3f")]
    )
    middle = base.mark_tick(thickness=4, size=22).encode(x="max(p50):Q")
    value = (
        base.transform_aggregate(middle="max(p50)", groupby=["lane"])
        .transform_calculate(written=parts.written("middle"))
        .mark_text(dy=-15, fontSize=11)
        .encode(x="middle:Q", text="written:N", color=parts.ink())
    )
    return alt.layer(ticks, middle, value).properties(height=alt.Step(_ROW))


def stages() -> parts.Chart:
    """The chart for ``frames.stages``: load, first prediction and median of the warm ones."""
    shapes = alt.Scale(domain=list(KINDS), range=["square", "circle", "stroke"])
    chart: alt.Chart = (
        parts.chart()
        .mark_point(filled=True, size=110, opacity=1, strokeWidth=3)
        .encode(
            x=parts.milliseconds("ms"),
            y=parts.lane_axis(ON_BACKEND),
            color=parts.colour(),
            stroke=parts.colour(alt.Stroke),
            shape=alt.Shape("kind:N", scale=shapes, legend=None),
            tooltip=["version:N", "kind:N", alt.Tooltip("ms:Q", format=".3f")],
        )
        .properties(height=alt.Step(_ROW))
    )
    return chart


def throughput() -> parts.Chart:
    """The chart for ``frames.throughput``: images per second over batch size, a line per lane."""
    base = parts.chart().encode(
        x=alt.X(
            "batch:Q", title="pictures in a batch", scale=alt.Scale(type="log", domain=[1, 600])
        ).axis(values=[1, 8, 32, 128, 512], format="d", grid=True),
        y=alt.Y("images:Q", title="pictures per second", scale=alt.Scale(type="log")).axis(
            format="~s", tickCount=5
        ),
        color=parts.colour(),
        tooltip=["version:N", "batch:N", alt.Tooltip("images:Q", format=",.0f")],
    )
    lines = base.mark_line(strokeWidth=1.6).encode(
        detail="lane:N", strokeDash=_by_runtime(alt.StrokeDash, "runtime_dashes")
    )
    points = base.mark_point(filled=True, size=70, opacity=1).encode(
        shape=_by_runtime(alt.Shape, "runtime_shapes")
    )
    return alt.layer(lines, points).properties(height=340)


def _by_runtime(kind: type[_Channel], values: str) -> _Channel:
    """A dash or a shape for each runtime. The legends are equal, so that Vega-Lite merges them."""
    scale = parts.of_place("runtimes", range=parts.place(values))
    legend = alt.Legend(
        orient="top",
        title=None,
        labelExpr=_RUNTIME,
        symbolStrokeWidth=0,  # otherwise dashed like the lines
        symbolFillColor=INK,
        symbolSize=80,
    )
    return kind("runtime:N", scale=scale, legend=legend)


if __name__ == "__main__":
    parts.write(__file__, charts())
