"""The picker of the model that all pages use. It is hidden while there is only one model."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st

from app.session import state
from models.formats import store

KEY = "model-picker"


def around(page: Callable[[], None]) -> None:
    """Run the page below the picker. The picker is filled last: a link may have picked a model."""
    names = store.names()
    if len(names) < 2:
        page()
        return
    with st.container(horizontal=True, horizontal_alignment="right", key="models"):
        place = st.empty()
    page()
    st.session_state[KEY] = state.model()
    place.selectbox(
        "Model",
        names,
        format_func=_label,
        key=KEY,
        on_change=lambda: state.use_model(st.session_state[KEY]),
        label_visibility="collapsed",
        width=260,
    )


def _label(name: str) -> str:
    title = store.manifest(name).title
    return title if title == name else f"{title} ({name})"
