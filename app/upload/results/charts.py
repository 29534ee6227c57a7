"""``python -m app.upload.results.charts``: make the Upload page's charts with Altair.

They go to ``charts.json``, which ``chart_specs`` reads for the page and for the HTML report.
"""

from __future__ import annotations

from collections.abc import Mapping

import altair as alt

from app.ui import chart_parts as parts
from app.ui import palette
from app.ui.chart_templates import PLACE

_HEIGHT = 300


def charts() -> Mapping[str, parts.Chart]:
    """Each chart, by the name of the frame that it shows."""
    return {"differences": differences(), "confusion": confusion()}


def differences() -> parts.Chart:
    """The chart for ``frames.differences``: images per power of ten, a bar for each lane."""
    chart: alt.Chart = (
        parts.chart()
        .mark_bar(strokeWidth=1, tooltip=True)
        .encode(
            x=alt.X("difference:O", sort=None, title=None).axis(labelAngle=0),
            xOffset=alt.XOffset("lane:N", scale=parts.of_place("lanes")),
            # A square root keeps small counts visible beside large ones.
            y=alt.Y(
                "images:Q",
                title="images, square root scale",
                stack=None,
                scale=alt.Scale(type="sqrt"),
            ).axis(grid=True, tickCount=5, tickMinStep=1, format=",d", labelOverlap=True),
            color=parts.colour(),
            stroke=parts.colour(alt.Stroke),
            fillOpacity=parts.filling(),
            tooltip=["lane:N", "difference:N", alt.Tooltip("images:Q", format=",")],
        )
        .properties(height=_HEIGHT)
    )
    return chart


def confusion() -> parts.Chart:
    """The chart for ``frames.confusion``: labels in rows, readings in columns, errors in red."""
    axis = alt.Axis(labelAngle=0, labelFlush=False)
    classes = parts.of_place("classes")
    base = (
        parts.chart()
        .transform_filter("datum.images > 0")
        .encode(
            x=alt.X("read:O", title="read as", scale=classes, axis=axis),
            y=alt.Y("label:O", title="label", scale=classes, axis=axis),
            tooltip=[
                "label:N",
                "read:N",
                alt.Tooltip("images:Q", format=","),
                alt.Tooltip("share:Q", format=".2%"),
            ],
        )
    )
    strength = alt.Scale(type="sqrt", domain=[0, 1], range=[0.2, 0.5])
    cells = base.mark_rect().encode(
        color=alt.condition(
            "datum.label === datum.read", alt.value(PLACE + "colour"), alt.value(palette.ERROR)
        ),
        opacity=alt.Opacity("share:Q", scale=strength, legend=None),
    )
    numbers = base.mark_text(fontWeight=600, aria=False).encode(
        text=alt.Text("images:Q", format=","), color=parts.ink()
    )
    return alt.layer(cells, numbers).properties(height=_HEIGHT)


if __name__ == "__main__":
    parts.write(__file__, charts())
