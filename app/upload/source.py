"""The Upload page's left side: which files, and how to read them."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import streamlit as st

from app.session import ready
from app.session import state as session_state
from app.ui import markup
from app.upload import state
from app.upload.results import downloads
from models import dataset
from models.dataset import FRAMINGS, LIMITS, SPLITS, Dataset, Options, pixel_data
from models.dataset.reading import reader
from models.formats import store
from models.formats.manifest import Manifest
from models.parity.set_verdict import many

_KEY = "upload-files"
FREED = "The connection was lost, and the server has freed your files. Upload them again."
_FILES, _FOLDER = "Files", "A folder"
_REFRESH = 0.25  # seconds between two counts while files are read
_FRAMING = {
    "pictures": "Pictures are framed, 28×28 pixel data is taken as it is",
    "all": "Everything is framed",
    "none": "Whatever has 28×28 pixels is taken as it is",
}


_DIGITS = (
    "Pictures, a folder or a ZIP of them, with a labels.csv or .json or without; or pixel data: "
    "CSV, IDX, .npz, .npy or UNIPEN."
)
_PICTURES = (
    "Pictures, a ZIP of them in a folder a class, a CSV, IDX files or an .npz. Each becomes {} "
    "pixels, as this model takes them."
)


@st.cache_resource(show_spinner=False, max_entries=8)
def _ready_zip(model: str, version: str) -> bytes:
    """``version`` is a cache key: changed files are packed again."""
    return downloads.pictures_zip(ready.pictures(model), store.manifest(model).classes)


def first(data: Dataset, count: int) -> Dataset:
    """The first pictures alone, where they lie: none is copied."""
    return replace(
        data,
        names=data.names[:count],
        stored=data.stored[:count],
        stored_labels=data.stored_labels[:count],
        named=data.named[:count],
        labels=data.labels[:count],
    )


def choose() -> tuple[Dataset | None, Options]:
    """Show the choices; return the chosen test set with its labels, or None, and how it is read."""
    model = session_state.model()
    manifest = store.manifest(model)
    taken = manifest.pictures()
    size = "×".join(map(str, taken.picture))
    markup.chart_title("Your test set", _DIGITS if taken.is_digit else _PICTURES.format(size))
    files, named = _upload()
    markup.note(LIMITS.describe(taken.picture) + " Nothing is kept after your visit.")
    _offer_ready(model, manifest)
    options = _options(manifest)
    if state.source() == state.EXAMPLES:
        return ready.pictures(model), options
    # Files are freed when the connection is lost for some seconds; what was read of them is not.
    if not named:
        return None, options
    key = (tuple(file.file_id for file in named), options)
    data = state.dataset(key)
    if data is None:
        if len(files) < len(named):
            st.warning(FREED, icon=":material/link_off:")
        if not files:
            return None, options
        data = _read(files, options)
        state.keep_dataset(key, data)
    return data, options


def _upload() -> tuple[Sequence[Any], Sequence[Any]]:
    """The files that are here, and those that were chosen. A folder that is dropped is taken either
    way; a picker takes files or a folder.
    """
    folder = (
        st.segmented_control(
            "What to choose",
            (_FILES, _FOLDER),
            default=_FILES,
            key=f"{_KEY}-kind",
            label_visibility="collapsed",
        )
        == _FOLDER
    )
    key = f"{_KEY}-folder" if folder else _KEY
    files = st.file_uploader(
        "A folder of your test set" if folder else "Files of your test set",
        accept_multiple_files="directory" if folder else True,
        key=key,
        on_change=state.choose,
        args=(state.FILES,),
        label_visibility="collapsed",
    )
    return files, st.session_state.get(key) or ()


def _offer_ready(model: str, manifest: Manifest) -> None:
    """Pictures for who has none: digits, the operator's examples, or generated ones."""
    if manifest.pictures().is_digit:
        what, about = "100 ready digits", "Ten of each digit out of MNIST's test set"
        folders = "a folder a digit"
    else:
        what, about = "ready pictures", "The model's own examples, or generated ones without labels"
        folders = "a folder a class"
    with st.container(gap="xsmall"):
        st.button(
            f"Run {what}",
            key="upload-ready",
            width="stretch",
            icon=":material/play_arrow:",
            on_click=state.choose,
            args=(state.EXAMPLES,),
            help=about,
        )
        st.download_button(
            "Get them as a ZIP",
            width="stretch",
            data=lambda: _ready_zip(model, store.version(model)),
            file_name=f"{what.replace('ready ', '').replace(' ', '-')}.zip",
            mime="application/zip",
            icon=":material/download:",
            on_click="ignore",
            help=f"Pictures in {folders}: upload the ZIP here to try it",
        )


def _options(manifest: Manifest) -> Options:
    """How files are read for this model: only digits are framed and cut apart."""
    taken, framing, cut = manifest.pictures(), FRAMINGS[0], True
    with st.expander("How files are read", icon=":material/tune:"):
        if taken.is_digit:
            framing = st.selectbox("Framing", FRAMINGS, format_func=lambda each: _FRAMING[each])
            cut = st.toggle(
                "Cut pictures of several digits apart",
                value=True,
                help="Each digit has its own row.",
            )
        split = st.selectbox("Of an .npz as Keras has it", SPLITS)
        pixels = st.selectbox(
            "Pixel data is taken", pixel_data.WAYS, key=state.reading_key("pixels")
        )
    return Options(framing, cut, split, "auto", pixels, taken, manifest.classes)


def _read(files: Sequence[Any], options: Options) -> Dataset:
    """Read the files while a line says how far it is; a rerun meanwhile stops it cleanly."""
    # The set before makes room, though Streamlit keeps what showed it until this run has ended.
    if (before_it := state.leave()) is not None:
        reader.in_use.forget(before_it.stored)
    line = st.empty()
    last = 0.0

    def look(count: int, before: int) -> None:
        nonlocal last
        if time.monotonic() - last > _REFRESH:
            # Streamlit ends this run here when the visitor has left or wants something else.
            line.caption(f":material/hourglass_top: {progress(count, before)} …")
            last = time.monotonic()

    kept = (file for file in files if not dataset.is_litter(file.name))
    contents = ((file.name, file.getvalue()) for file in kept)
    try:
        return dataset.read_files(contents, options, look=look)
    finally:
        line.empty()


def progress(count: int, before: int) -> str:
    """How many images were read, and how many sets of other visitors come first."""
    parts = [f"{count:,} images read"] if count or not before else []
    parts += [f"{many(before, 'set')} before yours"] if before else []
    return "; ".join(parts)
