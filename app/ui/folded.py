"""Parts of a page that are folded until asked for, and the links that lead to them.

``jumps.js`` opens the part that a link names and brings its top into view.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

import streamlit as st

from app.ui import templates

_render = partial(templates.render, "ui/folded.html")


@dataclass(frozen=True)
class Part:
    """A folded part: ``key`` is its container's, and unique on the page.

    ``has_controls`` says that the page needs what a visitor sets in it.
    """

    key: str
    title: str
    has_controls: bool = False

    @property
    def is_open(self) -> str:
        """The name in a visitor's session of whether it is open."""
        return f"open-{self.key}"


def jumps(parts: Sequence[Part]) -> None:
    """Show a link to each part, in a row."""
    with st.container(key="jumps"):
        st.html(_render("jumps", parts))


def show(each: Part, content: Callable[[], Any]) -> None:
    """Fold what ``content`` shows under the part's title; it is made once the part is open.

    A visit costs nothing for what nobody opens: Inspect's parts took two thirds of a browser's time
    to the answer. Controls whose values the page needs are there while it is closed, too.
    """
    with st.container(key=each.key):
        if each.has_controls:
            with st.expander(each.title):
                content()
            return
        panel = st.expander(each.title, key=each.is_open, on_change="rerun")
        if panel.open:
            with panel:
                content()
