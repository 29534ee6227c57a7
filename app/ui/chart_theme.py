"""The theme of every chart, and how a chart is shown under its heading.

Titles are the page's text, so that they wrap and follow the theme.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

import streamlit as st

from app.ui import markup

if TYPE_CHECKING:
    import pandas as pd

Spec = dict[str, Any]

# The page's text colour in either theme: Vega draws SVG, which supports the keyword.
INK = "currentColor"
_ALTERNATIVE = "The same values are in the table of exact values."
# Every chart's configuration. Streamlit's theme adds what it leaves out.
CONFIG: dict[str, Any] = {
    "axis": {
        "domain": False,
        "gridColor": f"color-mix(in srgb, {INK} 12%, transparent)",
        "labelBound": False,
        # Streamlit's grey is too light to read on white (3.9:1).
        "labelColor": INK,
        "labelFlush": True,
        "labelFlushOffset": 1,
        "labelFontSize": 12,
        "labelFontWeight": 400,
        "labelLimit": 100,
        "labelOpacity": 0.85,
        "labelOverlap": False,
        "labelPadding": 8,
        "labelSeparation": 4,
        "ticks": False,
        "titleColor": INK,
        "titleFontSize": 12,
        "titleFontWeight": 400,
        "titleOpacity": 0.85,
        "titlePadding": 6,
    },
    "axisDiscrete": {"grid": False},
    "axisXBand": {"grid": False},
    "axisXPoint": {"grid": False},
    "bar": {"binSpacing": 4, "discreteBandSize": {"band": 0.85}},
    "legend": {"labelColor": INK, "titleColor": INK},
    "mark": {"tooltip": {"content": "encoding"}},
    "rect": {"cornerRadius": 4},  # a cell of a matrix
    "rule": {"strokeDash": [5, 4]},  # a bound
    "text": {"fontSize": 12},
    "view": {"stroke": "transparent"},
}


def draw(
    spec: Spec,
    data: pd.DataFrame,
    *,
    title: str,
    how: str,
    key: str,
    height: int | Literal["content"] = "content",
) -> None:
    """Show a chart under a title that says what it shows and a line that says how to read it.

    ``height`` in pixels, including the axes, is reserved while the chart loads.
    """
    with st.container(key=key, gap="xxsmall"):
        markup.chart_title(title, how)
        plot(spec, data, alt=f"{title}. {how} {_ALTERNATIVE}", height=height)


def plot(
    spec: Spec,
    data: pd.DataFrame,
    *,
    alt: str,
    key: str | None = None,
    height: int | Literal["content"] = "content",
) -> None:
    """Show a chart without a title; ``alt`` describes it for screen readers."""
    st.vega_lite_chart(
        data, spec | {"config": CONFIG}, width="stretch", height=height, alt=alt, key=key
    )


def alone(spec: Spec, *, says: str) -> Spec:
    """A specification complete without Streamlit, for a component; ``says`` describes it."""
    return spec | {
        "background": "transparent",
        "autosize": {"type": "fit", "contains": "padding"},
        "config": CONFIG,
        "description": f"{says} {_ALTERNATIVE}",
        "padding": {"bottom": 20},
    }
