"""What the browser posts of a picture: its levels, and what its lanes answered. Untrusted input.

``parse`` accepts one shape of JSON and refuses the rest.
"""

from __future__ import annotations

import base64
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from app.draw.reading import lane_result
from app.frontend import lane_wire, report_values
from app.frontend.lane_wire import UNKNOWN
from models.digit.digit import Digit, from_levels
from models.digit.strokes import Stroke
from models.errors import InputError
from models.formats.manifest import Manifest
from models.lanes import BACKENDS, CONVERTED, Backend, Lane, LaneResult, Times, Weights
from models.runtimes.probabilities import ROUNDING

MAX_STEADY = 1_000
MAX_WANTED = 20  # classes that a search asks for
MAX_ENVIRONMENT = 32
MAX_STROKES = 200
MAX_POINTS = 4_000  # of all strokes
FARTHEST = 1e5  # units of the pad, which has 280 a side


@dataclass(frozen=True)
class BrowserAnswers:
    """The answers of the browser's lanes for one picture.

    ``asked`` is the backend that the visitor asked for, or auto; ``backend`` the one that ran, None
    if none did; ``fallback`` says why it is another one. ``environment`` holds short texts:
    browser, GPU, versions. ``wanted`` are classes that the charts show in any case. ``faster`` is
    the format that the page last said is faster, see ``shipping.Shipping``. ``strokes`` are the
    pen's, each (n, 2) in units of the pad: for the link, nothing reads them. ``weights`` is how
    those of both formats are stored.
    """

    digit: Digit
    backend: Backend | None
    fallback: str | None
    results: tuple[LaneResult, ...]
    environment: Mapping[str, str] = field(default_factory=dict)
    asked: str = "auto"
    wanted: tuple[int, ...] = ()
    faster: str = "unknown"
    strokes: Sequence[Stroke] = ()
    weights: Weights = "float32"


def largest(manifest: Manifest) -> int:
    """The most bytes that a browser posts on this model: the picture, strokes, and numbers for two
    lanes.
    """
    values = math.prod(manifest.pictures().picture)
    return 65_536 + 24 * MAX_POINTS + 4 * -(-values // 3) + 64 * lane_result.outputs(manifest)


def parse(raw: Any, manifest: Manifest) -> BrowserAnswers:
    """Parse and check what the browser sent on this model. Raises InputError."""
    try:
        backend, asked = raw["backend"], raw["asked"]
        if backend is not None and backend not in BACKENDS:
            raise ValueError("an unknown backend")
        if asked not in ("auto", *BACKENDS):
            raise ValueError("a request for an unknown backend")
        weights = raw.get("weights", "float32")
        if weights not in lane_wire.kinds(manifest):
            raise ValueError("weights that the model does not have")
        digit = _digit(raw["digit"], manifest)
        results = _results(raw["lanes"], backend, weights, digit.id, manifest)
        facts = report_values.mapping(raw["environment"], MAX_ENVIRONMENT)
        environment = {
            report_values.text(key): report_values.text(value) for key, value in facts.items()
        }
        fallback = None if raw["fallback"] is None else report_values.text(raw["fallback"])
        wanted = tuple(map(report_values.count, report_values.listed(raw["wanted"], MAX_WANTED)))
        if wanted and max(wanted) >= len(manifest.classes):
            raise ValueError("a class that the model does not have")
        faster = raw.get("faster", "unknown")
        if faster not in ("unknown", "neither", *CONVERTED):
            raise ValueError("an unknown format that is faster")
        strokes = _strokes(raw.get("strokes", []))
        return BrowserAnswers(
            digit, backend, fallback, results, environment, asked, wanted, faster, strokes, weights
        )
    except (InputError, KeyError, TypeError, ValueError, AttributeError, OverflowError) as error:
        raise InputError(
            "The browser sent a report that cannot be read "
            f"({str(error)[: report_values.MAX_TEXT]}). Reload the page."
        ) from error


def _digit(raw: Any, manifest: Manifest) -> Digit:
    shape = manifest.pictures().picture
    if not isinstance(raw, str) or len(raw) > 4 * -(-math.prod(shape) // 3):
        raise ValueError("something in place of a picture")
    return from_levels(base64.b64decode(raw, validate=True), shape)


def _strokes(raw: Any) -> tuple[Stroke, ...]:
    """Lists of points [x, y], of which there are ``MAX_POINTS`` at most."""
    listed = report_values.listed(raw, MAX_STROKES)
    left = MAX_POINTS
    strokes = []
    for each in listed:
        given = report_values.listed(each, left, "a stroke")
        left -= len(given)
        # A text among them would make each of NumPy's items as long as itself.
        if not given or not all(map(_is_point, given)):
            raise ValueError("a stroke is not a list of points")
        points = np.array(given, np.float64)
        if not (np.abs(points) <= FARTHEST).all():  # NaN is refused too
            raise ValueError("a point far from the pad")
        strokes.append(points)
    return tuple(strokes)


def _is_point(raw: Any) -> bool:
    return (
        isinstance(raw, list) and len(raw) == 2 and all(type(each) in (int, float) for each in raw)
    )


def _results(
    raw: Any, backend: Backend | None, weights: Weights, digit_id: str, manifest: Manifest
) -> tuple[LaneResult, ...]:
    """The answers of all lanes of the browser; none of them, while it still loads them."""
    if raw is None:
        return ()
    formats = lane_wire.formats(manifest)
    lanes = report_values.listed(raw, len(formats))
    results = tuple(_result(lane, backend, weights, digit_id, manifest) for lane in lanes)
    if tuple(result.lane.format for result in results) != formats:
        raise ValueError(f"lanes other than {' and '.join(formats)}")
    return results


def _result(
    raw: Mapping[str, Any],
    backend: Backend | None,
    weights: Weights,
    digit_id: str,
    manifest: Manifest,
) -> LaneResult:
    name = raw["format"]
    if name not in lane_wire.formats(manifest):
        raise ValueError("an unknown format")
    lane = Lane(name, f"tfjs/{backend or UNKNOWN}", weights)
    if raw["error"] is not None:
        return LaneResult(lane, digit_id, error=report_values.text(raw["error"]))
    if backend is None:
        raise ValueError("an answer without a backend")
    steady = tuple(_number(each) for each in report_values.listed(raw["steadyMs"], MAX_STEADY))
    times = Times(_number(raw["loadMs"]), _number(raw["firstMs"]), steady)
    return lane_result.of(lane, digit_id, _answers(raw["probabilities"], manifest), times, manifest)


def _answers(raw: Any, manifest: Manifest) -> np.ndarray[Any, np.dtype[np.float32]]:
    """The model's own answers, shape (outputs,), float32: logits, if that is what it gives, or
    probabilities, each of which may exceed 1 by rounding only.
    """
    count, are_logits = lane_result.outputs(manifest), manifest.answers == "logits"
    least = -math.inf if are_logits else 0.0
    listed = report_values.listed(raw, count)
    values = np.array([_number(each, least) for each in listed], np.float32)
    if values.shape != (count,) or not np.isfinite(values).all():
        raise ValueError(f"answers that are not {count} numbers")
    if not are_logits and values.max() > 1 + ROUNDING:
        raise ValueError(f"probabilities that are not {count} numbers from 0 to 1")
    return values


def _number(raw: Any, least: float = 0.0) -> float:
    """A finite number of ``least`` or more: a time, a probability or a logit."""
    if isinstance(raw, bool) or not isinstance(raw, int | float) or not least <= raw < math.inf:
        raise ValueError("something in place of a number, or one that is out of range")
    return float(raw)
