"""The Inspect page's controls: picture, weights, backend and tolerance."""

from __future__ import annotations

from dataclasses import dataclass

import streamlit as st

from app.frontend import lane_wire
from app.inspect.picture import choice
from app.session import state
from app.ui import markup
from models.bisect.layer_difference import RTOL
from models.digit.digit import Digit
from models.formats import store
from models.lanes import BACKENDS, Weights
from models.parity.figures import plain

TOLERANCES = (1e-7, 1e-6, RTOL, 1e-4, 1e-3, 1e-2)
HOW = (
    "Each layer is compared with the original's: the largest difference as a share of the layer's "
    "largest value. float32 rounds a sum as large as its terms, so a small value beside large ones "
    "cannot be nearer; that is why the tolerance grows with the layer, not with each value."
)


@dataclass(frozen=True)
class Choice:
    """What is looked at: a picture, in words too, and whether all visitors are offered it, stored
    weights, ``auto`` or a backend, and how far a version may differ, as a share of a layer's
    largest value.
    """

    digit: Digit
    says: str
    is_ready: bool
    weights: Weights
    backend: str
    rtol: float

    @property
    def runtime(self) -> str:
        """The runtime that the browser's lanes will most likely use."""
        return f"tfjs/{state.expected_backend(self.backend)}"


def choose() -> Choice:
    """Show the controls; return what is chosen."""
    markup.label("What is looked at")
    picture = choice.choose()
    with st.container(horizontal=True, key="inspect-settings", gap="small"):
        weights, backend = _weights(), _backend()
    return Choice(picture.digit, picture.says, picture.is_ready, weights, backend, _tolerance())


def _weights() -> Weights:
    """How the weights are stored: a kind that all converted formats have."""
    return st.selectbox(
        "Stored weights",
        lane_wire.kinds(store.manifest(state.model())) or ["float32"],
        key="inspect-weights",
        help="How many bits each weight has in the files: float32 is as converted, float16 and "
        "uint8 are rounded to half and a quarter of the size. Rounded ones part at the first layer "
        "that has any.",
    )


def _backend() -> str:
    """The backend for TensorFlow.js, or ``auto``."""
    return str(
        st.selectbox(
            "Browser's backend",
            ["auto", *BACKENDS],
            key="inspect-backend",
            help="What computes in your browser: plain JavaScript (cpu), WebAssembly (wasm), or "
            "the graphics processor (webgl, webgpu); auto takes the fastest that works.",
        )
    )


def _tolerance() -> float:
    return st.select_slider(
        "Tolerance", TOLERANCES, value=RTOL, format_func=plain, key="inspect-tolerance", help=HOW
    )
