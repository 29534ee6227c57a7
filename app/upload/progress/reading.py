"""How far the reading of files is."""

from __future__ import annotations

import streamlit as st

from app.streamlit_internals.containers import Container
from app.ui import markup, templates


def show(answer: Container, words: str, begun: int, files: int) -> None:
    """Show it in the answer's place: in words, and as a bar where there are several files."""
    with answer.container(gap="xsmall"):
        markup.prompt("Reading your files …", f"{words}.")
        st.html(templates.render("upload/progress/files.html", "reading", words, begun, files))
