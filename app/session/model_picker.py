"""The picker of the model that all pages use. It is hidden while there is only one model."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import streamlit as st

from app.session import state, usable_models
from models.errors import escaped
from models.formats import store

KEY = "model-picker"
NONE = "This server has no model that can be used. Its operator finds the reason in the log."


def around(page: Callable[[], None]) -> None:
    """Run the page below the picker. The picker is filled last: a link may have picked a model.

    Damaged models are not in it; the page says which.
    """
    names, problems = usable_models.names(), usable_models.problems()
    if problems:
        st.warning(_left_out(problems, names), icon=":material/warning:")
    if not names:
        st.error(NONE, icon=":material/error:")
        return
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


def _left_out(problems: Mapping[str, str], names: list[str]) -> str:
    sentences = [f"The model {name} cannot be used: {why}." for name, why in problems.items()]
    if store.DEFAULT in problems and names:
        sentences.append(f"It is the one that this server shows first; {names[0]} is instead.")
    return " ".join(sentences)


def _label(name: str) -> str:
    title = escaped(store.manifest(name).title)
    return title if title == name else f"{title} ({name})"
