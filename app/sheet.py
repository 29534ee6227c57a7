"""Where the Draw page shows a digit's reading: places, and the component that fills them.

The places are written once, with the page; Streamlit never looks at what is in them. The component,
``sheet.js``, puts readings there, from the fragment or from ``reading_routes``, whichever is first.
"""

from __future__ import annotations

import itertools
from html import escape

import streamlit as st

from app import plots, scripts, vega
from app.reading import Reading

KEY = "sheet"
ADDRESS = "served/reading"

_component = scripts.component(
    "digit_parity_sheet",
    "sheet.js",
    html='<div class="dp-sheet" hidden></div>',
    isolate_styles=False,
)
# Streamlit tells the component of what has changed only: no two runs' data are equal.
_runs = itertools.count()


def place(name: str) -> None:
    """The place of one of a reading's parts."""
    st.html(f'<div data-place="{escape(name)}"></div>')


def mount(reading: Reading, *, model: str, backend: str) -> None:
    """Show this reading in the places; ``backend`` is that of its browser's lanes."""
    _component(
        key=KEY,
        data={
            "run": next(_runs),
            "address": ADDRESS,
            "vega": vega.script(),
            "specs": plots.address(model, backend),
            "reading": reading.plain(),
        },
    )
