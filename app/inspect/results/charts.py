"""``python -m app.inspect.results.charts``: make the Inspect page's charts with Altair.

They go to ``charts.json``, which ``chart_specs`` reads.
"""

from __future__ import annotations

from collections.abc import Mapping

import altair as alt

from app.inspect.results.chart_specs import CEILING, FLOOR
from app.ui import chart_parts as parts
from app.ui.chart_templates import PLACE

_DASHED = "#c2410c"
_SMALL = f"datum.value <= {FLOOR} ? '≈ 0' : format(datum.value, '.0e')"
_TICKS = [FLOOR, 1e-7, 1e-5, 1e-3, 1e-1]
_DIFFERENCES = ("relative", "max_abs", "mean_abs")


def charts() -> Mapping[str, parts.Chart]:
    """Each chart, by its name."""
    return {"depth": depth(), "sizes": sizes()}


def depth() -> parts.Chart:
    """The chart for ``chart_specs.depth``: a row per layer, a mark per lane, × beyond tolerance."""
    scale = alt.Scale(type="log", domain=[FLOOR, CEILING])
    # The line has its own data, so that it shows before any lane has answered.
    tolerance = (
        alt.Chart(alt.sequence(1))
        .mark_rule(color=_DASHED, aria=False)
        .encode(x=alt.XDatum(PLACE + "rtol", type="quantitative", scale=scale))
    )
    base = parts.chart().encode(
        x=alt.X("shown:Q", title=None, scale=scale).axis(
            labelExpr=_SMALL, values=_TICKS, orient="top"
        ),
        y=alt.Y("layer:N", title=None, scale=parts.of_place("layers")).axis(
            labelExpr=PLACE + "label", labelLimit=150, grid=True
        ),
    )
    points = base.mark_point(size=60, strokeWidth=1.8, opacity=1, filled=True).encode(
        color=parts.colour(),
        stroke=parts.colour(alt.Stroke),
        shape=parts.shape(),
        fillOpacity=parts.filling(),
        description="said:N",
        tooltip=[
            "version:N",
            "layer:N",
            *(alt.Tooltip(f"{name}:Q", format=".2e") for name in _DIFFERENCES),
            "worst:N",
        ],
    )
    beyond = base.transform_filter("datum.beyond").mark_text(text="×", dx=11, fontSize=15)
    crosses = beyond.encode(color=parts.ink())
    return alt.layer(tolerance, points, crosses).properties(width="container")


def sizes() -> parts.Chart:
    """The chart for ``sizes.frame``: a mark per stored form, with its accuracy beside it."""
    base = parts.chart().encode(
        x=alt.X(
            "kilobytes:Q", title="kB on the wire (gzip)", scale=alt.Scale(zero=True, nice=True)
        ).axis(tickCount=6, labelOverlap="greedy"),
        # The domain leaves room for two labels below the floor.
        y=alt.Y(
            "shown:Q", title=None, scale=alt.Scale(type="log", domain=[FLOOR / 40, CEILING])
        ).axis(labelExpr=_SMALL, values=_TICKS),
    )
    shapes = alt.Scale(
        domain=["float32", "float16", "uint8"], range=["circle", "diamond", "square"]
    )
    points = base.mark_point(filled=True, size=120, opacity=1).encode(
        color=alt.Color(
            "form:N",
            scale=parts.of_place("lanes", range=parts.place("colours")),
            legend=None,
        ),
        shape=alt.Shape("weights:N", scale=shapes, legend=None),
        tooltip=[
            "form:N",
            alt.Tooltip("kilobytes:Q", format=",.1f"),
            alt.Tooltip("difference:Q", format=".2e"),
            alt.Tooltip("same:Q", format=".1%"),
            alt.Tooltip("accuracy:Q", format=".2%"),
        ],
    )
    labels = [
        base.transform_filter(f"datum.place === {place}")
        .mark_text(dy=dy, align="right", dx=12)
        .encode(text="label:N", color=parts.ink())
        for place, dy in enumerate((-15, 17, 32))
    ]
    return alt.layer(points, *labels).properties(height=340, width="container")


if __name__ == "__main__":
    parts.write(__file__, charts())
