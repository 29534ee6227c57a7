"""The browser's side of the Inspect page: what each layer outputs in TensorFlow.js.

The browser's answer is untrusted input: ``parse`` accepts one format and refuses everything else.
"""

from __future__ import annotations

import base64
import binascii
import math
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from app.frontend import component, model_outputs, report_values
from app.frontend.lane_wire import UNKNOWN, formats, wire
from app.inspect.results.judged import Answered
from models.digit.digit import Digit
from models.errors import InputError
from models.formats import store
from models.lanes import BACKENDS, CONVERTED, Backend, Format, Lane, Weights
from models.runtimes.activations import Trace, split
from models.runtimes.worker import thinning
from models.tfjs import built

Levels = NDArray[np.uint8]

MAX_VALUES = 2_000_000  # numbers per lane; both lanes in base64 stay below a message's size limit
MAX_PARTS = 2_000
MAX_RANK = 6
MAX_WHOLE = 1 << 27  # numbers of a whole layer, of which as many are sent as `thinning` leaves

_component = component.component(
    "digit_parity_inspect",
    "inspect/browser_lanes.js",
    html='<div class="dp-inspect"></div>',
    isolate_styles=False,
)


@dataclass(frozen=True, eq=False)
class BrowserTraces:
    """The outputs of the browser's lanes. ``errors`` says why a lane is missing in ``traces``.

    ``shapes`` are those of a lane's whole layers, of which large ones are thinned; ``answers`` are
    those to the ready pictures, empty where these were not asked for.
    """

    backend: Backend | None
    fallback: str | None
    traces: Mapping[Lane, Trace] = field(default_factory=dict)
    errors: Mapping[Lane, str] = field(default_factory=dict)
    answers: Mapping[Lane, Answered] = field(default_factory=dict)
    shapes: Mapping[Lane, Mapping[str, tuple[int, ...]]] = field(default_factory=dict)


def mount(
    digit: Digit | None,
    *,
    token: str,
    model: str,
    weights: Weights,
    backend: str,
    operations: Collection[str],
    each: int,
    sample: Levels | None = None,
) -> BrowserTraces | None:
    """Mount the component; return the answer to ``token`` in the rerun that brings it.

    Asks nothing if ``digit`` is None, and with ``sample`` (n, *picture) for answers to these
    pictures too. Of a layer of more than ``each`` numbers not all are sent. Raises InputError for
    an invalid answer.
    """
    manifest = store.manifest(model)
    known = formats(manifest)
    question = None
    if digit is not None:
        question = {
            "token": token,
            "model": {
                "name": model,
                "version": store.version(model),
                "paths": {form: manifest.address(form, weights) for form in known},
                "input": manifest.pictures().stored(),
            },
            "backend": backend,
            "operations": list(operations),
            "most": MAX_VALUES,
            "each": each,
            "size": digit.pixels.size,
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
    asked = None if sample is None else (len(sample), model_outputs.count(manifest))
    return parse(answer, weights=weights, asked=asked, each=each, known=known)


def parse(
    raw: Any,
    *,
    weights: Weights,
    asked: tuple[int, int] | None = None,
    each: int = MAX_VALUES,
    known: Sequence[Format] = CONVERTED,
) -> BrowserTraces:
    """Check what the browser sent of its lanes, those of the ``known`` formats, and return their
    traces. ``asked`` is how many ready pictures it was to answer, and how many numbers each answer
    has; ``each`` is what it was to send of a layer. Raises InputError.
    """
    try:
        backend = raw["backend"]
        if backend is not None and backend not in BACKENDS:
            raise ValueError("an unknown backend")
        fallback = None if raw["fallback"] is None else report_values.text(raw["fallback"])
        lanes = report_values.listed(raw["lanes"], len(known))
        if [one["format"] for one in lanes] != list(known):
            raise ValueError(f"lanes other than {' and '.join(known)}")
        traces: dict[Lane, Trace] = {}
        shapes: dict[Lane, Mapping[str, tuple[int, ...]]] = {}
        errors: dict[Lane, str] = {}
        answers: dict[Lane, Answered] = {}
        for form, one in zip(known, lanes, strict=True):
            lane = _lane(form, backend, weights)
            if one["error"] is not None:
                errors[lane] = report_values.text(one["error"])
            elif backend is None:
                raise ValueError("an answer without a backend")
            else:
                found, shapes[lane] = _outputs(one, each)
                traces[lane] = Trace(lane, found)
            if asked is not None:
                answers[lane] = _answered(one, asked)
        return BrowserTraces(backend, fallback, traces, errors, answers, shapes)
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
        raise ValueError(f"{values.size} numbers for {asked[0]} pictures")
    seconds = report_values.milliseconds(raw["ms"]) / 1e3
    return Answered(values.reshape(asked), seconds)


def _outputs(
    raw: Mapping[str, Any], most: int
) -> tuple[dict[str, Any], dict[str, tuple[int, ...]]]:
    """What is left of each layer's output, and the shape of the whole."""
    listed = report_values.listed(raw["parts"], MAX_PARTS)
    parts = [(report_values.text(each["name"]), _shape(each["shape"])) for each in listed]
    if len({name for name, _ in parts}) != len(parts):
        raise ValueError("a layer twice")
    kept = [(name, thinning.kept_shape(shape, most)) for name, shape in parts]
    return split(kept, _values(raw["values"])), dict(parts)


def _shape(raw: Any) -> tuple[int, ...]:
    """The shape of a layer's output for one picture: the first size is 1."""
    sizes = report_values.listed(raw, MAX_RANK)
    whole = all(isinstance(each, int) and not isinstance(each, bool) for each in sizes)
    if not whole or sizes[:1] != [1] or min(sizes) < 1 or math.prod(sizes) > MAX_WHOLE:
        raise ValueError("a shape that is not for one picture")
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
