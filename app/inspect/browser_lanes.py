"""The browser's side of the Inspect page: what each layer outputs in TensorFlow.js.

The browser's answer is untrusted input: ``parse`` accepts one format and refuses everything else.
"""

from __future__ import annotations

import base64
import binascii
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from app.frontend import component, report_values
from app.frontend.lane_wire import UNKNOWN, wire
from app.inspect.results.judged import Answered
from models.digit.digit import Digit
from models.errors import InputError
from models.formats import store
from models.lanes import BACKENDS, CONVERTED, Backend, Format, Lane, Weights
from models.runtimes.activations import Trace, split
from models.tfjs import built

Levels = NDArray[np.uint8]

MAX_VALUES = 2_000_000  # numbers per lane; both lanes in base64 stay below a message's size limit
MAX_PARTS = 2_000
MAX_RANK = 6

_component = component.component(
    "digit_parity_inspect",
    "inspect/browser_lanes.js",
    html='<div class="dp-inspect"></div>',
    isolate_styles=False,
)


@dataclass(frozen=True, eq=False)
class BrowserTraces:
    """The outputs of the browser's lanes. ``errors`` says why a lane is missing in ``traces``.

    ``answers`` are those to the ready digits; empty where these were not asked for.
    """

    backend: Backend | None
    fallback: str | None
    traces: Mapping[Lane, Trace] = field(default_factory=dict)
    errors: Mapping[Lane, str] = field(default_factory=dict)
    answers: Mapping[Lane, Answered] = field(default_factory=dict)


def mount(
    digit: Digit | None,
    *,
    token: str,
    model: str,
    weights: Weights,
    backend: str,
    operations: Collection[str],
    sample: Levels | None = None,
) -> BrowserTraces | None:
    """Mount the component; return the answer to ``token`` in the rerun that brings it.

    Asks nothing if ``digit`` is None, and with ``sample`` (n, 28, 28) for answers to these digits
    too. Raises InputError for an invalid answer.
    """
    manifest = store.manifest(model)
    question = None
    if digit is not None:
        question = {
            "token": token,
            "model": {
                "name": model,
                "version": store.version(model),
                "paths": {form: manifest.address(form, weights) for form in CONVERTED},
                "input": manifest.pictures().stored(),
            },
            "backend": backend,
            "operations": list(operations),
            "most": MAX_VALUES,
            "pixels": wire(digit),
            "sample": sample if sample is None else _base64(sample),
        }
    state = _component(
        key="inspect-lanes",
        data={"bundle": built.entry(), "ask": question},
        on_report_change=lambda: None,
    )
    answer = state.get("report")
    if not isinstance(answer, Mapping) or answer.get("token") != token:
        return None  # nothing yet, or the answer to an older question
    asked = None if sample is None else (len(sample), len(manifest.classes))
    return parse(answer, weights=weights, asked=asked)


def parse(raw: Any, *, weights: Weights, asked: tuple[int, int] | None = None) -> BrowserTraces:
    """Check what the browser sent and return its traces. ``asked`` is how many ready digits it was
    to answer, and the number of classes. Raises InputError.
    """
    try:
        backend = raw["backend"]
        if backend is not None and backend not in BACKENDS:
            raise ValueError("an unknown backend")
        fallback = None if raw["fallback"] is None else report_values.text(raw["fallback"])
        if [each["format"] for each in report_values.listed(raw["lanes"], len(CONVERTED))] != list(
            CONVERTED
        ):
            raise ValueError("lanes other than graph and layers")
        traces: dict[Lane, Trace] = {}
        errors: dict[Lane, str] = {}
        answers: dict[Lane, Answered] = {}
        for form, each in zip(CONVERTED, raw["lanes"], strict=True):
            lane = _lane(form, backend, weights)
            if each["error"] is not None:
                errors[lane] = report_values.text(each["error"])
            elif backend is None:
                raise ValueError("an answer without a backend")
            else:
                traces[lane] = Trace(lane, _outputs(each))
            if asked is not None:
                answers[lane] = _answered(each, asked)
        return BrowserTraces(backend, fallback, traces, errors, answers)
    except (KeyError, TypeError, ValueError, AttributeError, OverflowError) as error:
        raise InputError(
            "The browser sent layers that cannot be read "
            f"({str(error)[: report_values.MAX_TEXT]}). Reload the page."
        ) from error


def _base64(levels: Levels) -> str:
    return base64.b64encode(levels.tobytes()).decode("ascii")


def _lane(form: Format, backend: Backend | None, weights: Weights) -> Lane:
    return Lane(form, f"tfjs/{backend or UNKNOWN}", weights)


def _answered(raw: Mapping[str, Any], asked: tuple[int, int]) -> Answered:
    if raw["failure"] is not None:
        return Answered(error=report_values.text(raw["failure"]))
    values = _values(raw["answers"])
    if values.size != asked[0] * asked[1]:
        raise ValueError(f"{values.size} numbers for {asked[0]} digits")
    seconds = report_values.milliseconds(raw["ms"]) / 1e3
    return Answered(values.reshape(asked), seconds)


def _outputs(raw: Mapping[str, Any]) -> dict[str, Any]:
    listed = report_values.listed(raw["parts"], MAX_PARTS)
    parts = [(report_values.text(each["name"]), _shape(each["shape"])) for each in listed]
    if len({name for name, _ in parts}) != len(parts):
        raise ValueError("a layer twice")
    return split(parts, _values(raw["values"]))


def _shape(raw: Any) -> tuple[int, ...]:
    """The shape of a layer's output for one digit: the first size is 1."""
    sizes = report_values.listed(raw, MAX_RANK)
    whole = all(isinstance(each, int) and not isinstance(each, bool) for each in sizes)
    if not whole or sizes[:1] != [1] or any(not 1 <= each <= MAX_VALUES for each in sizes):
        raise ValueError("a shape that is not for one digit")
    return tuple(sizes)


def _values(raw: Any) -> Any:
    if not isinstance(raw, str) or len(raw) > 4 * MAX_VALUES * 4 // 3 + 4:
        raise ValueError("something in place of numbers")
    try:
        content = base64.b64decode(raw, validate=True)
    except binascii.Error as error:
        raise ValueError("numbers that are not base64") from error
    if len(content) % 4:
        raise ValueError("numbers that are not float32")
    return np.frombuffer(content, "<f4")
