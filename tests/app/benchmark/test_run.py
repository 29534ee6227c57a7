from __future__ import annotations

import json
import random
import threading
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from app.benchmark import browser_lanes, report_json
from app.benchmark import run as benchmark_run
from app.benchmark.checked import Checked
from app.benchmark.expected import Asked
from app.benchmark.report import BATCHES, LaneTimes, Report
from app.benchmark.server_lanes import BATCH_ROUNDS, ROUNDS, ServerRun
from app.session import shared
from models.digit.digit import from_pixels
from models.errors import ModelError
from models.formats import store
from models.lanes import SERVER_LANES, Lane, Times
from models.runtimes.worker.messages import Answer

KERAS, GRAPH, LAYERS = SERVER_LANES
DIGIT = from_pixels(np.eye(28, dtype=np.float32))
SECONDS = 20.0
MNIST = store.SHIPPED


RIGHT = np.full((1, 10), 0.01, np.float32)
RIGHT[0, 7] = 0.91
WRONG = RIGHT[:, ::-1]
NAN = np.full_like(RIGHT, np.nan)
Planted = Callable[[int], np.ndarray]  # a lane's answer, by the number of its prediction


class Worker:
    """Answers every turn at once. ``failing`` lanes fail; clearing ``go_on`` holds all answers.

    ``planted`` lanes answer what they are given, the others the right answer.
    """

    def __init__(
        self,
        *failing: Lane,
        planted: Mapping[Lane, Planted] | None = None,
        reference: np.ndarray = RIGHT,
    ) -> None:
        self.failing, self.planted, self.reference = failing, dict(planted or {}), reference
        self.predicted: dict[Lane, int] = {}
        self.turns: list[tuple[Lane, int]] = []
        self.asked: list[Lane] = []  # for what the answer is
        self.go_on = threading.Event()
        self.go_on.set()
        self._process = ThreadPoolExecutor(1)

    def submit(self, _folder: Path, lane: Lane, pixels: np.ndarray, **its: Any) -> Future[Answer]:
        assert its.pop("every")
        its.pop("budget_ms", None)
        return self._process.submit(self._answers, lane, len(pixels), **its)

    def _answers(self, lane: Lane, pictures: int, repeats: int = 0) -> Answer:
        self.go_on.wait(SECONDS)
        if not repeats:
            self.asked.append(lane)
        else:
            self.turns.append((lane, pictures))
        if lane in self.failing:
            raise ModelError(f"{lane} is broken.")
        if not repeats:
            return Answer(0, self.reference, Times(30.0, 12.0), blank=self.reference)
        blank = RIGHT if lane in self.predicted else self.answer(lane)
        answers = [np.repeat(self.answer(lane), pictures, axis=0) for _ in range(repeats + 1)]
        warm_up, steady = 99.0, (0.5,) * repeats
        times = Times(30.0, 12.0, (warm_up, *steady))
        return Answer(0, answers[-1], times, every=tuple(answers), blank=blank)

    def answer(self, lane: Lane) -> np.ndarray:
        number = self.predicted.get(lane, 0)
        self.predicted[lane] = number + 1
        return self.planted.get(lane, lambda _: RIGHT)(number)


def server_run(
    worker: Worker,
    lanes: Sequence[Lane] = SERVER_LANES,
    *,
    seconds: float | None = None,
    clock: Callable[[], float] = lambda: 0.0,
) -> ServerRun:
    asked = Asked(worker, MNIST, DIGIT)  # type: ignore[arg-type]
    its = {"seconds": seconds, "clock": clock, "shuffle": random.Random(1)}
    return ServerRun(worker, MNIST, lanes, DIGIT, asked, **its)  # type: ignore[arg-type]


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


TURNS = ROUNDS * 16 + BATCH_ROUNDS * len(BATCHES) * 4  # predictions, with those that warm up


