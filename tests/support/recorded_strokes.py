"""What visitors draw, and what their browsers' lanes would answer to it."""

from __future__ import annotations

import itertools
from typing import Any

import numpy as np

from app.frontend.lane_wire import wire
from models.digit import fabric_drawing
from models.digit.digit import from_strokes
from models.formats import store
from models.lanes import Lane
from models.runtimes import node
from tests.support.drawing import DIGITS

Drawing = dict[str, Any]


def drawings(hands: int = 1) -> list[Drawing]:
    """Each hand's digits 0 … 9 as the canvas reports them: Fabric.js paths on 280 × 280 pixels.

    No two hands draw alike: each slants and widens a digit a little differently.
    """
    steps = itertools.product(np.linspace(0, 0.2, -(-hands // 10)), np.linspace(1.8, 1.4, 10))
    return [
        {"objects": [_path(stroke, slant, width) for stroke in DIGITS[digit]]}
        for slant, width in itertools.islice(steps, hands)
        for digit in range(10)
    ]


def _path(stroke: list[tuple[float, float]], slant: float, width: float) -> Drawing:
    points = np.asarray(stroke) @ [[width, 0], [-slant, 1.8]] + 50
    low, high = points.min(axis=0), points.max(axis=0)
    corners = [(a + (b - a) * t).tolist() for a, b in itertools.pairwise(points)
               for t in (0.25, 0.5, 0.75, 1.0)]  # fmt: skip
    path = [["M", *points[0].tolist()], *(["L", *corner] for corner in corners)]
    left, top = ((low + high) / 2).tolist()
    width, height = (high - low).tolist()
    place = {"originX": "center", "originY": "center", "left": left, "top": top}
    return {
        "type": "Path",
        "width": width,
        "height": height,
        "strokeWidth": 18,
        "path": path,
    } | place


def browser_answers(drawn: list[Drawing]) -> list[dict[str, Any]]:
    """What a browser's lanes would answer to each drawing."""
    digits = [from_strokes(fabric_drawing.strokes(each)) for each in drawn]
    lanes = [Lane("graph", "tfjs/wasm"), Lane("layers", "tfjs/wasm")]
    pixels = np.stack([digit.pixels for digit in digits])
    runs = node.predict(store.folder(store.DEFAULT), lanes, (pixels[..., None],), repeats=8)
    answers: list[dict[str, Any]] = []
    for index, digit in enumerate(digits):
        lane_answers = []
        for lane, run in runs.items():
            if run.error is not None:
                raise RuntimeError(f"{lane} does not run in Node: {run.error}")
            lane_answers.append({
                "format": lane.format, "probabilities": run.outputs[0][index].tolist(),
                "loadMs": run.times.load_ms, "firstMs": run.times.first_ms,
                "steadyMs": list(run.times.steady_ms), "error": None,
            })  # fmt: skip
        answers.append({
            "digit": wire(digit), "asked": "auto", "backend": "wasm", "fallback": None,
            "lanes": lane_answers, "environment": {"browser": "none"}, "wanted": [],
        })  # fmt: skip
    return answers
