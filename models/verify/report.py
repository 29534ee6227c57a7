"""A verification as one object of JSON, for other programs: docs/build-gate.md has its fields."""

from __future__ import annotations

import json
import math
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

from models.lanes import CONVERTED, Lane
from models.parity import judgement
from models.parity.advice.recommendation import Recommendation
from models.parity.judgement import Judgement
from models.runtimes import server_lane
from models.verify import in_browser
from models.verify.verification import NOT_COMPARED, Verification

SCHEMA = "digit-parity/verification/1"  # another number when a field changes or goes


def write(result: Verification, path: Path) -> None:
    """Write the verification to ``path``. Raises OSError."""
    _write(as_json(result), path)


def write_failure(why: str, runtimes: Sequence[str], source: str | None, path: Path | None) -> None:
    """Write what stands in a verification's place when an error ended it, ``why``, before it was
    done: no lane was tried. Without a ``path``, or where it cannot be written, nothing happens: the
    error is said all the same.
    """
    lanes = [Lane(form, runtime) for runtime in runtimes for form in CONVERTED]
    nothing = Recommendation(None, None, f"Nothing is recommended: {why}")
    content = {
        "schema": SCHEMA,
        "reference": dict.fromkeys(("lane", "answered_by", "distance", "estimated"))
        | {"reason": why},
        "inputs": {"count": 0, "source": source},
        "lanes": [_lane(judgement.not_tried(lane, why)) for lane in lanes],
        "official": [],
        "recommendation": _advice(nothing),
        "exit_code": NOT_COMPARED,
    }
    with suppress(OSError):
        if path is not None:
            _write(content, path)


def _write(content: dict[str, Any], path: Path) -> None:
    text = json.dumps(content, indent=2, ensure_ascii=False, allow_nan=False)
    # A file's name may hold bytes that are no UTF-8: JSON writes these as numbers.
    path.write_text(text + "\n", "utf-8", "backslashreplace")


def as_json(result: Verification) -> dict[str, Any]:
    """The verification as JSON values."""
    reference = result.reference
    return {
        "schema": SCHEMA,
        "reference": {
            "lane": str(reference.lane),
            "answered_by": server_lane.answered_by(reference.lane, result.manifest),
            "distance": reference.own,
            "estimated": reference.estimated,
            "reason": None,
        },
        "inputs": {"count": result.images, "source": result.source},
        "lanes": [_lane(each) for each in result.judgements],
        "official": [_lane(each) for each in result.official],
        "recommendation": _advice(result.recommendation),
        "exit_code": result.exit_code,
    }


def _advice(advice: Recommendation) -> dict[str, Any]:
    return {
        "format": advice.format,
        "runtime": advice.runtime,
        "sentence": advice.sentence,
    }


def _lane(each: Judgement) -> dict[str, Any]:
    return {
        "lane": str(each.lane),
        "format": each.lane.format,
        "runtime": each.lane.runtime,
        "weights": each.lane.weights,
        "judgement": each.kind,
        "reason": each.reason,
        "distance": _number(each.distance),
        "bound": _number(each.bound),
        "same_top": each.same_top,
        "worst": each.worst and {"input": each.worst[0], "class": each.worst[1]},
        "limit": each.limit,
        "browser": in_browser.as_json(each.ran),
    }


def _number(value: float | None) -> float | None:
    """JSON has neither NaN nor infinity."""
    return None if value is None or not math.isfinite(value) else value
