"""What the Draw page's Altair charts have in common: axes, scales, colours, and how one is kept."""

from __future__ import annotations

from typing import Any

import altair as alt

from app.ui import palette
from app.ui.chart_theme import AXIS, SHORT, WHOLE_POWER, Spec


def chart() -> alt.Chart:
    """A chart without data: its rows come later, by the name ``rows``."""
    return alt.Chart(alt.NamedData("rows"))


def spec(drawn: Any, *, height: int) -> Spec:
    """The chart as a dict without data, which come separately."""
    plain = drawn.properties(height=height, width="container").configure_axis(**AXIS)
    kept: Spec = plain.to_dict()
    _drop_data(kept)
    return kept


def _drop_data(part: Any) -> None:
    if isinstance(part, dict):
        part.pop("data", None)
        part.pop("$schema", None)
        for each in part.values():
            _drop_data(each)
    elif isinstance(part, list):
        for each in part:
            _drop_data(each)


def bands(lanes: tuple[str, ...]) -> alt.Scale:
    """One cell of a matrix a lane."""
    return alt.Scale(domain=list(lanes), paddingInner=0.04)


def milliseconds(field: str, usual: tuple[float, float]) -> alt.X:
    """A logarithmic axis of times that holds the usual ones, whatever the rows say."""
    scale = alt.Scale(type="log", nice=True, domain=alt.DomainUnionWith(unionWith=list(usual)))
    return alt.X(f"{field}:Q", title="milliseconds, log scale", scale=scale).axis(
        titleFontSize=12,
        titlePadding=6,
        labelOverlap="greedy",
        # A line at every power of ten is enough.
        gridOpacity=alt.condition(WHOLE_POWER, alt.value(1), alt.value(0)),
    )


def lane_axis(lanes: tuple[str, ...]) -> alt.Y:
    """A row a lane, by its short name."""
    return alt.Y("lane:N", title=None, scale=alt.Scale(domain=list(lanes))).axis(
        labelExpr=SHORT, labelLimit=130, labelFlush=False
    )


def colour(lanes: tuple[str, ...], kind: Any = alt.Color) -> Any:
    """A lane's colour, the same on every chart, as ``kind`` of encoding."""
    scale = alt.Scale(domain=list(lanes), range=[palette.of_lane(lane) for lane in lanes])
    return kind("lane:N", scale=scale, legend=None)


def shape(lanes: tuple[str, ...]) -> alt.Shape:
    """Circles: in the browser. Squares: on the server."""
    shapes = ["circle" if "tfjs" in lane else "square" for lane in lanes]
    return alt.Shape("lane:N", scale=alt.Scale(domain=list(lanes), range=shapes), legend=None)


def ink() -> Any:
    """The page's own text colour, in either theme: Vega draws SVG, which knows the word."""
    return alt.value("currentColor")
