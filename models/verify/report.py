"""A verification as one object of JSON, for other programs: docs/build-gate.md has its fields."""

from __future__ import annotations

import json
import math
from pathlib import Path
from typing import Any

from models.parity.judgement import Judgement
from models.runtimes import server_lane
from models.verify.verification import Verification

SCHEMA = "digit-parity/verification/1"  # another number when a field changes or goes


def write(result: Verification, path: Path) -> None:
    """Write the verification to ``path``. Raises OSError."""
    text = json.dumps(as_json(result), indent=2, ensure_ascii=False, allow_nan=False)
    path.write_text(text + "\n", "utf-8")


def as_json(result: Verification) -> dict[str, Any]:
    """The verification as JSON values."""
    reference, advice = result.reference, result.recommendation
    return {
        "schema": SCHEMA,
        "reference": {
            "lane": str(reference.lane),
            "answered_by": server_lane.answered_by(reference.lane),
            "distance": reference.own,
            "estimated": reference.estimated,
        },
        "inputs": {"count": result.images, "source": result.source},
        "lanes": [_lane(each) for each in result.judgements],
        "recommendation": {
            "format": advice.format,
            "runtime": advice.runtime,
            "sentence": advice.sentence,
        },
        "exit_code": result.exit_code,
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
    }


def _number(value: float | None) -> float | None:
    """JSON has neither NaN nor infinity."""
    return None if value is None or not math.isfinite(value) else value
