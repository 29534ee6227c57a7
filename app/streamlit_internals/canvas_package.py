"""The files of the package streamlit-drawable-canvas; ``canvas_package.js`` runs its canvas.

Relied on: one script and its stylesheets in ``frontend/build``; the URL at which Streamlit serves
them once the package is imported; the toolbar's class. If files move, the pad shows that it could
not be loaded; if the class changes, the package's toolbar is shown (tests/e2e/pages/draw).
"""

from __future__ import annotations

import importlib
from functools import cache
from importlib.util import find_spec
from pathlib import Path

_NAME = "streamlit_drawable_canvas"
# The page has its own Undo and Clear, and in the toolbar's edit mode strokes would draw nothing.
# The package shows the toolbar with an inline style, hence `!important`.
_NO_TOOLBAR = ".dc-toolbar { display: none !important }"
_SERVED = f"_stcore/bidi-components/streamlit-drawable-canvas.{_NAME}"


@cache
def register() -> None:
    """Import the package, which registers its files with the server, which must be running."""
    importlib.import_module(_NAME)


def style() -> str:
    """The package's CSS, with the toolbar hidden."""
    return "".join(path.read_text("utf-8") for path in _files("*.css")) + _NO_TOOLBAR


@cache
def script() -> str:
    """The URL path of the package's script, below the app's root."""
    (path,) = _files("*.js")
    return f"{_SERVED}/{path.name}"


def _files(pattern: str) -> list[Path]:
    spec = find_spec(_NAME)
    assert spec is not None and spec.origin is not None
    return sorted((Path(spec.origin).parent / "frontend" / "build").glob(pattern))
