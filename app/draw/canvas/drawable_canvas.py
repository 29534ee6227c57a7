"""The package streamlit-drawable-canvas, its component started by our script.

The package's own component sends a drawing straight to Python. Ours is the same one, started by
``canvas.js``, which lets the browser's lanes answer first. What this needs of the package's insides
is here alone: its variable ``out``, where its files are, and what its toolbar is called.
"""

from __future__ import annotations

import importlib
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from types import ModuleType
from typing import Any

from app.frontend import component

_NAME = "streamlit_drawable_canvas"
# The page has Undo and Clear, and nothing to edit: in that mode strokes would draw nothing. The
# package shows it by a style of the element's own.
_NO_TOOLBAR = ".dc-toolbar { display: none !important }"
_SERVED = f"_stcore/bidi-components/streamlit-drawable-canvas.{_NAME}"


@cache
def package() -> ModuleType:
    """The package. Importing it registers its files with the running server: one must run."""
    found: ModuleType = importlib.import_module(_NAME)
    mount = component.component(
        "digit_parity_canvas",
        "draw/canvas/canvas.js",
        html='<div class="canvas-root"></div>',
        css="".join(path.read_text("utf-8") for path in _files("*.css")) + _NO_TOOLBAR,
    )

    def out(*, data: dict[str, Any], **others: Any) -> Any:
        return mount(data=data | {"script": script()}, **others)

    found.out = out  # type: ignore[attr-defined]
    return found


@cache
def script() -> str:
    """The address of the package's script, below the app's root."""
    (path,) = _files("*.js")
    return f"{_SERVED}/{path.name}"


def _files(pattern: str) -> list[Path]:
    spec = find_spec(_NAME)
    assert spec is not None and spec.origin is not None
    return sorted((Path(spec.origin).parent / "frontend" / "build").glob(pattern))
