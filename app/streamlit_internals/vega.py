"""Streamlit's own Vega, for the charts of our component; see also ``vega.js``.

The other pages' charts use it too, so a visitor fetches it once.

Relied on: one script ``static/js/loadVegaEmbed.HASH.js``. If its name changes, ``script`` raises
RuntimeError in every run of the Draw page (tests/app/frontend/test_component.py).
"""

from __future__ import annotations

from functools import cache

from app.streamlit_internals import static


@cache
def script() -> str:
    """The script's URL path below the app's root. Raises RuntimeError if there is none."""
    files = list(static.folder().glob("static/js/loadVegaEmbed.*.js"))
    if len(files) != 1:
        raise RuntimeError("Streamlit's files have changed: expected one loadVegaEmbed.*.js.")
    return files[0].relative_to(static.folder()).as_posix()
