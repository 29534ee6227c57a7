"""How files are read, and where the browser runs: chosen in a folded part of the page.

What is chosen is in the widgets' keys, since it is needed before the part is shown.
"""

from __future__ import annotations

from typing import Any

import streamlit as st

from app.upload import state
from app.web import bundle_status
from models.dataset import FRAMINGS, SPLITS, Options, pixel_data
from models.formats.manifest import Manifest
from models.lanes import BACKENDS
from models.tfjs import built

_FRAMING = {
    "pictures": "Pictures are framed, 28×28 pixel data is taken as it is",
    "all": "Everything is framed",
    "none": "Whatever has 28×28 pixels is taken as it is",
}


def chosen(manifest: Manifest) -> Options:
    """How files are read for this model: only digits are framed and cut apart."""
    taken, framing, cut = manifest.pictures(), FRAMINGS[0], True
    if taken.is_digit:
        framing, cut = _of("framing", framing), _of("cut", default=True)
    split, pixels = _of("split", SPLITS[0]), _of("pixels", pixel_data.WAYS[0])
    return Options(framing, cut, split, "auto", pixels, taken, manifest.classes)


def backend() -> str:
    """The backend that the browser shall run on, or ``auto``."""
    return str(_of("backend", "auto"))


def _of(name: str, default: Any) -> Any:
    found = state.reading(name)
    return default if found is None else found


def show(manifest: Manifest) -> None:
    """Show the choices."""
    if manifest.pictures().is_digit:
        st.selectbox(
            "Framing", FRAMINGS, format_func=lambda each: _FRAMING[each], key=_key("framing")
        )
        st.toggle(
            "Cut pictures of several digits apart",
            value=True,
            help="Each digit has its own row.",
            key=_key("cut"),
        )
    st.selectbox(
        "Of an .npz as Keras has it",
        SPLITS,
        format_func=lambda each: f"the {each} set",
        key=_key("split"),
    )
    st.selectbox("Pixel data is taken", pixel_data.WAYS, key=_key("pixels"))
    st.selectbox(
        "In your browser on",
        ["auto", *BACKENDS],
        key=_key("backend"),
        help="Where TensorFlow.js computes: auto takes WebAssembly or what you chose before; wasm "
        "is the processor, webgl and webgpu the graphics card, cpu plain JavaScript.",
    )
    if built.entry() is None:
        bundle_status.say_missing("run")


def _key(name: str) -> str:
    return state.reading_key(name)
