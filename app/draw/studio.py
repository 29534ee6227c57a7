"""The browser's lanes: a component sends digits to TensorFlow.js and receives the answers."""

from __future__ import annotations

from typing import Any

import streamlit as st

from app.draw.lanes import browser_answers
from app.draw.lanes.browser_answers import BrowserAnswers
from app.frontend import component, lane_wire
from app.session import state
from models.digit.digit import Digit
from models.formats import store
from models.tfjs import built

KEY = "browser"

_component = component.component(
    "digit_parity_browser",
    "draw/lanes/browser_lanes.js",
    html='<div class="dp-lanes"></div>',
    isolate_styles=False,
)


def mount(digit: Digit | None, *, model: str, backend: str) -> None:
    """Mount the browser's lanes with this digit. Their answers rerun the fragment.

    ``backend`` is ``auto`` or one of ``BACKENDS``.
    """
    manifest = store.manifest(model)
    _component(
        key=KEY,
        data={
            "session": state.token(),
            "bundle": built.entry(),
            "model": {
                "name": model,
                "version": store.version(model),
                "paths": {name: manifest.address(name) for name in lane_wire.formats(manifest)},
                "input": manifest.pictures().stored(),
                "isDigit": manifest.pictures().is_digit,
                "answers": manifest.answers,
                "classes": list(manifest.classes),
            },
            "backend": backend,
            "digit": None if digit is None else lane_wire.wire(digit),
            "id": None if digit is None else digit.id,
        },
        on_report_change=lambda: None,
    )


def answers(
    digit: Digit | None, *, model: str, backend: str, drawn: Any = None
) -> BrowserAnswers | None:
    """What the browser's lanes answered for exactly this digit; None until they have.

    ``drawn`` is what ``canvas.js`` sent with the drawing: answers, or None.
    Raises InputError on malformed answers.
    """
    for raw in (drawn, st.session_state.get(KEY, {}).get("report")):
        if digit is None or raw is None:
            continue
        parsed = browser_answers.parse(raw, store.manifest(model))
        if (parsed.digit_id, raw.get("asked"), raw.get("model")) == (digit.id, backend, model):
            return parsed
    return None
