"""What is looked at on the Inspect page: which digit, weights and backend, and how strictly."""

from __future__ import annotations

import streamlit as st

from app.session import shared, state
from models.bisect.layer_difference import RTOL
from models.digit.digit import Digit
from models.formats import store
from models.formats.manifest import stored_form
from models.lanes import BACKENDS, CONVERTED, WEIGHTS, Weights
from models.parity.figures import short

FIRST_EXAMPLE = 7
YOURS = "yours"
TOLERANCES = (1e-7, 1e-6, RTOL, 1e-4, 1e-3, 1e-2)
HOW = (
    "Each layer is compared with the original's: the largest difference as a share of the layer's "
    "largest value. float32 rounds a sum as large as its terms, so a small value beside large ones "
    "cannot be nearer; that is why the tolerance grows with the layer, not with each value."
)


def digit() -> Digit:
    """The Draw page's digit, or one of the ready ones."""
    own, ready = state.digit(), shared.examples()
    is_ready = own is None or own.id in {each.id for each in ready}
    names = [*([] if is_ready else [YOURS]), *map(str, range(len(ready)))]
    first = (
        FIRST_EXAMPLE
        if own is None
        else next((index for index, each in enumerate(ready) if each.id == own.id), YOURS)
    )
    picked = st.pills(
        "Digit",
        names,
        default=str(first),
        required=True,
        wrap=True,
        key=f"inspect-digit-{own.id if own else ''}",
        help="One of ten ready digits; yours is what the Draw page shows.",
    )
    if picked == YOURS and own is not None:
        return own
    return ready[int(picked or FIRST_EXAMPLE)]


def weights() -> Weights:
    """A kind of weights that both formats are stored with."""
    stored = store.manifest(state.model()).lanes
    whole = [
        each for each in WEIGHTS if all(stored_form(form, each) in stored for form in CONVERTED)
    ]
    return st.selectbox(
        "Stored weights",
        whole or ["float32"],
        key="inspect-weights",
        width=140,
        help="Which variant of both formats. Rounded weights part at the first layer that has any.",
    )


def backend() -> str:
    """``auto``, or what TensorFlow.js should compute with."""
    return str(
        st.selectbox("Browser's backend", ["auto", *BACKENDS], key="inspect-backend", width=140)
    )


def tolerance() -> float:
    """The share of a layer's largest value that a lane may differ by."""
    return st.select_slider(
        "Tolerance",
        TOLERANCES,
        value=RTOL,
        format_func=short,
        key="inspect-tolerance",
        width=190,
        help=HOW,
    )
