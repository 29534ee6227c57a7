"""What the browser's lanes answer for a digit, which is untrusted input.

``parse`` accepts one shape of JSON and refuses the rest.
"""

from __future__ import annotations

import base64
import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from app.frontend import report_values
from app.frontend.lane_wire import UNKNOWN
from models.digit.digit import from_levels
from models.errors import InputError
from models.lanes import BACKENDS, CONVERTED, Backend, Lane, LaneResult, Times
from models.runtimes.probabilities import ROUNDING

MAX_STEADY = 1_000
MAX_DIGIT = 1_048  # characters: 784 bytes in base64
MAX_ENVIRONMENT = 32


@dataclass(frozen=True)
class BrowserAnswers:
    """The answers of the browser's lanes for one digit.

    ``backend`` is the one that ran, None if none did; ``fallback`` says why it is not the requested
    one. ``environment`` holds short texts: browser, GPU, versions.
    """

    digit_id: str
    backend: Backend | None
    fallback: str | None
    results: tuple[LaneResult, ...]
    environment: Mapping[str, str] = field(default_factory=dict)


def parse(raw: Any, *, classes: int) -> BrowserAnswers:
    """Parse and check what the browser sent. Raises InputError."""
    try:
        backend = raw["backend"]
        if backend is not None and backend not in BACKENDS:
            raise ValueError("an unknown backend")
        digit_id = _digit_id(raw["digit"])
        lanes = report_values.listed(raw["lanes"], len(CONVERTED))
        results = tuple(_result(lane, backend, digit_id, classes) for lane in lanes)
        if tuple(result.lane.format for result in results) != CONVERTED:
            raise ValueError("lanes other than graph and layers")
        facts = report_values.mapping(raw["environment"], MAX_ENVIRONMENT)
        environment = {
            report_values.text(key): report_values.text(value) for key, value in facts.items()
        }
        fallback = None if raw["fallback"] is None else report_values.text(raw["fallback"])
        return BrowserAnswers(digit_id, backend, fallback, results, environment)
    except (InputError, KeyError, TypeError, ValueError, AttributeError, OverflowError) as error:
        raise InputError(
            "The browser sent a report that cannot be read "
            f"({str(error)[: report_values.MAX_TEXT]}). Reload the page."
        ) from error


def _digit_id(raw: Any) -> str:
    """The identifier of the digit in base64."""
    if not isinstance(raw, str) or len(raw) > MAX_DIGIT:
        raise ValueError("something in place of a digit")
    return from_levels(base64.b64decode(raw, validate=True)).id


def _result(
    raw: Mapping[str, Any], backend: Backend | None, digit_id: str, classes: int
) -> LaneResult:
    name = raw["format"]
    if name not in CONVERTED:
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
    """Probabilities, shape (classes,), float32. Each may exceed 1 by rounding only."""
    values = np.array([_number(each) for each in report_values.listed(raw, classes)], np.float32)
    if values.shape != (classes,) or values.max() > 1 + ROUNDING:
        raise ValueError(f"probabilities that are not {classes} numbers from 0 to 1")
    return values


def _number(raw: Any) -> float:
    """A finite number of 0 or more: a time or a probability."""
    if isinstance(raw, bool) or not isinstance(raw, int | float) or not 0 <= raw < math.inf:
        raise ValueError("something in place of a number that is 0 or more")
    return float(raw)
