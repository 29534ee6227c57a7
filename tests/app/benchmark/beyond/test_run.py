"""A visitor's run: every lane is judged by what its worker says, and ends in any case."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from app.benchmark.beyond import run as beyond
from app.benchmark.beyond.run import Run
from models.errors import InputError, ModelError
from models.lanes import Lane
from models.runtimes.browser.message import Message
from models.verify.alternatives import advice
from tests.app.benchmark.beyond.conftest import IMAGES, Planted

GRAPH, LITERT = Lane("graph", "tfjs/wasm+1thread"), Lane("keras", "litert.js/wasm")


def say(run: Run, kind: str, values: Any = (), lane: Lane | None = None, **words: Any) -> None:
    message = Message({"kind": kind, **words}, np.asarray(values, np.float32).ravel())
    run.heard(lane or run.lane or GRAPH, message, 100 + 4 * message.values.size)


def rows(run: Run, what: str, start: int, values: np.ndarray, number: int = 0) -> None:
    shapes, count = [list(values.shape[1:])], len(values)
    say(run, "rows", values, what=what, number=number, start=start, rows=count, shapes=shapes)


def answer(run: Run, values: np.ndarray, first: np.ndarray | None = None) -> None:
    """All that a lane's worker says: one prediction, then all inputs."""
    say(run, "here", environment={"userAgent": "x"})
    say(run, "about", about={"fetched": ["alternatives/litert.js", "model/model.tflite", "../x"]})
    rows(run, "prediction", 0, values[:1] if first is None else first, 1)
    rows(run, "answers", 0, values)
    say(run, "lane", loadMs=1, firstMs=5, steadyMs=[1, 3], ms=2)
    say(run, "end")


@pytest.fixture
def run(planted: Planted) -> Run:
    return beyond.begin("mnist")


def test_a_run_judges_each_lane_and_recommends_what_keeps_the_model(planted, run) -> None:
    assert run.lanes[0] == GRAPH and run.lane == GRAPH and len(run.lanes) == 4
    run.told("This browser does not offer WebGPU.")
    wrong = planted.exact.copy()
    wrong[2] = wrong[2, ::-1]
    answer(run, planted.exact)
    answer(run, planted.exact, first=planted.exact[:1] + np.nan)
    assert run.lane == LITERT
    answer(run, planted.exact)
    answer(run, wrong)
    assert not run.is_running
    kinds = [each.judgement.kind for each in run.measured]
    assert kinds == ["passed", "differs", "passed", "differs"]
    assert run.measured[1].judgement.reason and "NaN" in run.measured[1].judgement.reason
    assert run.measured[2].size.script == 1000 and run.measured[2].times.first_ms == 5
    assert run.measured[2].size.weights == (planted.model / "model.tflite").stat().st_size
    said = " ".join(advice.sentences(run.measured))
    assert "LiteRT.js on wasm: 2" in said and "ONNX Runtime Web answers differently" in said


@pytest.mark.parametrize("shape", [(IMAGES, 9), (IMAGES, 5, 2), (IMAGES, 0)])
def test_answers_of_another_shape_never_pass(run, shape) -> None:
    answer(run, np.zeros(shape, np.float32))
    kind = "differs" if np.prod(shape) else "cannot run"
    assert run.measured[0].judgement.kind == kind


def test_a_lane_that_says_it_is_done_without_answers_cannot_run(run) -> None:
    say(run, "lane", loadMs=1, firstMs=1, steadyMs=[1], ms=1)
    say(run, "end")
    rows(run, "answers", 0, np.zeros((2, 10), np.float32))
    say(run, "end")
    assert [each.judgement.kind for each in run.measured] == ["cannot run"] * 2


def test_a_fault_and_a_worker_that_breaks_off_are_lines_with_their_reasons(run) -> None:
    say(run, "fault", error="no \x1b[31mwasm")
    run.failed(0, "of a lane before")
    run.failed(1, "out of memory")
    reasons = [each.judgement.reason for each in run.measured]
    assert reasons == ["no \\x1b[31mwasm", "out of memory"]


def test_what_comes_of_a_lane_that_is_over_is_left(run) -> None:
    say(run, "fault", error="no")
    say(run, "end", lane=GRAPH)
    assert len(run.measured) == 1 and run.lane != GRAPH


def test_a_message_that_no_page_sends_is_refused_and_changes_nothing(run) -> None:
    with pytest.raises(InputError, match="cannot be read"):
        say(run, "lane", firstMs="soon")
    assert run.measured == []


def test_a_lane_that_talks_without_end_is_given_up(run) -> None:
    for _ in range(100_000):
        if run.measured:
            break
        rows(run, "prediction", 0, np.zeros((1, 10), np.float32), 1)
    assert "more than it was asked for" in str(run.measured[0].judgement.reason)


def test_a_lane_that_says_nothing_is_late_but_not_while_the_tab_sleeps(run, monkeypatch) -> None:
    now = [0.0]
    monkeypatch.setattr(beyond.time, "monotonic", lambda: now[0])
    for _ in range(3):
        now[0] += 1_000
        run.tick()
    assert run.measured == []
    for _ in range(100):
        now[0] += 1
        run.tick()
    assert "no answer within 90 s" in str(run.measured[0].judgement.reason)


def test_a_browser_with_a_card_runs_webgpu_too(run) -> None:
    run.told(None)
    run.told("is told once")
    assert [each.runtime for each in run.lanes[4:]] == [
        "tfjs/webgpu",
        "litert.js/webgpu",
        "onnxruntime-web/webgpu",
    ]
    assert run.no_card is None


def test_a_page_that_is_opened_again_begins_its_lane_anew(planted, run) -> None:
    rows(run, "answers", 0, planted.exact)
    answer(run, planted.exact)
    assert run.measured[0].judgement.kind == "passed"


def test_what_could_not_be_converted_is_a_line_with_its_reason(planted) -> None:
    planted.about(lacking={"onnx": "tf2onnx cannot make it: it has no operation Roll."})
    (planted.model / "model.tflite").unlink()
    run = beyond.begin("mnist")
    run.told("no card")
    for _ in range(2):
        answer(run, planted.exact)
    assert not run.is_running
    reasons = [each.judgement.reason for each in run.measured[2:]]
    assert reasons[0] and "model.tflite is gone" in reasons[0]
    assert reasons[1] == "tf2onnx cannot make it: it has no operation Roll."


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"version": "old"}, "another version. Run `digit-parity setup alternatives` again"),
        ({"reason": "The reference itself gives NaN."}, "gives NaN"),
    ],
)
def test_a_model_of_another_version_or_without_files_says_why(planted, changes, why) -> None:
    planted.about(**changes)
    with pytest.raises(ModelError, match=why):
        beyond.begin("mnist")


def test_only_so_many_runs_are_kept(planted, monkeypatch) -> None:
    monkeypatch.setattr(beyond, "MOST", 3)
    runs = [beyond.begin("mnist") for _ in range(5)]
    assert [beyond.find(each.token) is each for each in runs] == [False] * 2 + [True] * 3
    beyond.end(runs[4])
    assert beyond.find(runs[4].token) is None
