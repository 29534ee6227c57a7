"""Up to ten example pictures to try with one click."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import streamlit as st

from app.frontend import component
from app.ui import markup
from models.digit.digit import Digit

KEY = "ready"

_component = component.component(
    "digit_parity_ready",
    "draw/canvas/example_digits.js",
    html='<div class="dp-ready" role="group" aria-label="Ready pictures"></div>',
    isolate_styles=False,
)


def show(digits: Sequence[Digit], on_pick: Callable[[Digit], None]) -> None:
    """A button for each picture, with it on it; ``on_pick`` is called with the picked one."""

    def pick() -> None:
        number = st.session_state[KEY].get("picked")
        if isinstance(number, int) and 0 <= number < len(digits):
            on_pick(digits[number])

    _component(
        key=KEY,
        data={
            "pictures": [markup.thumbnail_url(digit) for digit in digits],
            "what": "digit" if digits[0].pixels.shape == (28, 28) else "picture",
        },
        on_picked_change=pick,
    )
