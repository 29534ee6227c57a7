"""The pages' files that every page's HTML holds or announces, for ``page_html``."""

from __future__ import annotations

from pathlib import Path

_APP = Path(__file__).resolve().parents[1]
STYLES = (
    _APP / "ui" / "base.css",
    _APP / "streamlit_internals" / "page.css",
    *sorted(_APP.glob("*/style.css")),
    _APP / "upload" / "results" / "tables.css",
)
# The canvas's modules. The browser fetches them in parallel with Streamlit's own script, instead of
# one after the other once that has run. More of them would delay Streamlit's script.
PRELOADED = (
    "draw/canvas/canvas.js",
    "draw/canvas/undo.js",
    "draw/events.js",
    "frontend/component.js",
    "frontend/tfjs.js",
    "streamlit_internals/canvas_package.js",
    "streamlit_internals/root_address.js",
)
