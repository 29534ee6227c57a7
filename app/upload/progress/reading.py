"""Files become a set, while the page says how far it is."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from typing import Any

import streamlit as st

from app.streamlit_internals.containers import Container
from app.ui import markup, templates
from models import dataset
from models.dataset import Dataset, Options
from models.parity.set_verdict import many

_REFRESH = 0.25  # seconds between two counts
Look = Callable[[str, int, int], None]
"""Shows how far it is: in words, and how many of how many files are begun."""


def show(answer: Container, words: str, begun: int, files: int) -> None:
    """Show it in the answer's place: in words, and as a bar where there are several files."""
    with answer.container(gap="xsmall"):
        markup.prompt("Reading your files …", f"{words}.")
        st.html(templates.render("upload/progress/files.html", "reading", words, begun, files))


def read(files: Sequence[Any], how: Options, look: Look) -> Dataset:
    """Read the files while ``look`` says how far it is; a rerun meanwhile stops it cleanly."""
    last, begun = 0.0, 0
    kept = [file for file in files if not dataset.is_litter(file.name)]

    def counted(count: int, before: int) -> None:
        nonlocal last
        if time.monotonic() - last > _REFRESH:
            # Streamlit ends this run here when the visitor has left or wants something else.
            look(progress(count, before), begun, len(kept))
            last = time.monotonic()

    def contents() -> Iterator[tuple[str, bytes]]:
        nonlocal begun
        for file in kept:
            begun += 1
            yield file.name, file.getvalue()

    look(progress(0, 0), 0, len(kept))
    return dataset.read_files(contents(), how, look=counted)


def progress(count: int, before: int) -> str:
    """How many images were read, and how many sets of other visitors come first."""
    parts = [f"{count:,} images read"] if count or not before else []
    parts += [f"{many(before, 'set')} before yours"] if before else []
    return "; ".join(parts)
