"""Where the Draw page shows a digit's reading: places, and the component that fills them.

The places are written once, with the page; Streamlit never looks at what is in them. The component,
``sheet.js``, puts readings there, from the fragment or from ``reading_routes``, whichever is first.
"""

from __future__ import annotations

import itertools

import streamlit as st

from app.draw.results import chart_specs
from app.draw.results.result_view_model import CUT_OFF, Reading
from app.frontend import component
from app.streamlit_internals import vega
from app.ui import markup, templates

KEY = "sheet"
ADDRESS = "served/reading"

_component = component.component(
    "digit_parity_sheet",
    "draw/results/result_component.js",
    html='<div class="dp-sheet" hidden></div>',
    isolate_styles=False,
)
# Streamlit tells the component of what has changed only: no two runs' data are equal.
_runs = itertools.count()


def place(name: str) -> None:
    """The place of one of a reading's parts."""
    st.html(templates.render("draw/results/places.html", "place", name))


def mount(reading: Reading, *, model: str, backend: str) -> None:
    """Show this reading in the places; ``backend`` is that of its browser's lanes."""
    _component(
        key=KEY,
        data={
            "run": next(_runs),
            "address": ADDRESS,
            "vega": vega.script(),
            "specs": chart_specs.address(model, backend),
            "reading": reading.plain(),
            "cutOff": markup.verdict_html(CUT_OFF),
        },
    )
