"""The package streamlit-drawable-canvas, its component started by a script of ours.

The package's own component sends a drawing straight to Python; ours lets the browser's lanes answer
first. See also ``canvas_package.js``.

Relied on: its module variable ``out``, the component that ``st_canvas`` mounts; one script and its
styles in ``frontend/build``; the address at which Streamlit serves them; the element
``.canvas-root`` that the script looks for; the toolbar's class. If ``out`` or a class changes, the
package's own component or toolbar is shown, and lanes answer later (tests/e2e/pages/test_draw.py);
if files move, the canvas says that it could not be loaded.
"""

from __future__ import annotations

import importlib
from collections.abc import Callable
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from types import ModuleType
from typing import Any

_NAME = "streamlit_drawable_canvas"
# The page has Undo and Clear, and nothing to edit: in that mode strokes would draw nothing. The
# package shows it by a style of the element's own.
_NO_TOOLBAR = ".dc-toolbar { display: none !important }"
_SERVED = f"_stcore/bidi-components/streamlit-drawable-canvas.{_NAME}"
HTML = '<div class="canvas-root"></div>'


def started_by(mount: Callable[..., Any]) -> ModuleType:
    """The package, whose component ``mount`` stands for; with ``HTML`` and ``style()`` in it.

    To ``mount``'s data is added ``script``, the address of the package's script below the app's
    root. Importing the package registers its files with the running server: one must run.
    """
    found: ModuleType = importlib.import_module(_NAME)

    def out(*, data: dict[str, Any], **others: Any) -> Any:
        return mount(data=data | {"script": script()}, **others)

    vars(found)["out"] = out
    return found


def style() -> str:
    """The package's CSS, without a toolbar."""
    return "".join(path.read_text("utf-8") for path in _files("*.css")) + _NO_TOOLBAR


@cache
def script() -> str:
    """The address of the package's script, below the app's root."""
    (path,) = _files("*.js")
    return f"{_SERVED}/{path.name}"


def _files(pattern: str) -> list[Path]:
    spec = find_spec(_NAME)
    assert spec is not None and spec.origin is not None
    return sorted((Path(spec.origin).parent / "frontend" / "build").glob(pattern))
