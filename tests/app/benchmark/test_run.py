from __future__ import annotations

import json
import random
import threading
from collections.abc import Sequence
from concurrent.futures import Future
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from app.benchmark import browser_lanes
from app.benchmark import report as benchmark_report
from app.benchmark import run as benchmark_run
from app.benchmark.report import BATCHES, LaneTimes, Report
from app.benchmark.server_lanes import BATCH_ROUNDS, ROUNDS, ServerRun
from app.session import shared
from models.digit.digit import from_pixels
from models.errors import ModelError
from models.lanes import SERVER_LANES, Lane, Times
from models.runtimes.worker.messages import Answer

KERAS, GRAPH, LAYERS = SERVER_LANES
DIGIT = from_pixels(np.eye(28, dtype=np.float32))
SECONDS = 20.0


class Worker:
    """Answers every turn at once. ``failing`` lanes fail; clearing ``go_on`` holds all answers."""

    def __init__(self, *failing: Lane) -> None:
        self.failing = failing
        self.turns: list[tuple[Lane, int]] = []
        self.go_on = threading.Event()
        self.go_on.set()

    def submit(
        self, _folder: Path, lane: Lane, pixels: np.ndarray, *, repeats: int, **_limits: Any
    ) -> Future[Answer]:
        self.go_on.wait(SECONDS)
        self.turns.append((lane, len(pixels)))
        future: Future[Answer] = Future()
        if lane in self.failing:
            future.set_exception(ModelError(f"{lane} is broken."))
        else:
            warm_up, steady = 99.0, (0.5,) * repeats
            future.set_result(Answer(0, None, Times(30.0, 12.0, (warm_up, *steady))))
        return future


def server_run(worker: Worker, lanes: Sequence[Lane] = SERVER_LANES) -> ServerRun:
    return ServerRun(worker, Path(), lanes, DIGIT, shuffle=random.Random(1))  # type: ignore[arg-type]


def finished(run: ServerRun) -> ServerRun:
    run.start()
    assert run.wait(SECONDS)
    return run


def test_every_lane_is_measured_for_one_digit_and_at_every_batch_size() -> None:
    for each in finished(server_run(Worker())).lanes():
        assert each.times.load_ms == 30.0 and each.times.first_ms == 12.0
        assert len(each.times.steady_ms) == ROUNDS * 15
        assert each.turns == (15,) * ROUNDS
        assert all(
            sum(turns) == len(each.batches[size]) for size, turns in each.batch_turns.items()
        )
        assert set(each.batch_turns) == set(each.batches)
        assert tuple(each.batches) == BATCHES
        assert all(len(ms) == BATCH_ROUNDS * 3 for ms in each.batches.values())


def test_the_warm_up_of_a_turn_is_not_counted() -> None:
    for each in finished(server_run(Worker())).lanes():
        assert set(each.times.steady_ms) == {0.5}
        assert {ms for times in each.batches.values() for ms in times} == {0.5}


def test_lanes_take_turns_in_changing_order() -> None:
    worker = Worker()
    run = finished(server_run(worker))
    assert run.done == run.total == len(worker.turns)
    turns = [lane for lane, _ in worker.turns]
    rounds = [tuple(turns[start : start + 3]) for start in range(0, len(turns), 3)]
    assert all(set(each) == set(SERVER_LANES) for each in rounds)
    assert len(set(rounds)) > 1


def test_a_lane_that_fails_is_not_asked_again_and_the_others_go_on() -> None:
    worker = Worker(GRAPH)
    keras, graph, layers = finished(server_run(worker)).lanes()
    assert graph == LaneTimes(GRAPH, error="graph @ tensorflow is broken.")
    assert [lane for lane, _ in worker.turns].count(GRAPH) == 1
    assert keras.batches and layers.batches


def test_cancel_stops_after_the_current_turn() -> None:
    worker = Worker()
    worker.go_on.clear()
    run = server_run(worker)
    run.start()
    assert not run.finished
    run.cancel()
    worker.go_on.set()
    assert run.wait(SECONDS)
    assert len(worker.turns) <= 1


@pytest.fixture
def worker(monkeypatch: pytest.MonkeyPatch) -> Worker:
    fake = Worker()
    monkeypatch.setattr(shared, "tensorflow", lambda: fake)
    return fake


def sent(bench: benchmark_run.Benchmark, *lanes: str) -> dict[str, Any]:
    """What the browser sends for these lanes."""
    report = Report("mnist", bench.model_version, tuple(LaneTimes(Lane.parse(x)) for x in lanes))
    return {"token": bench.token, "report": json.loads(benchmark_report.to_json(report))}


BOTH = ("graph @ tfjs/wasm", "layers @ tfjs/wasm")


def test_the_browser_starts_when_the_server_has_finished(worker: Worker) -> None:
    worker.go_on.clear()
    bench = benchmark_run.begin("mnist", DIGIT, ["wasm"], SERVER_LANES)
    assert not bench.in_browser and not bench.finished
    worker.go_on.set()
    assert bench.server is not None and bench.server.wait(SECONDS)
    assert bench.in_browser and not bench.finished
    browser_lanes.take(bench, sent(bench, *BOTH))
    assert bench.finished and not bench.in_browser
    report = bench.report()
    assert [str(each.lane) for each in report.lanes] == [*map(str, SERVER_LANES), *BOTH]
    assert "server's TensorFlow" in report.environment


def test_a_benchmark_without_the_server_asks_it_nothing(worker: Worker) -> None:
    bench = benchmark_run.begin("mnist", DIGIT, ["wasm"], [])
    assert bench.in_browser
    assert worker.turns == [] and "server's Python" not in bench.report().environment


def test_a_cancelled_benchmark_keeps_what_it_has(worker: Worker) -> None:
    bench = benchmark_run.begin("mnist", DIGIT, ["wasm"], [])
    bench.cancel()
    assert bench.finished and not bench.in_browser
    browser_lanes.take(bench, sent(bench, *BOTH))
    report = bench.report()
    assert report.cancelled and len(report.lanes) == 2


def test_an_older_runs_report_is_not_taken(worker: Worker) -> None:
    bench = benchmark_run.begin("mnist", DIGIT, ["wasm"], [])
    browser_lanes.take(bench, sent(bench, *BOTH) | {"token": "another"})
    browser_lanes.take(bench, "nonsense")
    assert bench.browser is None and bench.problem is None


def test_other_lanes_than_requested_are_a_problem(worker: Worker) -> None:
    bench = benchmark_run.begin("mnist", DIGIT, ["wasm"], [])
    browser_lanes.take(bench, sent(bench, "graph @ tfjs/cpu", "layers @ tfjs/cpu"))
    assert bench.problem is not None and "other lanes than were asked for" in bench.problem
    assert bench.finished


def test_an_invalid_report_is_a_problem(worker: Worker) -> None:
    bench = benchmark_run.begin("mnist", DIGIT, ["wasm"], [])
    browser_lanes.take(bench, {"token": bench.token})
    assert bench.problem is not None and "not a benchmark report" in bench.problem
