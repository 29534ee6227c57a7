"""The picture of the test set that a visitor looked at last, for the other pages.

The set itself is the Upload page's, and is freed when another page is opened.
"""

from __future__ import annotations

from dataclasses import dataclass

import streamlit as st

from app.session import state
from app.session.visit import Visit
from models.digit.digit import Digit
from models.formats import store

_KEY = "test_set_picture"


@dataclass(frozen=True)
class Shown:
    """A picture as the model takes it, and its name in the set. ``before`` is what the Draw page
    showed then.
    """

    digit: Digit
    name: str
    before: Visit | None

    @property
    def is_latest(self) -> bool:
        """Whether nothing was drawn since."""
        return state.visit() is self.before


def remember(digit: Digit, name: str) -> None:
    """Keep this picture in place of the last one: one row was opened, or a set was read."""
    kept = st.session_state.get(_KEY)
    if kept is None or (kept.digit.id, kept.name) != (digit.id, name):
        st.session_state[_KEY] = Shown(digit, name, state.visit())


def picture() -> Shown | None:
    """The picture looked at last, if the model takes such ones."""
    kept: Shown | None = st.session_state.get(_KEY)
    if kept is None:
        return None
    taken = store.manifest(state.model()).pictures().picture
    return kept if kept.digit.pixels.shape == taken else None
