"""The picker of the model that all pages use. It is hidden while there is only one model."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import streamlit as st

from app.session import input_words, links, state, usable_models
from models.errors import escaped
from models.formats import store

KEY = "model-picker"
NONE = "This server has no model that can be used. Its operator finds the reason in the log."


def around(page: Callable[[], None], example: Callable[[str], None]) -> None:
    """Run the page below the picker. The picker is filled last: a link may have picked a model.

    ``example`` shows a small picture as a model takes it. Damaged models are not in the picker; the
    page says which.
    """
    names, problems = usable_models.names(), usable_models.problems()
    if problems:
        st.warning(_left_out(problems, names), icon=":material/warning:")
    if not names:
        st.error(NONE, icon=":material/error:")
        return
    if len(names) < 2:
        page()
        _say_what_is_elsewhere()
        return
    with st.container(horizontal=True, horizontal_alignment="right", key="models"):
        # Containers keep what they hold until it is drawn again; of `st.empty` it would be gone
        # for as long as the page runs.
        picture, place = st.container(width="content"), st.container()
    page()
    st.session_state[KEY] = state.model()
    with picture:
        example(state.model())
    place.selectbox(
        "Model",
        names,
        format_func=_label,
        key=KEY,
        on_change=_pick,
        label_visibility="collapsed",
    )
    _say_what_is_elsewhere()


def _left_out(problems: Mapping[str, str], names: list[str]) -> str:
    sentences = [f"The model {name} cannot be used: {why}." for name, why in problems.items()]
    if usable_models.default() in problems and names:
        sentences.append(f"It is the one that this server shows first; {names[0]} is instead.")
    return " ".join(sentences)


def _say_what_is_elsewhere() -> None:
    """Name the models that no page can show, below the page."""
    if sentences := usable_models.not_for_pages().values():
        st.caption(" ".join(sentences))


def _pick() -> None:
    """Use the picked model, also after a reload."""
    name: str = st.session_state[KEY]
    state.use_model(name)
    links.write_model(name)
    state.remember_read(st.query_params.to_dict())  # the page's own: no link was opened


def _label(name: str) -> str:
    """The title, the name, and what the model takes, where that is no digit."""
    manifest = store.manifest(name)
    title = escaped(manifest.title)
    label = title if title == name else f"{title} ({name})"
    taken = manifest.pictures()
    return label if taken.is_digit else f"{label} · {input_words.short(taken)}"
