"""Typed access to the keys of a visitor's session that several rooms use."""

from __future__ import annotations

import secrets

import streamlit as st

from app.session import usable_models
from app.session.visit import Visit
from models.digit.digit import Digit
from models.formats import store
from models.lanes import BACKENDS, Backend, Weights

BACKEND = "backend"


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


def visit() -> Visit | None:
    """What the Draw page showed last; None before its first picture."""
    kept: Visit | None = st.session_state.get("visit")
    return kept


def remember(shown: Visit) -> None:
    """Keep what the browser says that it shows: for the other pages, and for the page's return."""
    st.session_state["visit"] = shown
    remember_query(dict(shown.query))
    use_backend(shown.asked)
    use_weights(shown.weights)
    remember_backend(shown.backend)


def open_with(shown: Visit) -> None:
    """Let the Draw page show this picture, whatever it shows."""
    st.session_state["visit"] = shown
    st.session_state["opened_version"] = st.session_state.get("opened_version", 0) + 1


def begin_with(shown: Visit) -> None:
    """Set what the Draw page begins with if it is opened now. One that is open goes on."""
    st.session_state["opened"] = shown


def opened() -> tuple[Visit, int]:
    """What the Draw page begins with, and a number that changes when it shall show it anew."""
    return st.session_state["opened"], st.session_state.get("opened_version", 0)


def digit() -> Digit | None:
    """The picture that the Draw page showed last, if the model takes such ones; None before the
    first, and after Clear.
    """
    kept = visit()
    if kept is None or kept.digit is None:
        return None
    fits = kept.digit.pixels.shape == store.manifest(model()).pictures().picture
    return kept.digit if fits else None


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
    """Set the backend of TensorFlow.js, ``auto`` or a name."""
    st.session_state[BACKEND] = name


def backend() -> str:
    """The requested backend: ``auto`` or a name."""
    name: str = st.session_state.get(BACKEND, "auto")
    return name


def use_weights(kind: Weights) -> None:
    """Set how the weights of the Draw page's lanes are stored."""
    st.session_state["weights"] = kind


def weights() -> Weights:
    """How the weights of the Draw page's lanes are stored."""
    kind: Weights = st.session_state.get("weights", "float32")
    return kind


def remember_backend(backend: str | None) -> None:
    """Keep the backend that TensorFlow.js ran on, so that its lanes keep their names."""
    if backend is not None:
        st.session_state["last_backend"] = backend


def expected_backend(asked: str) -> Backend:
    """The backend that will probably answer: the requested one, or for ``auto`` the last one."""
    last: Backend = st.session_state.get("last_backend", "wasm")
    return next((each for each in BACKENDS if each == asked), last)


def query() -> dict[str, str]:
    """The query parameters that this session last read or wrote."""
    known: dict[str, str] = st.session_state.get("query", {})
    return known


def query_read() -> dict[str, str]:
    """The query parameters that Streamlit gave last. It repeats those that a page was opened with,
    or that Python wrote, also when the browser has replaced them in the address.
    """
    known: dict[str, str] = st.session_state.get("query_read", {})
    return known


def remember_read(params: dict[str, str]) -> None:
    """Keep these parameters of Streamlit's as followed: they ask for nothing new."""
    st.session_state["query_read"] = params
    remember_query(params)


def remember_query(params: dict[str, str]) -> None:
    """Keep these query parameters as read: they ask for nothing new."""
    st.session_state["query"] = params
