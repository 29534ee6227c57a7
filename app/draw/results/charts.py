"""``python -m app.draw.results.charts``: write ``charts.json``, the Draw page's charts by Altair.

A chart holds no data: each digit brings new rows, and the chart is updated in place.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import altair as alt

from app.ui import chart_parts as parts
from app.ui.chart_templates import PLACE

FLOOR = 1e-12  # smaller differences are drawn here: float32 cannot resolve them
ZERO = 1e-14  # where an exact zero is drawn, which has no logarithm
_POWERS = (
    f"datum.value < {FLOOR / 10} ? '0' : datum.value < {FLOOR * 10} ? '≤ 1e-12' : "
    "datum.value > 0.1 ? '1' : format(datum.value, '.0e')"
)
FINEST_MS = 0.005  # a browser's finest clock; a coarse one says 0, which has no logarithm
# Milliseconds. Axes include the usual times, and grow for others, so that they mostly do not change
# from digit to digit.
_STEADY_MS = (0.1, 100)
_LOAD_MS = (1, 10_000)
_GAP = 0.04  # between two cells, as a share of a cell
VERSION = alt.Tooltip("version:N")
# A lane beside an axis, as short as it can be told from the others: "Keras", "graph, browser".
_NAMES = (
    "replace(replace(replace(datum.label, /^keras @ .*/, 'Keras'), / @ tfjs.*/, ', browser'), "
    "/ @ .*/, ', server')"
)


def _chart() -> alt.Chart:
    """A chart whose tooltips name versions as the page does."""
    return parts.chart().transform_calculate(version=_named("lane"))


def _named(field: str) -> str:
    """A Vega expression for a lane's name, see ``models.lanes.page_name``."""
    place = f"indexof(datum.{field}, '@ tfjs') > 0 ? ', in your browser' : ', on the server'"
    return f"replace(datum.{field}, / @ .*/, '') + ({place})"


def charts() -> Mapping[str, parts.Chart]:
    """Each chart by the name of its rows."""
    return {
        "probabilities": probabilities(),
        "probabilities log": probabilities_log(),
        "differences": differences(),
        "pairs": pairs(),
        "steady": steady(),
        "load": load_first(),
    }


def _sized(chart: parts.Chart, *, height: int) -> parts.Chart:
    return chart.properties(height=height, width="container")


def probabilities() -> parts.Chart:
    """Bars of ``chart_rows.js``'s probabilities: one for each class and lane, in their order."""
    y = alt.Y("probability:Q", title=None, scale=alt.Scale(domain=[0, 1])).axis(
        format=".0%", values=[0, 0.5, 1]
    )
    return _bars(_chart(), y=y)


def probabilities_log() -> parts.Chart:
    """The same on a log scale, on which a probability of 1e-9 can be seen."""
    chart = _chart().transform_calculate(shown=f"max(datum.probability, {FLOOR})")
    scale = alt.Scale(type="log", domain=[FLOOR, 1])
    y = alt.Y("shown:Q", title=None, scale=scale).axis(
        labelExpr=_POWERS, values=[FLOOR, 1e-9, 1e-6, 1e-3, 1]
    )
    return _bars(chart, y=y, y2=alt.Y2Datum(FLOOR))


def _bars(chart: alt.Chart, **heights: Any) -> parts.Chart:
    bars = chart.mark_bar(stroke="#000", strokeWidth=1)
    return _sized(
        bars.encode(
            x=alt.X("label:N", title=None, scale=parts.of_place("classes")).axis(
                labelAngle=0, labelFontSize=13, ticks=False
            ),
            xOffset=alt.XOffset("lane:N", scale=parts.of_place("lanes", paddingInner=0.15)),
            color=parts.colour(),
            stroke=parts.colour(alt.Stroke),
            fillOpacity=parts.filling(),
            tooltip=[VERSION, "label:N", alt.Tooltip("probability:Q", format=".9f")],
            **heights,
        ),
        height=150,
    )


