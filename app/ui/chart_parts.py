"""Common parts of the charts made with Altair: axes, scales, colours; and writing them.

Only the modules that make templates (``make charts``) import this and Altair. No page does.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import altair as alt

from app.ui.chart_templates import PLACE
from app.ui.chart_theme import INK, Spec

# A version's name on an axis, as ``version_names.short`` gives it.
SHORT = (
    "replace(replace(replace(datum.label, 'keras', 'Keras'), / @ tfjs.*/, ', browser'), "
    "/ @ .*/, ', server')"
)
_WHOLE_POWER = "abs(log(datum.value) / LN10 - round(log(datum.value) / LN10)) < 1e-9"
_NO_ROWS = ("data", {"name": "rows"})

Chart = alt.Chart | alt.LayerChart | alt.FacetChart


def write(file: str, charts: Mapping[str, Chart]) -> None:
    """Write ``charts.json`` beside the module ``file`` that made the charts."""
    Path(file).with_name("charts.json").write_text(text(charts), "utf-8", newline="\n")


def text(charts: Mapping[str, Chart]) -> str:
    """The charts by name, as ``charts.json`` has them."""
    templates = {name: _template(chart) for name, chart in charts.items()}
    return json.dumps(templates, indent=1, ensure_ascii=False) + "\n"


def _template(chart: Chart) -> Spec:
    """The chart without its rows and theme, which each page adds."""
    spec: Spec = _plain(chart.to_dict())
    del spec["$schema"], spec["config"]
    return spec


def _plain(part: Any) -> Any:
    """A part without rows; a list that stands for a place becomes the place's name."""
    if isinstance(part, dict):
        return {name: _plain(each) for name, each in part.items() if (name, each) != _NO_ROWS}
    if isinstance(part, list):
        is_place = len(part) == 1 and isinstance(part[0], str) and part[0].startswith(PLACE)
        return part[0] if is_place else [_plain(each) for each in part]
    return part


def chart() -> alt.Chart:
    """A chart without data: its rows are added later."""
    return alt.Chart(alt.NamedData(name="rows"))


def place(name: str) -> list[str]:
    """A place for a list of values, by its name (``chart_templates``)."""
    return [PLACE + name]


def of_place(name: str, **more: Any) -> alt.Scale:
    """A scale whose domain is a place's values, in order."""
    return alt.Scale(domain=place(name), **more)


def colour(kind: Any = alt.Color) -> Any:
    """An encoding of type ``kind`` for a lane's colour, the same on every chart."""
    return kind("lane:N", scale=of_place("lanes", range=place("colours")), legend=None)


def shape() -> alt.Shape:
    """Circles for lanes in the browser, squares for those on the server."""
    return alt.Shape("lane:N", scale=of_place("lanes", range=place("shapes")), legend=None)


def filling() -> Any:
    """The fill's opacity: lanes in the browser are filled, those on the server outlined."""
    return alt.condition("indexof(datum.lane, 'tfjs') > 0", alt.value(0.95), alt.value(0.15))


def ink() -> Any:
    """The page's text colour."""
    return alt.value(INK)


def lane_axis(names: str = SHORT) -> alt.Y:
    """A row for each lane, labelled by the Vega expression ``names``."""
    return alt.Y("lane:N", title=None, scale=of_place("lanes")).axis(
        labelExpr=names, labelLimit=130, labelFlush=False
    )


def written(field: str) -> str:
    """A Vega expression that formats a time as ``models.parity.figures.time`` does."""
    value = f"datum.{field}"
    return (
        f"format({value}, {value} >= 9.95 ? ',.0f' : {value} >= 0.995 ? '.1f' : "
        f"{value} >= 0.0995 ? '.2~f' : '.3~f')"
    )


def milliseconds(field: str, usual: Sequence[float] = ()) -> alt.X:
    """A logarithmic axis of times that always includes the ``usual`` ones."""
    domain = alt.DomainUnionWith(unionWith=list(usual)) if usual else alt.Undefined
    scale = alt.Scale(type="log", nice=True, domain=domain)
    return alt.X(f"{field}:Q", title="milliseconds, log scale", scale=scale).axis(
        labelOverlap="greedy",
        # Grid lines only at powers of ten.
        gridOpacity=alt.condition(_WHOLE_POWER, alt.value(1), alt.value(0)),
    )
