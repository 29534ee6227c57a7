"""The drawing canvas: free hand, undo, clear. It hands over vector paths, never pixels."""

from __future__ import annotations

from typing import Any

import streamlit as st

from app import markup, state

SIZE = 280
PEN = 18
INK = "#FFFFFF"
CLEAR = "#FFFFFF00"  # the pad below has the ground, in style.css


def pad(*, hint: str) -> Any:
    """Show the canvas; return what it holds, for ``models.fabric``.

    ``hint`` stands on the canvas while nothing is drawn.
    """
    # Importing the component registers it with the running server, so a server must run.
    from streamlit_drawable_canvas import st_canvas

    drawing = state.drawing()
    with st.container(key="pad"):
        result = st_canvas(
            stroke_width=PEN,
            stroke_color=INK,
            background_color=CLEAR,
            width=SIZE,
            height=SIZE,
            initial_drawing={"objects": drawing.initial},
            key=f"canvas-{drawing.version}",
        )
        # A new canvas is silent about what it starts with.
        content = result.json_data or {"objects": drawing.initial}
        if not _objects(content):
            markup.hint(hint)
    return content


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


def _objects(content: Any) -> list[Any]:
    """What is drawn; nothing when the canvas sent something else, which ``fabric`` refuses."""
    objects = content.get("objects") if isinstance(content, dict) else None
    return objects if isinstance(objects, list) else []
