"""What is planted in a real page's engine is found, and a page that hangs is given up."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from models.formats.store import SHIPPED
from models.lanes import Lane
from models.parity.judgement import ByRule
from models.runtimes import node
from models.runtimes.browser import tfjs
from models.runtimes.browser.answers import BrowserRun
from models.runtimes.browser.program import Program
from models.runtimes.references import Reference
from models.verify import steadiness
from tests.support import chromium

LANE = Lane("layers", "tfjs/wasm+1thread")
BOUND = 2.4e-5  # the shipped model's
ENGINE = b"""
import { open as honest } from './tfjs.js';
let asked = 0;
export async function open(job) {
  const engine = await honest(job);
  const answer = async (given, n) => {
    const found = await engine.answer(given, n);
    const [{ values }] = found.outputs;
    asked += 1;
    FAULT
    return found;
  };
  return { ...engine, answer };
}
"""


@pytest.fixture(scope="module")
def digits() -> tuple[np.ndarray]:
    with np.load(SHIPPED / "examples.npz") as file:
        return ((file["x_test"][:3] / np.float32(255)).astype(np.float32)[..., None],)


@pytest.fixture(scope="module")
def reference(digits: tuple[np.ndarray]) -> Reference:
    lane = Lane("graph", "tfjs/cpu")
    (answers,) = node.predict(SHIPPED, [lane], digits)[lane].outputs
    return Reference(lane, (answers,), (answers,), (ByRule("softmax", BOUND),))


def run_with(
    fault: str, digits: tuple[np.ndarray], monkeypatch: pytest.MonkeyPatch, **limits: float
) -> BrowserRun:
    honest = tfjs.lane_job

    def planted(*given: object) -> object:
        files, told = honest(*given)  # type: ignore[arg-type]
        engine = {"planted.js": ENGINE.replace(b"FAULT", fault.encode())}
        return files | engine, told | {"engine": "planted.js"}

    monkeypatch.setattr(tfjs, "lane_job", planted)
    program = Program("chromium", Path(chromium.need()))
    return tfjs.predict(SHIPPED, [LANE], digits, program, **limits)[LANE]  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "fault, words",
    [
        ("", None),
        ("if (asked === 2) values[3] += 0.01;", "The answers of prediction 2 differ from"),
        ("if (asked === 50) values[0] = NaN;", "The answers of prediction 50 differ from"),
        ("if (n > 1) values[13] += 0.01;", "The answers to 3 inputs in one batch differ from"),
    ],
)
def test_answers_that_change_with_time_or_batch_are_found(
    fault: str,
    words: str | None,
    digits: tuple[np.ndarray],
    reference: Reference,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    run = run_with(fault, digits, monkeypatch)
    assert run.error is None
    found = steadiness.judged(reference.judged(LANE, run.outputs), run, reference)
    if words is None:
        assert (found.kind, found.reason) == ("passed", None)
    else:
        assert found.kind == "differs"
        assert words in str(found.reason)


@pytest.mark.parametrize(
    "fault, words, limits",
    [
        ("throw new Error('no such kernel');", "no such kernel", {}),
        ("while (true);", r"Chromium gave no answer within 3 s.", {"timeout": 3.0}),
        ("await import('./nothing.js');", "nothing.js", {}),
    ],
)
def test_a_page_that_fails_or_hangs_is_a_reason(
    fault: str,
    words: str,
    limits: dict[str, float],
    digits: tuple[np.ndarray],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    run = run_with(fault, digits, monkeypatch, **limits)
    assert run.outputs == ()
    assert words in str(run.error)
