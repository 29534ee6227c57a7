"""The Inspect page's controls: digit, weights, backend and tolerance."""

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
    """The Draw page's digit, or one of the example digits."""
    own, examples = state.digit(), shared.examples()
    is_example = own is None or own.id in {each.id for each in examples}
    names = [*([] if is_example else [YOURS]), *map(str, range(len(examples)))]
    first = (
        FIRST_EXAMPLE
        if own is None
        else next((index for index, each in enumerate(examples) if each.id == own.id), YOURS)
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
    return examples[int(picked or FIRST_EXAMPLE)]


def weights() -> Weights:
    """How the weights are stored: a kind that both formats have."""
    stored = store.manifest(state.model()).lanes
    shared_kinds = [
        each for each in WEIGHTS if all(stored_form(form, each) in stored for form in CONVERTED)
    ]
    return st.selectbox(
        "Stored weights",
        shared_kinds or ["float32"],
        key="inspect-weights",
        width=140,
        help="Which variant of both formats. Rounded weights part at the first layer that has any.",
    )


def backend() -> str:
    """The backend for TensorFlow.js, or ``auto``."""
    return str(
        st.selectbox("Browser's backend", ["auto", *BACKENDS], key="inspect-backend", width=140)
    )


def tolerance() -> float:
    """How far a lane may differ, as a share of a layer's largest value."""
    return st.select_slider(
        "Tolerance",
        TOLERANCES,
        value=RTOL,
        format_func=short,
        key="inspect-tolerance",
        width=190,
        help=HOW,
    )