def test_every_answer_of_a_run_is_looked_at() -> None:
    for each in finished(server_run(Worker())).lanes():
        assert each.checked is not None and each.checked.answers == 1 + TURNS
        assert each.checked.wrong == each.checked.nan == 0 and each.checked.first_wrong is None
        assert each.checked.worst == 0 and not each.is_wrong


@pytest.mark.parametrize(
    ("planted", "found"),
    [
        (lambda _: WRONG, {"wrong": 1 + TURNS, "nan": 0, "first_wrong": 0}),
        (
            lambda number: RIGHT if number == 0 else WRONG,
            {"wrong": TURNS, "nan": 0, "first_wrong": 1},
        ),
        (lambda number: WRONG if number == 0 else RIGHT, {"wrong": 1, "nan": 0, "first_wrong": 0}),
        (lambda number: NAN if number == 40 else RIGHT, {"wrong": 1, "nan": 1, "first_wrong": 40}),
        (lambda _: NAN, {"wrong": 1 + TURNS, "nan": 1 + TURNS, "first_wrong": 0}),
        (lambda _: RIGHT[:, :9], {"wrong": 1 + TURNS, "nan": 0, "first_wrong": 0}),
    ],
    ids=["always", "from the second on", "only the first", "NaN once", "NaN", "other classes"],
)
def test_a_lane_that_answers_wrongly_is_found_and_counted(
    planted: Planted, found: dict[str, int]
) -> None:
    keras, graph, layers = finished(server_run(Worker(planted={GRAPH: planted}))).lanes()
    assert graph.is_wrong and not keras.is_wrong and not layers.is_wrong
    assert graph.checked is not None and graph.checked.answers == 1 + TURNS
    assert {name: getattr(graph.checked, name) for name in found} == found


def test_one_wrong_row_of_a_batch_makes_its_prediction_wrong() -> None:
    asked = Asked(Worker(), MNIST, DIGIT)  # type: ignore[arg-type]
    expected = asked.expected()
    assert expected is not None
    batch = np.repeat(RIGHT, 512, axis=0)
    batch[500] = WRONG
    found = expected.look(Checked(), GRAPH, [np.repeat(RIGHT, 512, axis=0), batch, batch])
    assert (found.answers, found.wrong, found.first_wrong) == (3, 2, 1)
    assert found.worst is not None and found.worst > 0.1


def test_an_answer_within_the_models_bound_is_not_wrong() -> None:
    expected = Asked(Worker(), MNIST, DIGIT).expected()  # type: ignore[arg-type]
    assert expected is not None
    near = RIGHT * np.float32(1 + 1e-7)
    found = expected.look(Checked(), GRAPH, [near])
    assert found.wrong == 0 and found.worst is not None and 0 < found.worst < 1e-6


@pytest.mark.parametrize("worker", [Worker(reference=NAN), Worker(KERAS)], ids=["NaN", "fails"])
def test_without_the_references_answer_nothing_is_called_right_or_wrong(worker: Worker) -> None:
    _, graph, _ = finished(server_run(worker)).lanes()
    assert graph.checked is None and len(graph.times.steady_ms) == ROUNDS * 15


def test_a_quick_run_begins_no_round_when_its_time_is_over_but_has_one_of_each() -> None:
    times = iter(range(1_000))
    worker = Worker()
    run = finished(server_run(worker, seconds=5.0, clock=lambda: float(next(times))))
    for each in run.lanes():
        assert len(each.turns) == 3  # begun at 0, 1 and 2 of 3 seconds
        assert {size: len(turns) for size, turns in each.batch_turns.items()} == {32: 2}
    assert run.done == len(worker.turns) < run.total


@pytest.fixture
def worker(monkeypatch: pytest.MonkeyPatch) -> Worker:
    fake = Worker()
    monkeypatch.setattr(shared, "tensorflow", lambda: fake)
    return fake


