"""The Inspect page's controls: picture, weights, backend and tolerance."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from app.frontend import lane_wire
from app.session import ready, shared, state
from models.bisect.layer_difference import RTOL
from models.digit.digit import Digit
from models.formats import store
from models.lanes import BACKENDS, Weights
from models.parity.figures import short

FIRST_EXAMPLE = 7
MOST = 10  # ready pictures to pick one from
YOURS = "yours"
TOLERANCES = (1e-7, 1e-6, RTOL, 1e-4, 1e-3, 1e-2)
HOW = (
    "Each layer is compared with the original's: the largest difference as a share of the layer's "
    "largest value. float32 rounds a sum as large as its terms, so a small value beside large ones "
    "cannot be nearer; that is why the tolerance grows with the layer, not with each value."
)


def digit() -> Digit:
    """The Draw page's picture, or one of the ready ones."""
    own, examples = _given()
    is_example = own is None or own.id in {each.id for each in examples}
    names = [*([] if is_example else [YOURS]), *map(str, range(len(examples)))]
    first = (
        FIRST_EXAMPLE
        if own is None
        else next((index for index, each in enumerate(examples) if each.id == own.id), YOURS)
    )
    first = min(first, len(examples) - 1) if isinstance(first, int) else first
    is_digit = store.manifest(state.model()).pictures().is_digit
    picked = st.pills(
        "Digit" if is_digit else "Picture",
        names,
        default=str(first),
        required=True,
        wrap=True,
        key=f"inspect-digit-{own.id if own else ''}",
        help=f"One of the ready {'digits' if is_digit else 'pictures'}; yours is what the Draw "
        "page shows.",
    )
    if picked == YOURS and own is not None:
        return own
    return examples[int(picked or first)]


def _given() -> tuple[Digit | None, Sequence[Digit]]:
    """The Draw page's picture, if it is one for this model, and the ready ones."""
    taken, own = store.manifest(state.model()).pictures(), state.digit()
    if own is not None and own.pixels.shape != taken.picture:
        own = None
    if taken.is_digit:
        return own, shared.examples()
    pictures = ready.pictures(state.model())
    return own, [pictures.digit(place) for place in range(min(MOST, len(pictures)))]


def weights() -> Weights:
    """How the weights are stored: a kind that all converted formats have."""
    return st.selectbox(
        "Stored weights",
        lane_wire.kinds(store.manifest(state.model())) or ["float32"],
        key="inspect-weights",
        width=140,
        help="Which variant of each format. Rounded weights part at the first layer that has any.",
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
