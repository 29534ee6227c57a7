"""The package streamlit-drawable-canvas, started by ``canvas.js``."""

from __future__ import annotations

from functools import cache
from types import ModuleType

from app.frontend import component
from app.streamlit_internals import canvas_package


@cache
def package() -> ModuleType:
    """The package. Importing it registers its files with the server, which must be running."""
    mount = component.component(
        "digit_parity_canvas",
        "draw/canvas/canvas.js",
        html=canvas_package.HTML,
        css=canvas_package.style(),
    )
    return canvas_package.started_by(mount)
