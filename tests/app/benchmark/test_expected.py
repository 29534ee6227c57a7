"""The browser judges an answer, and writes a time, as the server does."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest

from app.benchmark import precision
from app.benchmark.expected import Expected
from models.lanes import Lane
from models.parity.judgement import FIXED, ByRule, ByTolerance, Judge
from models.parity.timing import median_interval
from tests.app.draw.canvas.test_digit_from_strokes import node

LANE = Lane("graph", "tfjs/wasm")
SOFTMAX = np.float32([[0.7, 0.2, 1e-12, 0.1, 0]])
LOGITS = np.float32([[7.5, -2, 0, 0.25, -1e-3]])
JUDGES: list[tuple[Judge, np.ndarray]] = [
    (ByRule("softmax", 1e-5), SOFTMAX),
    (ByRule("softmax", 1e-5), np.float32([[1e-38, 1, 0, 0, 0]])),
    (ByRule("values", 1e-5, 12.0), LOGITS),
    (ByRule("values", 1e-5), LOGITS),
    (ByRule("values", 1e-5), np.zeros((1, 5), np.float32)),
    (FIXED, SOFTMAX),
    (ByTolerance(1e-5, 1e-3), LOGITS),
]


def answers(base: np.ndarray) -> list[np.ndarray]:
    """Equal ones, near ones, far ones, and nonsense."""
    random = np.random.default_rng(5)
    near = [base * np.float32(1 + size * random.standard_normal(5)) for size in (1e-7, 1e-5, 0.1)]
    broken = [base.copy() for _ in range(3)]
    for each, value in zip(broken, (np.nan, np.inf, -np.inf), strict=True):
        each[0, 3] = value
    return [base, *near, base[:, ::-1], np.zeros_like(base), np.full_like(base, np.nan), *broken]


@pytest.mark.parametrize(("judge", "base"), JUDGES)
def test_the_browsers_judge_finds_the_servers_distances(judge: Judge, base: np.ndarray) -> None:
    expected = Expected(judge, base, base)
    theirs = node(
        "frontend/judge.js",
        "distance",
        # JSON has no NaN and no infinity, so both sides write them as text.
        "given.answers.map((each) => String(distance(given.expected,"
        " Float32Array.from(each, Number))))",
        {
            "expected": expected.wire(),
            "answers": [[in_javascript(x) for x in each[0]] for each in answers(base)],
        },
    )
    for answer, written in zip(answers(base), theirs, strict=True):
        ours, found = judge.judge(LANE, base, answer), float(written.replace("Infinity", "inf"))
        assert ours.distance is not None
        assert (found <= expected.wire()["bound"]) == (ours.kind == "passed")
        np.testing.assert_allclose(found, ours.distance, rtol=1e-9, atol=1e-15)


def in_javascript(value: Any) -> str:
    number = float(value)
    if math.isfinite(number):
        return repr(number)
    return "NaN" if math.isnan(number) else str(number).replace("inf", "Infinity")


@pytest.mark.parametrize("many", [1, 2, 3, 5, 6, 9, 30, 150])
@pytest.mark.parametrize("around", [0.0123, 0.21, 4.4, 97.0, 1403.0])
@pytest.mark.parametrize("clock", [0.005, 0.1])
def test_the_browser_writes_a_time_as_the_server_does(
    many: int, around: float, clock: float
) -> None:
    random = np.random.default_rng(many)
    times = np.round(around * random.lognormal(0, 0.1, 3 * many) / clock) * clock
    given = {"times": times.tolist(), "turns": [3] * many}
    module = "benchmark/frontend/precision.js"
    written = node(module, "writtenTime", "writtenTime(given.times, given.turns)", given)
    assert written == precision.time(given["times"], given["turns"])
    found = node(module, "interval", "interval(given.times, given.turns)", given)
    assert (found["low"], found["high"]) == median_interval(given["times"], given["turns"])
