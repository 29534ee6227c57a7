"""One picture's results as a JSON file with exact values."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from app.draw.reading.posted import BrowserAnswers
from models.digit.digit import Digit
from models.formats.manifest import Manifest
from models.lanes import LaneResult
from models.parity import judgement
from models.parity.apart import compared

SCHEMA = "digit-parity/result/1"


def result_file(
    digit: Digit,
    results: Sequence[LaneResult],
    browser_answers: BrowserAnswers | None,
    manifest: Manifest,
) -> str:
    """JSON: the pixels row by row, the model, every lane's result, the browser."""
    judge = judgement.stored(manifest)
    content = {
        "schema": SCHEMA,
        "digit": {
            "id": digit.id,
            "shape": list(digit.pixels.shape),
            "pixels": [float(value) for value in digit.pixels.ravel()],
        },
        "model": {
            "name": manifest.name,
            "classes": list(manifest.classes),
            "versions": dict(manifest.versions),
            "files": {name: record.sha256 for name, record in manifest.files.items()},
        },
        "parity": judgement.as_json(judge, compared(results, manifest.reference, judge)),
        "lanes": [_lane(result) for result in results],
        "browser": {
            "backend": browser_answers.backend if browser_answers else None,
            "fallback": browser_answers.fallback if browser_answers else None,
            "environment": dict(browser_answers.environment) if browser_answers else {},
        },
    }
    return json.dumps(content, indent=1, allow_nan=False)


def _lane(result: LaneResult) -> dict[str, Any]:
    return {
        "lane": str(result.lane),
        "format": result.lane.format,
        "runtime": result.lane.runtime,
        "weights": result.lane.weights,
        "probabilities": None
        if result.probabilities is None
        else [float(value) for value in result.probabilities],
        "answers": None if result.answers is None else [float(each) for each in result.answers],
        "load_ms": result.times.load_ms,
        "first_ms": result.times.first_ms,
        "steady_ms": list(result.times.steady_ms),
        "error": result.error,
    }
