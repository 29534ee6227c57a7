"""Every key of a visitor's session that several rooms know, behind functions with types."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from concurrent.futures import Future
from dataclasses import dataclass
from typing import Any

import streamlit as st

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
    """The canvas's starting point."""
    made: Drawing = st.session_state.setdefault("drawing", Drawing(0))
    return made


def replace_drawing(objects: Sequence[Any]) -> None:
    """Put these objects on a new canvas."""
    st.session_state["drawing"] = Drawing(drawing().version + 1, objects)


def remember_drawn(objects: Sequence[Any]) -> None:
    """What is on the canvas, which Streamlit forgets when another page is shown."""
    st.session_state["drawn"] = objects


def keep_drawing() -> None:
    """Put on a new canvas what was on the one before."""
    replace_drawing(st.session_state.get("drawn", ()))


def is_first_run() -> bool:
    """Whether this session's page runs for the first time. Says so once."""
    first = "has_run" not in st.session_state
    st.session_state["has_run"] = True
    return first


def token() -> str:
    """What tells this session from every other."""
    made: str = st.session_state.setdefault("token", secrets.token_hex(8))
    return made


def is_new_here() -> bool:
    """Whether this session's Draw page is made for the first time. Says so once."""
    new = "has_drawn" not in st.session_state
    st.session_state["has_drawn"] = True
    return new


def is_another_page(page: str) -> bool:
    """Whether the run before showed another page than this one, which is now the one shown."""
    before = st.session_state.get("page", page)
    st.session_state["page"] = page
    return bool(before != page)


def is_newcomer() -> bool:
    """Whether no digit was picked, opened by a link or cleared yet."""
    return "shown" not in st.session_state


def shown() -> Digit | None:
    """The digit that is shown while nothing is drawn: a ready one, or a link's."""
    digit: Digit | None = st.session_state.get("shown")
    return digit


def show_digit(digit: Digit | None) -> None:
    """Show a digit in place of what is drawn; None shows none."""
    st.session_state["shown"] = digit
    replace_drawing(())


def clear() -> None:
    """Empty the canvas and forget the ready digit."""
    show_digit(None)


def remember_digit(digit: Digit | None) -> None:
    """The digit that the Draw page shows, for the pages that look at the same."""
    st.session_state["digit"] = digit


def digit() -> Digit | None:
    """The digit that the Draw page showed last; None before that, and after Clear."""
    kept: Digit | None = st.session_state.get("digit")
    return kept


def server_answers(digit_id: str, model: str) -> dict[Lane, Future[Answer]]:
    """What the server was asked for this digit; what an older digit asked is forgotten."""
    key = (digit_id, model)
    kept: tuple[Any, dict[Lane, Future[Answer]]] | None = st.session_state.get("server_answers")
    if kept is None or kept[0] != key:
        kept = (key, {})
        st.session_state["server_answers"] = kept
    return kept[1]


def watch_server(late: bool) -> None:
    """Whether the page looks out for lanes of the server that have not answered yet."""
    st.session_state["watches_server"] = late


def watches_server() -> bool:
    """What ``watch_server`` was last told."""
    return bool(st.session_state.get("watches_server"))


def model() -> str:
    """The name of the model that all pages use."""
    name: str = st.session_state.get("model", store.DEFAULT)
    return name if name in store.names() else store.DEFAULT  # its folder may be gone


def use_model(name: str) -> None:
    """Let all pages use this model."""
    st.session_state["model"] = name


def use_backend(name: str) -> None:
    """Pick the backend of TensorFlow.js; only before its box is shown in this run."""
    st.session_state[BACKEND] = name


def backend() -> str:
    """The backend that is asked for: ``auto`` or a name."""
    name: str = st.session_state.get(BACKEND, "auto")
    return name


def remember_backend(backend: str | None) -> None:
    """What TensorFlow.js really ran on, so that its lanes keep their names while they work."""
    if backend is not None:
        st.session_state["last_backend"] = backend


def browser_answers() -> bool:
    """Whether TensorFlow.js has answered in this session, so that it is loaded there."""
    return "last_backend" in st.session_state


def expected_backend(asked: str) -> str:
    """The backend that will probably answer: the one asked for, or the last one chosen."""
    last: str = st.session_state.get("last_backend", "wasm")
    return last if asked == "auto" else asked


def address() -> dict[str, str]:
    """The query of the address that this session last wrote or followed."""
    known: dict[str, str] = st.session_state.get("address", {})
    return known


def remember_address(query: dict[str, str]) -> None:
    """This address is known: it asks for nothing new."""
    st.session_state["address"] = query
