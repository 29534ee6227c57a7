"""The pages' stylesheets, which every page's HTML holds, for ``page_html``."""

from __future__ import annotations

from pathlib import Path

_APP = Path(__file__).resolve().parents[1]
STYLES = (
    _APP / "ui" / "tokens.css",
    _APP / "ui" / "base.css",
    _APP / "streamlit_internals" / "page.css",
    *sorted(_APP.glob("*/style.css")),
    _APP / "upload" / "results" / "tables.css",
    _APP / "inspect" / "results" / "diagram.css",
    _APP / "inspect" / "results" / "maps.css",
)
