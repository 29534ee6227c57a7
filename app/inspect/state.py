"""What the Inspect page keeps in a visitor's session, behind functions with types."""

from __future__ import annotations

from dataclasses import dataclass

import streamlit as st

from app.inspect.results.judged import Answers
from app.inspect.run import Inspection
from models.digit.digit import Digit


@dataclass(frozen=True)
class Given:
    """A picture that was given on this page and its name, or why there is none."""

    digit: Digit | None
    name: str = ""
    problem: str = ""


def inspection(key: object) -> Inspection | None:
    """The last inspection, if it was made for the same ``key``."""
    kept: tuple[object, Inspection] | None = st.session_state.get("inspection")
    return kept[1] if kept is not None and kept[0] == key else None


def answers(key: object) -> Answers | None:
    """The browser's answers to the ready pictures, if they were given for the same ``key``."""
    kept: tuple[object, Answers] | None = st.session_state.get("inspect_answers")
    return kept[1] if kept is not None and kept[0] == key else None


def keep_answers(key: object, answers: Answers) -> None:
    """Remember the browser's answers in place of the last ones: digits change, they do not."""
    st.session_state["inspect_answers"] = (key, answers)


def keep_inspection(key: object, inspection: Inspection) -> None:
    """Remember the inspection in place of the last one."""
    st.session_state["inspection"] = (key, inspection)


def given(key: object = None) -> Given | None:
    """The picture that was given here last; with a ``key``, only if it was read for that."""
    kept: tuple[object, Given] | None = st.session_state.get("inspect_given")
    return kept[1] if kept is not None and key in (None, kept[0]) else None


def keep_given(key: object, picture: Given) -> None:
    """Remember a picture that was given here, in place of the last one."""
    st.session_state["inspect_given"] = (key, picture)
