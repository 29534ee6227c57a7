"""The browser's lanes: one component hands digits to TensorFlow.js and brings answers back.

What comes back is input like any other: ``parse`` accepts one declared shape and refuses the rest.
"""

from __future__ import annotations

import base64
import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import streamlit as st

from app.frontend import component, report_values
from app.session import state
from models.digit.digit import Digit, from_levels
from models.errors import InputError
from models.formats import store
from models.lanes import BACKENDS, Backend, Format, Lane, LaneResult, Times
from models.runtimes.probabilities import ROUNDING
from models.tfjs import built

KEY = "browser"
FORMATS: tuple[Format, Format] = ("graph", "layers")
MAX_STEADY = 1_000
MAX_DIGIT = 1_048  # letters: 784 bytes in base64
MAX_ENVIRONMENT = 32
UNKNOWN: Backend = "wasm"  # lanes that could not run at all are named after it

_component = component.component(
    "digit_parity_browser",
    "draw/lanes/browser_lanes.js",
    html='<div class="dp-lanes"></div>',
    isolate_styles=False,
)


@dataclass(frozen=True)
class Report:
    """What the browser said of one digit.

    ``backend`` is what really ran, None when nothing did; ``fallback`` says why it is not the one
    that was asked for. ``environment`` holds short texts: browser, GPU, versions.
    """

    digit_id: str
    backend: Backend | None
    fallback: str | None
    results: tuple[LaneResult, ...]
    environment: Mapping[str, str] = field(default_factory=dict)


def mount(digit: Digit | None, *, model: str, backend: str) -> None:
    """Mount the browser's lanes and hand them this digit; what they say runs the fragment anew.

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
                "paths": {name: manifest.path(name) for name in FORMATS},
                "scale": manifest.input.scale,
                "classes": list(manifest.classes),
            },
            "backend": backend,
            "digit": None if digit is None else wire(digit),
        },
        on_report_change=lambda: None,
    )


def report(digit: Digit | None, *, model: str, backend: str, drawn: Any = None) -> Report | None:
    """What the browser's lanes said of this very digit; None until they have.

    ``drawn`` is what came along with the drawing, see ``canvas.js``: a report, or None.
    Raises InputError on a report that is not one.
    """
    for raw in (drawn, st.session_state.get(KEY, {}).get("report")):
        if digit is None or raw is None:
            continue
        said = parse(raw, classes=len(store.manifest(model).classes))
        if (said.digit_id, raw.get("asked"), raw.get("model")) == (digit.id, backend, model):
            return said
    return None


def wire(digit: Digit) -> str:
    """The digit's 784 levels in base64: the browser's pixels are the server's, bit for bit."""
    return base64.b64encode(digit.levels).decode("ascii")


def parse(raw: Any, *, classes: int) -> Report:
    """Check what the browser sent and make a report of it. Raises InputError."""
    try:
        backend = raw["backend"]
        if backend is not None and backend not in BACKENDS:
            raise ValueError("an unknown backend")
        digit_id = _digit_id(raw["digit"])
        listed = report_values.listed(raw["lanes"], len(FORMATS))
        results = tuple(_result(each, backend, digit_id, classes) for each in listed)
        if tuple(result.lane.format for result in results) != FORMATS:
            raise ValueError("lanes other than graph and layers")
        said = report_values.mapping(raw["environment"], MAX_ENVIRONMENT)
        environment = {
            report_values.text(key): report_values.text(value) for key, value in said.items()
        }
        fallback = None if raw["fallback"] is None else report_values.text(raw["fallback"])
        return Report(digit_id, backend, fallback, results, environment)
    except (InputError, KeyError, TypeError, ValueError, AttributeError, OverflowError) as error:
        raise InputError(
            "The browser sent a report that cannot be read "
            f"({str(error)[: report_values.MAX_TEXT]}). Reload the page."
        ) from error


def _digit_id(raw: Any) -> str:
    """Of the pixels that the lanes were given."""
    if not isinstance(raw, str) or len(raw) > MAX_DIGIT:
        raise ValueError("something in place of a digit")
    return from_levels(base64.b64decode(raw, validate=True)).id


def _result(
    raw: Mapping[str, Any], backend: Backend | None, digit_id: str, classes: int
) -> LaneResult:
    name = raw["format"]
    if name not in FORMATS:
        raise ValueError("an unknown format")
    lane = Lane(name, f"tfjs/{backend or UNKNOWN}")
    if raw["error"] is not None:
        return LaneResult(lane, digit_id, error=report_values.text(raw["error"]))
    if backend is None:
        raise ValueError("an answer without a backend")
    steady = tuple(_number(each) for each in report_values.listed(raw["steadyMs"], MAX_STEADY))
    times = Times(_number(raw["loadMs"]), _number(raw["firstMs"]), steady)
    return LaneResult(lane, digit_id, _probabilities(raw["probabilities"], classes), times)


def _probabilities(raw: Any, classes: int) -> np.ndarray[Any, np.dtype[np.float32]]:
    """One share of 1 for each class. Beyond 1 there is room for rounding and no more."""
    values = np.array([_number(each) for each in report_values.listed(raw, classes)], np.float32)
    if values.shape != (classes,) or values.max() > 1 + ROUNDING:
        raise ValueError(f"probabilities that are not {classes} numbers from 0 to 1")
    return values


def _number(raw: Any) -> float:
    """A time or a probability: finite and not negative."""
    if isinstance(raw, bool) or not isinstance(raw, int | float) or not 0 <= raw < math.inf:
        raise ValueError("something in place of a number that is 0 or more")
    return float(raw)
