from __future__ import annotations

from app.benchmark.report import LaneTimes, Memory, Report
from app.benchmark.results import details
from app.benchmark.results.devices import Device, Origin
from models.lanes import Lane
from tests.app.benchmark.test_findings import lane

GRAPH = Lane("graph", "tfjs/wasm")
SIZES = {"graph": 481_000, "layers": 486_000}


def parts(report: Report, origin: Origin) -> set[str]:
    return {each.title for each in details.parts(Device("a phone", report, origin))}


def test_what_is_paid_before_the_first_answer_is_said_in_sentences() -> None:
    memory = {"loaded": Memory(16, 489_080), "after": Memory(16, 489_080)}
    report = Report("mnist", "abc", (lane(GRAPH, 0.2),), 120.0, {"wasm": 80.0}, memory)
    assert details.costs(report, SIZES) == [
        "The graph model has 481 kB to load.",
        "The layers model has 486 kB to load.",
        "TensorFlow.js was fetched and started in 120 ms.",
        "wasm started in 80 ms.",
        "graph on wasm loads in 70 ms, and its first answer takes 12 ms.",
        "All models together hold 16 tensors of 489 kB, and as much after the last prediction: "
        "nothing leaks.",
    ]


def test_a_leak_is_said_with_both_figures_and_no_memory_is_no_sentence() -> None:
    memory = {"loaded": Memory(16, 489_080), "after": Memory(17, 600_000)}
    leaking = Report("mnist", "abc", memory=memory)
    assert details.costs(leaking, {})[-1].endswith("and 17 of 600 kB after the last prediction.")
    cancelled = Report("mnist", "abc", memory={"loaded": Memory(16, 489_080)})
    assert details.costs(cancelled, {})[-1].endswith("16 tensors of 489 kB.")
    assert details.costs(Report("mnist", "abc"), {}) == []


def test_an_example_is_not_saved_and_what_was_not_timed_has_no_charts() -> None:
    timed = Report("mnist", "abc", (lane(GRAPH, 0.2),))
    assert "Save and share" in parts(timed, "own")
    assert "Save and share" not in parts(timed, "example")
    assert "All charts" not in parts(Report("mnist", "abc", (LaneTimes(GRAPH),)), "own")
    assert parts(Report("mnist", "abc"), "own") == set()
    assert details.parts(None) == []
