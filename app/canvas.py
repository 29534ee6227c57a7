"""The drawing canvas: free hand, undo, clear. It hands over vector paths, never pixels.

The package's own component sends a drawing straight to Python. Ours is the same one, started by a
script of ours (``canvas.js``) that lets the browser's lanes answer first. What this needs of the
package's insides is here alone: its variable ``out``, and where its files are.
"""

from __future__ import annotations

import importlib
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from types import ModuleType
from typing import Any

import streamlit as st

from app import markup, scripts, state

SIZE = 280
PEN = 18
INK = "#FFFFFF"
# Where Streamlit serves the package's files.
_SERVED = "_stcore/bidi-components/streamlit-drawable-canvas.streamlit_drawable_canvas"
CLEAR = "#FFFFFF00"  # the pad below has the ground, in style.css


def content() -> Any:
    """What the canvas holds, for ``models.fabric``."""
    # A new canvas is silent about what it starts with.
    return _sent().get("raw") or {"objects": state.drawing().initial}


def report() -> Any:
    """What the browser's lanes said of what is drawn, as they sent it; None when they did not."""
    return _sent().get("lanes")


def pad(content: Any, *, hint: str) -> None:
    """Show the canvas, which holds ``content``; ``hint`` stands on it while nothing is drawn."""
    with st.container(key="pad"):
        _package().st_canvas(
            stroke_width=PEN,
            stroke_color=INK,
            background_color=CLEAR,
            width=SIZE,
            height=SIZE,
            initial_drawing={"objects": state.drawing().initial},
            key=_key(),
        )
        if not _objects(content):
            markup.hint(hint)


def buttons(content: Any) -> None:
    """Undo and clear, for a canvas that holds ``content``."""
    objects = _objects(content)
    with st.container(horizontal=True, gap="small", key="pens"):
        st.button(
            "Undo",
            key="undo",
            icon=":material/undo:",
            on_click=state.replace_drawing,
            args=(objects[:-1],),
            disabled=not objects,
            width="stretch",
            help="Take the last stroke back",
        )
        st.button(
            "Clear",
            key="clear",
            icon=":material/ink_eraser:",
            on_click=state.clear,
            disabled=not objects and state.shown() is None and not state.is_newcomer(),
            width="stretch",
            help="Empty the canvas",
        )


def _sent() -> Mapping[str, Any]:
    """The canvas's last message, see ``canvas.js``."""
    sent = st.session_state.get(_key(), {}).get("drawing")
    return sent if isinstance(sent, Mapping) else {}


def _key() -> str:
    return f"canvas-{state.drawing().version}"


@cache
def _package() -> ModuleType:
    """The package, its component started by our script."""
    # Importing the component registers it with the running server, so a server must run.
    package: ModuleType = importlib.import_module("streamlit_drawable_canvas")

    (script,) = _files(package, "*.js")
    component = st.components.v2.component(
        "digit_parity_canvas",
        html='<div class="canvas-root"></div>',
        css="".join(path.read_text("utf-8") for path in _files(package, "*.css")),
        js=scripts.source("canvas.js"),
    )

    def out(*, data: dict[str, Any], **others: Any) -> Any:
        return component(data=data | {"script": f"{_SERVED}/{script.name}"}, **others)

    package.out = out  # type: ignore[attr-defined]
    return package


def _files(package: ModuleType, pattern: str) -> list[Path]:
    assert package.__file__ is not None
    return sorted((Path(package.__file__).parent / "frontend" / "build").glob(pattern))


def _objects(content: Any) -> list[Any]:
    """What is drawn; nothing when the canvas sent something else, which ``fabric`` refuses."""
    objects = content.get("objects") if isinstance(content, dict) else None
    return objects if isinstance(objects, list) else []
