"""How every chart looks, and how one is shown under its heading.

Titles are the page's own text: they wrap, and follow the theme.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

import streamlit as st

from app.ui import markup

if TYPE_CHECKING:
    import pandas as pd

Spec = dict[str, Any]

_ALTERNATIVE = "The same values are in the table of exact values."
SHORT = "replace(replace(datum.label, ' @ tensorflow', ' · server'), / @ (tfjs.)?/, ' · ')"
WHOLE_POWER = "abs(log(datum.value) / LN10 - round(log(datum.value) / LN10)) < 1e-9"
AXIS = {
    # The theme's grey is too light to read on white (3.9:1).
    "labelColor": "currentColor",
    "titleColor": "currentColor",
    "labelOpacity": 0.85,
    "titleOpacity": 0.85,
    "labelOverlap": False,
    "labelPadding": 8,
}
# As Streamlit draws charts, for one that a component draws. Whatever has the text's own colour
# follows the theme without being drawn anew.
_ALONE: dict[str, Any] = {
    "autosize": {"type": "fit", "contains": "padding"},
    "axis": {
        "domain": False,
        "gridColor": "color-mix(in srgb, currentColor 12%, transparent)",
        "labelBound": False,
        "labelFlush": True,
        "labelFlushOffset": 1,
        "labelFontSize": 12,
        "labelFontWeight": 400,
        "labelLimit": 100,
        "labelSeparation": 4,
        "ticks": False,
        "titleFontSize": 14,
        "titleFontWeight": 400,
        "titlePadding": 16,
    },
    "axisDiscrete": {"grid": False},
    "axisXBand": {"grid": False},
    "axisXPoint": {"grid": False},
    "background": "transparent",
    "bar": {"binSpacing": 4, "discreteBandSize": {"band": 0.85}},
    "mark": {"tooltip": {"content": "encoding"}},
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

    ``height`` in pixels, the axes included, is kept for it while it loads.
    """
    with st.container(key=key, gap="xxsmall"):
        markup.chart_title(title, how)
        plot(spec, data, says=f"{title}. {how}", height=height)


def plot(
    spec: Spec, data: pd.DataFrame, *, says: str, height: int | Literal["content"] = "content"
) -> None:
    """Show a chart alone; ``says`` tells what it shows and how to read it."""
    alt = f"{says} {_ALTERNATIVE}"
    st.vega_lite_chart(data, spec, width="stretch", height=height, alt=alt)


def alone(spec: Spec, *, says: str) -> Spec:
    """The chart with all that Streamlit would add, for a component; ``says`` as in ``plot``."""
    own = spec.get("config", {})
    config = own | _ALONE | {part: _ALONE[part] | own.get(part, {}) for part in ("axis", "view")}
    described = f"{says} {_ALTERNATIVE}"
    return spec | {"config": config, "description": described, "padding": {"bottom": 20}}
