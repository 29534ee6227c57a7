"""A picture that a visitor gives on the Inspect page itself.

It is read like a test set of one file: in a process with limits on time and memory.
"""

from __future__ import annotations

import streamlit as st

from app.inspect import state
from app.inspect.state import Given
from models import dataset
from models.dataset import Options
from models.dataset.readers import kinds
from models.dataset.reading import reader
from models.formats.manifest import Manifest

LONGEST = 40  # characters of a file's name
NOTHING = "It holds no picture. Expected one picture: PNG, JPEG, WebP, BMP, GIF, TIFF or AVIF."


def offer(manifest: Manifest) -> Given | None:
    """Show the uploader; return the picture that was given last, if the model takes such ones."""
    taken = manifest.pictures()
    with st.popover("Another picture", icon=":material/add_photo_alternate:"):
        file = st.file_uploader(
            "A picture to look at",
            type=[each.removeprefix(".") for each in kinds.PICTURES],
            key="inspect-file",
        )
        if file is not None:
            key = (file.file_id, taken)
            if state.given(key) is None:
                with st.spinner("Reading it …"):
                    state.keep_given(key, read(file.name, file.getvalue(), manifest))
        last = state.given()
        if last is not None and last.problem:
            st.warning(last.problem, icon=":material/image_not_supported:")
    if last is None or last.digit is None or last.digit.pixels.shape != taken.picture:
        return None
    return last


def read(name: str, content: bytes, manifest: Manifest) -> Given:
    """The first picture of a file as the model takes it, or why there is none."""
    options = Options(target=manifest.pictures(), classes=manifest.classes)
    data = dataset.read_files([(name, content)], options)
    try:
        if not len(data):
            why = " ".join(each.reason for each in data.skipped[:1])
            return Given(None, problem=why or NOTHING)
        return Given(data.digit(0), data.names[0][:LONGEST])
    finally:
        reader.in_use.forget(data.stored)
