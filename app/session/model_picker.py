"""Which of the models that are here all pages use; nothing to be seen while there is only one."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st

from app.session import state
from models.formats import store

KEY = "model-picker"


def around(page: Callable[[], None]) -> None:
    """Run the page below the picker. The picker comes last: a link may have chosen a model."""
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
