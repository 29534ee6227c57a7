"""Typed access to the keys of a visitor's session that several rooms use."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from concurrent.futures import Future
from dataclasses import dataclass
from typing import Any

import streamlit as st

from app.session import usable_models
from models.digit.digit import Digit
from models.formats import store
from models.lanes import Lane
from models.runtimes.worker.messages import Answer

BACKEND = "backend"


@dataclass(frozen=True)
class Drawing:
    """What the canvas starts with. A new version mounts a new canvas."""

    version: int
    initial: Sequence[Any] = ()


def drawing() -> Drawing:
    """What the canvas started with."""
    start: Drawing = st.session_state.setdefault("drawing", Drawing(0))
    return start


def replace_drawing(objects: Sequence[Any]) -> None:
    """Mount a new canvas with these objects."""
    st.session_state["drawing"] = Drawing(drawing().version + 1, objects)


def remember_drawn(objects: Sequence[Any]) -> None:
    """Keep what is on the canvas; Streamlit forgets it when another page is shown."""
    st.session_state["drawn"] = objects


def keep_drawing() -> None:
    """Mount a new canvas with the objects of the previous one."""
    replace_drawing(st.session_state.get("drawn", ()))


def is_first_run() -> bool:
    """Whether this is the first run of this session. True only once."""
    first = "has_run" not in st.session_state
    st.session_state["has_run"] = True
    return first


def token() -> str:
    """A random identifier of this session."""
    identifier: str = st.session_state.setdefault("token", secrets.token_hex(8))
    return identifier


def is_new_here() -> bool:
    """Whether this is the first run of this session's Draw page. True only once."""
    new = "has_drawn" not in st.session_state
    st.session_state["has_drawn"] = True
    return new


def is_another_page(page: str) -> bool:
    """Whether the previous run showed another page than ``page``, which is remembered."""
    before = st.session_state.get("page", page)
    st.session_state["page"] = page
    return bool(before != page)


def is_newcomer() -> bool:
    """Whether the visitor has not picked or cleared a digit or opened a link yet."""
    return "shown" not in st.session_state


def shown() -> Digit | None:
    """The digit that is shown while nothing is drawn: an example, or a link's."""
    digit: Digit | None = st.session_state.get("shown")
    return digit


def show_digit(digit: Digit | None) -> None:
    """Replace what is drawn by a digit, or by an empty canvas."""
    st.session_state["shown"] = digit
    replace_drawing(())


def clear() -> None:
    """Empty the canvas and forget the example digit."""
    show_digit(None)


def remember_digit(digit: Digit | None) -> None:
    """Keep the digit that the Draw page shows, for the other pages."""
    st.session_state["digit"] = digit


def digit() -> Digit | None:
    """The picture that the Draw page showed last, if the model takes such ones; None before the
    first, and after Clear.
    """
    kept: Digit | None = st.session_state.get("digit")
    if kept is None or kept.pixels.shape != store.manifest(model()).pictures().picture:
        return None
    return kept


def server_answers(digit_id: str, model: str) -> dict[Lane, Future[Answer]]:
    """What was requested of the server's lanes for this digit; an older digit's is forgotten."""
    key = (digit_id, model)
    kept: tuple[Any, dict[Lane, Future[Answer]]] | None = st.session_state.get("server_answers")
    if kept is None or kept[0] != key:
        kept = (key, {})
        st.session_state["server_answers"] = kept
    return kept[1]


def watch_server(late: bool) -> None:
    """Set whether the page polls for lanes of the server that have not answered yet."""
    st.session_state["watches_server"] = late


def watches_server() -> bool:
    """Whether the page polls for late lanes of the server."""
    return bool(st.session_state.get("watches_server"))


def model() -> str:
    """The name of the model that all pages use."""
    usable = usable_models.names()
    name: str | None = st.session_state.get("model")
    if name is None or (usable and name not in usable):  # its folder may be gone, or damaged
        return usable[0] if usable else usable_models.default()
    return name


def use_model(name: str) -> None:
    """Let all pages use this model."""
    st.session_state["model"] = name


def use_backend(name: str) -> None:
    """Set the backend of TensorFlow.js. Only before its select box is shown in this run."""
    st.session_state[BACKEND] = name


def backend() -> str:
    """The requested backend: ``auto`` or a name."""
    name: str = st.session_state.get(BACKEND, "auto")
    return name


def remember_backend(backend: str | None) -> None:
    """Keep the backend that TensorFlow.js ran on, so that its lanes keep their names."""
    if backend is not None:
        st.session_state["last_backend"] = backend


def browser_has_answered() -> bool:
    """Whether TensorFlow.js has answered in this session, and so is loaded."""
    return "last_backend" in st.session_state


def expected_backend(asked: str) -> str:
    """The backend that will probably answer: the requested one, or for ``auto`` the last one."""
    last: str = st.session_state.get("last_backend", "wasm")
    return last if asked == "auto" else asked


def query() -> dict[str, str]:
    """The query parameters that this session last read or wrote."""
    known: dict[str, str] = st.session_state.get("query", {})
    return known


def remember_query(params: dict[str, str]) -> None:
    """Keep these query parameters as read: they ask for nothing new."""
    st.session_state["query"] = params
