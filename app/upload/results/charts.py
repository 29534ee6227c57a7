"""``python -m app.upload.results.charts``: make a whole set's charts with Altair.

They go to ``charts.json``, from where ``chart_specs`` has them, for the page and for the report.
"""

from __future__ import annotations

from collections.abc import Mapping

import altair as alt

from app.ui import chart_parts as parts
from app.ui import palette
from app.ui.chart_templates import PLACE

_HEIGHT = 300


def charts() -> Mapping[str, parts.Chart]:
    """Each chart by the name of the frame that it shows."""
    return {"differences": differences(), "confusion": confusion()}


def differences() -> parts.Chart:
    """Of ``frames.differences``: images a power of ten, one bar a lane."""
    chart: alt.Chart = (
        parts.chart()
        .mark_bar(strokeWidth=1, tooltip=True)
        .encode(
            x=alt.X("difference:O", sort=None, title=None).axis(labelAngle=0),
            xOffset=alt.XOffset("lane:N", scale=parts.of_place("lanes")),
            # So that few are seen beside many.
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
    """Of ``frames.confusion``: label in rows, read as in columns, errors in red."""
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
    cells = base.mark_rect(cornerRadius=3).encode(
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