def sent(bench: benchmark_run.Benchmark, *lanes: str) -> dict[str, Any]:
    """What the browser sends for these lanes."""
    times = tuple(LaneTimes(Lane.parse(x), checked=Checked()) for x in lanes)
    report = Report("mnist", bench.model_version, times)
    return {"token": bench.token, "report": json.loads(report_json.to_json(report))}


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


def test_a_benchmark_in_the_browser_asks_the_server_what_the_answer_is_and_no_more(
    worker: Worker,
) -> None:
    worker.go_on.clear()
    bench = benchmark_run.begin("mnist", DIGIT, ["wasm"], [])
    assert not bench.in_browser and not bench.finished
    worker.go_on.set()
    bench.asked.expected()
    assert bench.in_browser and worker.asked == [KERAS] and worker.turns == []
    assert "server's Python" not in bench.report().environment


def plan(bench: benchmark_run.Benchmark, monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """What the browser gets once the reference has answered."""
    bench.asked.expected()
    mounted: list[dict[str, Any]] = []

    def component(**given: Any) -> dict[str, Any]:
        mounted.append(given["data"]["run"])
        return {}

    monkeypatch.setattr(browser_lanes, "_component", component)
    browser_lanes.mount(bench)
    return mounted[0]


def test_the_browser_gets_the_references_answer_and_the_models_bound(
    worker: Worker, monkeypatch: pytest.MonkeyPatch
) -> None:
    given = plan(benchmark_run.begin("mnist", DIGIT, ["wasm"], []), monkeypatch)
    bound = store.manifest("mnist").rounding
    assert bound is not None
    assert given["expected"] == {
        "answer": [float(each) for each in RIGHT[0]],
        "row": 10,
        "bound": bound.bound,
        "head": "softmax",
        "scale": bound.scale,
    }
    assert given["seconds"] is None and given["batches"] == list(BATCHES)


def test_a_reference_that_gives_nan_is_nothing_to_compare_with(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(shared, "tensorflow", lambda: Worker(reference=NAN))
    bench = benchmark_run.begin("mnist", DIGIT, ["wasm"], [])
    assert plan(bench, monkeypatch)["expected"] is None
    raw = sent(bench, *BOTH)
    for lane in raw["report"]["lanes"]:
        lane["checked"] = None
    browser_lanes.take(bench, raw)
    assert bench.browser is not None and bench.problem is None


def test_a_quick_run_shares_its_seconds_among_server_and_browser_and_has_one_batch_size(
    worker: Worker, monkeypatch: pytest.MonkeyPatch
) -> None:
    alone = benchmark_run.begin("mnist", DIGIT, ["wasm"], [], quick=True)
    given = plan(alone, monkeypatch)
    assert given["seconds"] == benchmark_run.QUICK_SECONDS and given["batches"] == [32]
    assert alone.report().quick and alone.report().partial
    both = benchmark_run.begin("mnist", DIGIT, ["wasm"], SERVER_LANES, quick=True)
    assert both.server is not None and both.server.wait(SECONDS)
    assert plan(both, monkeypatch)["seconds"] == benchmark_run.QUICK_SECONDS / 2
    assert both.server.total == 3 * (ROUNDS + BATCH_ROUNDS)


@pytest.mark.parametrize("checked", [None, {"answers": 2}], ids=["none", "too few"])
def test_a_browser_that_did_not_check_every_answer_is_a_problem(
    worker: Worker, checked: dict[str, Any] | None
) -> None:
    bench = benchmark_run.begin("mnist", DIGIT, ["wasm"], [])
    raw = sent(bench, *BOTH)
    raw["report"]["lanes"][0]["steady_ms"] = [0.1, 0.1, 0.1]
    if checked is None:
        raw["report"]["lanes"][0]["checked"] = None
    else:
        raw["report"]["lanes"][0]["checked"] |= checked
    browser_lanes.take(bench, raw)
    assert bench.problem is not None and "did not check every answer" in bench.problem


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
