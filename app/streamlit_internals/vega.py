"""Streamlit's own Vega, for the charts that a component of ours draws.

The other pages' charts use it too, so a visitor fetches it once. What this needs of Streamlit's
insides is here alone: a script whose one export loads Vega-Embed and its interpreter, which needs
no ``eval``.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path

from streamlit.file_util import get_static_dir


@cache
def script() -> str:
    """That script's address, below the app's root. Raises RuntimeError when it is not there."""
    static = Path(get_static_dir())
    found = list(static.glob("static/js/loadVegaEmbed.*.js"))
    if len(found) != 1:
        raise RuntimeError("Streamlit's files have changed: expected one loadVegaEmbed.*.js.")
    return found[0].relative_to(static).as_posix()
