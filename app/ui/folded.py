"""Parts of a page that are folded until asked for, and the links that lead to them.

``jumps.js`` opens the part that a link names and brings its top into view.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial

import streamlit as st

from app.ui import templates

_render = partial(templates.render, "ui/folded.html")


@dataclass(frozen=True)
class Part:
    """A folded part: ``key`` is its container's, and unique on the page."""

    key: str
    title: str


def jumps(parts: Sequence[Part]) -> None:
    """Show a link to each part, in a row."""
    with st.container(key="jumps"):
        st.html(_render("jumps", parts))


@contextmanager
def part(each: Part) -> Iterator[None]:
    """What is shown inside is folded under the part's title."""
    with st.container(key=each.key), st.expander(each.title):
        yield
