"""What the Inspect page keeps in a visitor's session, behind functions with types."""

from __future__ import annotations

import streamlit as st

from app.inspect.run import Look


def look(key: object) -> Look | None:
    """What was asked of every layer, if it was the same question."""
    kept: tuple[object, Look] | None = st.session_state.get("look")
    return kept[1] if kept is not None and kept[0] == key else None


def keep_look(key: object, look: Look) -> None:
    """Remember it; what an older question asked is forgotten."""
    st.session_state["look"] = (key, look)
