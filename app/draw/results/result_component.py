"""The places of a digit's reading on the Draw page, and the component that fills them.

The page writes the places once; Streamlit never changes their content. ``result_component.js``
shows a reading there when the fragment or ``result_api`` sends it, whichever is first.
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
URL_PATH = "served/reading"

_component = component.component(
    "digit_parity_sheet",
    "draw/results/result_component.js",
    html='<div class="dp-sheet" hidden></div>',
    isolate_styles=False,
)
# Streamlit passes on only data that changed, so each run's data differ.
_runs = itertools.count()


def place(name: str) -> None:
    """The place of a part of a reading."""
    st.html(templates.render("draw/results/places.html", "place", name))


def mount(reading: Reading, *, model: str, backend: str) -> None:
    """Show a reading in the places; ``backend`` is that of the browser's lanes."""
    _component(
        key=KEY,
        data={
            "run": next(_runs),
            "address": URL_PATH,
            "vega": vega.script(),
            "specs": chart_specs.url_path(model, backend),
            "reading": reading.plain(),
            "cutOff": markup.verdict_html(CUT_OFF),
        },
    )
