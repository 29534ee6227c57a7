"""What was found as JSON, for other programs: docs/inspect.md has its fields."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

import numpy as np

from models.bisect.bisection import Bisection
from models.bisect.layer_difference import LayerDifference
from models.bisect.search import Search


def as_json(result: Search) -> list[dict[str, Any]]:
    """One object for each lane, judged ones in their order."""
    judged = {each.lane: each for each in result.judgements}
    return [
        {
            "lane": str(lane),
            "reference": str(result.reference),
            "judgement": judged[lane].kind if lane in judged else None,
            "reason": judged[lane].reason if lane in judged else None,
            "limit": judged[lane].limit if lane in judged else None,
            **_bisection(result.bisections.get(lane) or Bisection(lane, result.reference)),
        }
        for lane in dict.fromkeys([*judged, *result.bisections])
    ]


def _bisection(found: Bisection) -> dict[str, Any]:
    return {
        "layer": found.layer,
        "first": found.first and found.first.layer,
        "by": found.by,
        "also": found.also,
        "together": found.together,
        "suspects": found.suspects,
        "same_arrays": found.same,
        "arrays_not_compared": found.not_compared,
        "unmatched": found.unmatched,
        "smallest_rtol": _number(found.smallest_rtol),
        "error": found.error,
        "layers": [_layer(each) for each in found.differences],
    }


def _layer(each: LayerDifference) -> dict[str, Any]:
    plain = asdict(each) | {"relative": each.relative, "passed": each.passed}
    plain |= {"faulty": each.faulty}
    return {key: _number(each) if isinstance(each, float) else each for key, each in plain.items()}


def _number(value: float) -> float | None:
    """JSON has neither NaN nor infinity."""
    return value if np.isfinite(value) else None
