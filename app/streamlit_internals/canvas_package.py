"""The files of the package streamlit-drawable-canvas; ``canvas_package.js`` runs its canvas.

We serve them ourselves (``app/web/assets.py``): Streamlit would only once the package is imported,
which takes a new server time, and browsers could not keep them.

Relied on: one script, with a hash of its contents in its name, and its stylesheets in
``frontend/build``; the toolbar's class. If files move, the server answers no page; if the class
changes, the package's toolbar is shown (tests/e2e/pages/draw).
"""

from __future__ import annotations

from functools import cache
from importlib.util import find_spec
from pathlib import Path

_NAME = "streamlit_drawable_canvas"
# The page has its own Undo and Clear, and in the toolbar's edit mode strokes would draw nothing.
# The package shows the toolbar with an inline style, hence `!important`.
_NO_TOOLBAR = ".dc-toolbar { display: none !important }"
URL_PATH = "served/canvas"


def style() -> str:
    """The package's CSS, with the toolbar hidden."""
    return "".join(path.read_text("utf-8") for path in _files("*.css")) + _NO_TOOLBAR


def script() -> str:
    """The URL path of the package's script, below the app's root."""
    return f"{URL_PATH}/{script_file().name}"


@cache
def script_file() -> Path:
    """The package's script."""
    (path,) = _files("*.js")
    return path


def _files(pattern: str) -> list[Path]:
    spec = find_spec(_NAME)
    assert spec is not None and spec.origin is not None
    return sorted((Path(spec.origin).parent / "frontend" / "build").glob(pattern))