def differences() -> parts.Chart:
    """Points of ``chart_rows.differences``, on a log scale, and a line at what is allowed."""
    base = _chart()
    points = (
        base.transform_calculate(
            shown=f"datum.difference == 0 ? {ZERO} : clamp(datum.difference, {FLOOR}, 1)"
        )
        .mark_point(size=46, strokeWidth=1.8, opacity=1)
        .encode(
            x=alt.X("label:N", title=None, scale=parts.of_place("classes")).axis(labelAngle=0),
            xOffset=alt.XOffset("lane:N", scale=parts.of_place("others")),
            y=alt.Y("shown:Q", title=None, scale=alt.Scale(type="log", domain=[ZERO, 1])).axis(
                labelExpr=_POWERS, values=[ZERO, FLOOR, 1e-10, 1e-8, 1e-6, 1e-4, 1e-2, 1], grid=True
            ),
            color=parts.colour(),
            shape=parts.shape(),
            tooltip=[VERSION, "label:N", alt.Tooltip("difference:Q", format=".3e")],
        )
    )
    once = base.transform_aggregate(rows="count()")  # one mark, not one for each row
    allowed = alt.YDatum(PLACE + "allowed", type="quantitative")
    line = once.mark_rule(aria=False).encode(y=allowed, color=parts.ink())
    name = once.mark_text(aria=False, align="right", dy=-7, fontSize=11).encode(
        x=alt.value("width"),
        y=allowed,
        text=alt.value(PLACE + "allowed_name"),
        color=parts.ink(),
    )
    return _sized(alt.layer(points, line, name), height=170)


def pairs() -> parts.Chart:
    """A matrix of ``chart_rows.pairs``: the largest difference of each pair, as numbers."""
    base = (
        parts.chart()
        .transform_calculate(
            one=_named("lane_a"),
            other=_named("lane_b"),
            number="datum.max_abs == 0 ? '0' : format(datum.max_abs, '.0e')",
            text="datum.same_top ? datum.number : '≠ ' + datum.number",
            shown=f"max(datum.max_abs, {FLOOR})",
        )
        .encode(
            x=alt.X("lane_b:N", title=None, scale=parts.of_place("others", paddingInner=_GAP)).axis(
                labelExpr=f"split({_NAMES}, ', ')",
                labelAngle=0,
                labelFlush=False,
                labelPadding=22,  # two lines
                orient="top",
            ),
            y=alt.Y(
                "lane_a:N", title=None, scale=parts.of_place("all_but_last", paddingInner=_GAP)
            ).axis(labelExpr=_NAMES, labelLimit=110, labelFlush=False),
            tooltip=["one:N", "other:N", alt.Tooltip("max_abs:Q", format=".3e"), "same_top:N"],
        )
    )
    cells = base.mark_rect(color="#64748b").encode(
        opacity=alt.Opacity(
            "shown:Q",
            scale=alt.Scale(type="log", domain=[FLOOR, 1], range=[0.06, 0.55], clamp=True),
            legend=None,
        )
    )
    numbers = base.mark_text(fontWeight=600).encode(text="text:N", color=parts.ink())
    return _sized(alt.layer(cells, numbers), height=170)


def steady() -> parts.Chart:
    """Ticks of ``chart_rows.js``'s steady: each prediction, and the median with its value."""
    base = (
        _chart()
        .transform_calculate(shown=f"max(datum.ms, {FINEST_MS})")
        .encode(y=parts.lane_axis(_NAMES), color=parts.colour())
    )
    each = base.mark_tick(thickness=1.2, opacity=0.45, size=15).encode(
        x=parts.milliseconds("shown", _STEADY_MS),
        tooltip=[VERSION, alt.Tooltip("ms:Q", format=".3f")],
    )
    middle = base.mark_tick(thickness=4, size=20).encode(
        x="median(shown):Q", tooltip=[VERSION, alt.Tooltip("median(ms):Q", format=".3f")]
    )
    value = (
        base.transform_aggregate(middle="median(ms)", groupby=["lane"])
        .transform_calculate(written=parts.written("middle"))
        .mark_text(align="right", fontWeight=600)
        .encode(x=alt.value("width"), text="written:N", color=parts.ink())
    )
    return _sized(alt.layer(each, middle, value), height=208)


def load_first() -> parts.Chart:
    """Two marks of ``chart_rows.js``'s load for each lane: load and first prediction."""
    base = _chart().encode(
        y=parts.lane_axis(_NAMES),
        tooltip=[VERSION, "kind:N", alt.Tooltip("ms:Q", format=".1f")],
    )
    marks = base.mark_point(size=90, filled=True, opacity=1).encode(
        x=parts.milliseconds("ms", _LOAD_MS),
        color=parts.colour(),
        shape=alt.Shape(
            "kind:N",
            scale=alt.Scale(domain=["load", "first"], range=["square", "circle"]),
            legend=None,
        ),
    )
    # One value above, the other below: the two times are often nearly equal.
    values = [
        base.transform_filter(alt.datum.kind == kind)
        .transform_calculate(written=parts.written("ms"))
        .mark_text(dy=dy, fontSize=11)
        .encode(x="ms:Q", text="written:N", color=parts.ink())
        for kind, dy in (("load", -12), ("first", 13))
    ]
    return _sized(alt.layer(marks, *values), height=208)


if __name__ == "__main__":
    parts.write(__file__, charts())
