"""The drawing canvas with Undo and Clear. It sends vector paths, never pixels."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import streamlit as st

from app.draw.canvas import drawable_canvas
from app.session import state
from app.ui import markup

SIZE = 280
PEN = 18
INK = "#FFFFFF"
CLEAR = "#FFFFFF00"  # transparent: style.css gives the pad its background


def content() -> Any:
    """What the canvas holds, for ``models.digit.fabric_drawing``."""
    # A new canvas does not send what it starts with.
    return _sent().get("raw") or {"objects": state.drawing().initial}


def remember(content: Any) -> None:
    """Keep what the canvas holds until its page is shown again."""
    state.remember_drawn(_objects(content))


def browser_answers() -> Any:
    """The browser's answers that came with the drawing, not parsed yet; None if there are none."""
    return _sent().get("lanes")


def pad(content: Any, *, hint: str) -> None:
    """Show the canvas, which holds ``content``, and ``hint`` on it while nothing is drawn."""
    with st.container(key="pad"):
        drawable_canvas.package().st_canvas(
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
    """The buttons Undo and Clear of a canvas that holds ``content``."""
    objects = _objects(content)
    with st.container(horizontal=True, gap="small", key="pens"):
        st.button(
            "Undo",
            key="undo",
            icon=":material/undo:",
            on_click=_undo,
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


def _undo() -> None:
    """Remove the last stroke that the canvas holds now: it may be newer than the button."""
    state.replace_drawing(_objects(content())[:-1])


def _sent() -> Mapping[str, Any]:
    """The canvas's last message, as ``canvas.js`` sends it."""
    sent = st.session_state.get(_key(), {}).get("drawing")
    return sent if isinstance(sent, Mapping) else {}


def _key() -> str:
    return f"canvas-{state.drawing().version}"


def _objects(content: Any) -> list[Any]:
    """The paths on the canvas; none for a malformed drawing, which ``fabric_drawing`` refuses."""
    objects = content.get("objects") if isinstance(content, dict) else None
    return objects if isinstance(objects, list) else []
