"""What the browser found, which is checked here: where its two versions differ, and by how much.

The browser's report is untrusted input: ``parse`` accepts one format and refuses everything else.
Distances, bound and classes are computed here, of the answers that it sent.
"""

from __future__ import annotations

import base64
import binascii
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from app.frontend import report_values
from models.errors import InputError
from models.formats.manifest import Manifest
from models.lanes import BACKENDS, CONVERTED, Backend, Lane, Weights
from models.parity import judgement
from models.parity.judgement import ByRule
from models.verify.hunt import space
from models.verify.hunt.measure import Measure, logarithms
from models.verify.hunt.space import Limits

Levels = NDArray[np.uint8]
LIMITS = Limits()  # those of the command
EPSILON = 1e-9  # what both sides may round


@dataclass(frozen=True, eq=False)
class Found:
    """The picture ``levels``, which began at the real one at the place ``origin``: how far apart
    ``lanes`` are on it, infinite for NaN, how far rounding alone takes them, and by how much its
    top class changes, if ``flips`` is above 0. ``tops`` are the classes of both, None where answers
    are none. ``linf`` and ``rms`` are shares of the range.
    """

    levels: Levels
    origin: int
    lanes: tuple[Lane, Lane]
    distance: float
    bound: float
    flips: float
    tops: tuple[int, int] | None
    linf: float
    rms: float


@dataclass(frozen=True)
class Ended:
    """How a search ended. ``found`` has a picture whose top class changes, if there is one, and the
    one on which both are farthest apart; none where it was stopped at once, or failed: ``error``.
    """

    backend: Backend | None
    asked: int
    seconds: float
    found: tuple[Found, ...] = ()
    error: str | None = None


def judge(manifest: Manifest) -> ByRule | None:
    """How far apart two versions may be that may each be ``bound`` from exact; None of a model that
    was added before bounds were derived.
    """
    stored = judgement.stored(manifest)
    if not isinstance(stored, ByRule):
        return None
    return ByRule(stored.head, 2 * stored.bound, stored.scale, stored.unit)


def parse(raw: Any, real: Levels, manifest: Manifest, weights: Weights, count: int) -> Ended:
    """Check what the browser reported of a search that began at ``real`` (n, *picture), where an
    answer has ``count`` numbers. Raises InputError.
    """
    try:
        backend = raw["backend"]
        if backend is not None and backend not in BACKENDS:
            raise ValueError("an unknown backend")
        error = None if raw["error"] is None else report_values.text(raw["error"])
        asked = report_values.count(raw["asked"])
        seconds = report_values.milliseconds(raw["ms"]) / 1e3
        sent = report_values.listed(raw["found"], 2, "what was found")
        if not sent or error is not None:
            return Ended(backend, asked, seconds, error=error)
        if backend is None:
            raise ValueError("a picture without a backend")
        lanes = tuple(Lane(form, f"tfjs/{backend}", weights) for form in CONVERTED)
        both = (lanes[0], lanes[1])
        found = tuple(_found(each, real, manifest, both, count) for each in sent)
        return Ended(backend, asked, seconds, found)
    except (KeyError, TypeError, ValueError, AttributeError, OverflowError) as error:
        raise InputError(
            "The browser sent a picture that cannot be read "
            f"({str(error)[: report_values.MAX_TEXT]}). Reload the page."
        ) from error


def _found(
    raw: Mapping[str, Any],
    real: Levels,
    manifest: Manifest,
    lanes: tuple[Lane, Lane],
    count: int,
) -> Found:
    origin = report_values.count(raw["origin"])
    if origin >= len(real):
        raise ValueError("it began at no real picture")
    levels = np.frombuffer(_bytes(raw["levels"], real[0].size), np.uint8).reshape(real.shape[1:])
    delta = (levels.astype(np.float64) - real[origin]).reshape(1, -1) / 255
    linf, rms = float(np.abs(delta).max()), float(space.rms(delta)[0])
    if linf > LIMITS.linf + EPSILON or rms > LIMITS.rms + EPSILON:
        raise ValueError("it is farther from the real one than was asked for")
    sent = report_values.listed(raw["answers"], 2, "answers")
    one, other = (np.frombuffer(_bytes(each, 4 * count), "<f4") for each in sent)
    rule = judge(manifest)
    if rule is None:
        raise ValueError("no model that is searched")
    kind = manifest.answers
    shape = (1, *manifest.outputs[0].whole) if manifest.outputs else (1, count)
    first, second = one.reshape(shape), other.reshape(shape)
    scored = Measure([rule], kind).scored((first,), (second,))
    tops = None
    if kind != "values" and first.ndim == 2:
        tops = (int(logarithms(first, kind).argmax()), int(logarithms(second, kind).argmax()))
    broken = not np.isfinite(one).all() or not np.isfinite(other).all()
    distance = np.inf if broken else float(scored.distance[0])
    flips = -np.inf if broken else float(scored.flips[0])
    return Found(levels, origin, lanes, distance, rule.bound, flips, tops, linf, rms)


def _bytes(raw: Any, size: int) -> bytes:
    if not isinstance(raw, str) or len(raw) > 4 * size // 3 + 4:
        raise ValueError("something in place of numbers")
    try:
        content = base64.b64decode(raw, validate=True)
    except binascii.Error as error:
        raise ValueError("numbers that are not base64") from error
    if len(content) != size:
        raise ValueError(f"{len(content):,} bytes where {size:,} are expected")
    return content
