from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

from app.benchmark import report_json
from app.benchmark.checked import Checked
from app.benchmark.report import LaneTimes, Memory, Report
from models.errors import InputError
from models.lanes import REFERENCE, Lane, Times

WASM = Lane("graph", "tfjs/wasm")


def report() -> Report:
    return Report(
        model="mnist",
        model_version="0123456789abcdef",
        lanes=(
            LaneTimes(
                WASM,
                Times(70.0, 12.0, (0.2, 0.3, 0.2)),
                {1: (0.25,), 512: (30.0, 31.5)},
                turns=(2, 1),
                batch_turns={512: (1, 1)},
                checked=Checked(answers=6, wrong=2, nan=1, first_wrong=1, worst=0.25),
            ),
            LaneTimes(REFERENCE, error="The TensorFlow process ended."),
        ),
        script_ms=120.5,
        backends={"wasm": 80.0},
        memory={"before": Memory(0, 0), "loaded": Memory(16, 489_080)},
        environment={"browser": "Chrome 140", "GPU": "none"},
    )


def shape() -> dict[str, Any]:
    raw: dict[str, Any] = json.loads(report_json.to_json(report()))
    return raw


def test_a_report_that_is_saved_and_dropped_in_again_is_the_same() -> None:
    assert report_json.from_file(report_json.to_json(report()).encode()) == report()


def test_a_report_that_does_not_tell_its_turns_is_read() -> None:
    raw = shape()
    del raw["lanes"][0]["turns"], raw["lanes"][0]["batches"][1]["turns"]
    lane = report_json.parse(raw).lanes[0]
    assert lane.turns == () and lane.batch_turns == {}


def test_a_report_of_the_version_that_checked_no_answers_is_read() -> None:
    raw = shape()
    raw["schema"] = "digit-parity/benchmark/1"
    del raw["quick"]
    for lane in raw["lanes"]:
        del lane["checked"]
    read = report_json.parse(raw)
    assert [each.checked for each in read.lanes] == [None, None]
    assert not read.quick and not read.partial and not read.lanes[0].is_wrong
    assert read.lanes[0].times == report().lanes[0].times


def test_a_quick_or_a_cancelled_report_is_a_partial_one() -> None:
    for key in ("quick", "cancelled"):
        assert report_json.parse(shape() | {key: True}).partial
    assert not report_json.parse(shape()).partial


def _set(*path: str | int, to: Any) -> Callable[[dict[str, Any]], None]:
    def change(raw: dict[str, Any]) -> None:
        place: Any = raw
        for step in path[:-1]:
            place = place[step]
        place[path[-1]] = to

    return change


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (_set("schema", to="digit-parity/result/1"), "its schema is not digit-parity/benchmark/2"),
        (_set("lanes", 0, "lane", to="graph @ tfjs/opencl"), "is not a lane"),
        (_set("lanes", 1, "lane", to="graph @ tfjs/wasm"), "a lane is there twice"),
        (_set("lanes", 0, "steady_ms", to=[0.1, float("inf")]), "not between 0 and an hour"),
        (_set("lanes", 0, "turns", to=[2]), "the turns are not those of the times"),
        (_set("lanes", 0, "turns", to=[3, 0]), "the turns are not those of the times"),
        (_set("lanes", 0, "batches", 1, "turns", to=[1.0, 1]), "not a whole number"),
        (_set("lanes", 0, "steady_ms", to=[-1]), "not between 0 and an hour"),
        (_set("lanes", 0, "steady_ms", to=[10**400]), "not between|too large"),
        (_set("lanes", 0, "steady_ms", to=["0.1"]), "a time is str"),
        (_set("lanes", 0, "steady_ms", to=[True]), "a time is bool"),
        (_set("lanes", 0, "steady_ms", to=[0.1] * 1001), "times must be a list of at most 1000"),
        (_set("lanes", 0, "load_ms", to=float("nan")), "not between 0 and an hour"),
        (_set("lanes", 0, "batches", 0, "size", to=7), "batches must be of 1, 8, 32, 128, 512"),
        (_set("lanes", 0, "batches", 1, "size", to=1), "each once"),
        (_set("lanes", 0, "error", to={}), "dict is there where a text is expected"),
        (_set("lanes", to=[None]), "NoneType"),
        (_set("lanes", to={}), "lanes must be a list"),
        (_set("backends", to={"opencl": 1.0}), "'opencl' is no backend"),
        (_set("memory", "loaded", "bytes", to=1.5), "not a whole number"),
        (_set("memory", to={"later": {}}), "'later' is unknown"),
        (_set("environment", to={str(key): "" for key in range(33)}), "at most 32 entries"),
        (_set("environment", to={"browser": 7}), "int is there where a text is expected"),
        (_set("cancelled", to="no"), "neither true nor false"),
        (_set("quick", to=1), "neither true nor false"),
        (_set("lanes", 0, "checked", to={}), "'answers' is missing"),
        (_set("lanes", 0, "checked", to=[6, 2]), "indices must be integers"),
        (_set("lanes", 0, "checked", "answers", to=1), "more answers are wrong than there are"),
        (_set("lanes", 0, "checked", "answers", to=10**9), "more answers are wrong"),
        (_set("lanes", 0, "checked", "answers", to=-1), "not a whole number"),
        (_set("lanes", 0, "checked", "nan", to=3), "more answers are wrong than there are"),
        (_set("lanes", 0, "checked", "wrong", to=True), "not a whole number"),
        (_set("lanes", 0, "checked", "first_wrong", to=None), "none of the wrong ones"),
        (_set("lanes", 0, "checked", "first_wrong", to=6), "none of the wrong ones"),
        (_set("lanes", 0, "checked", "first_wrong", to=0.5), "not a whole number"),
        (_set("lanes", 0, "checked", "worst", to=float("nan")), "a distance is not a number"),
        (_set("lanes", 0, "checked", "worst", to=-0.1), "a distance is not a number"),
        (_set("lanes", 0, "checked", "worst", to="far"), "a distance is str"),
    ],
)
def test_an_invalid_report_is_refused_with_the_reason(
    change: Callable[[dict[str, Any]], None], says: str
) -> None:
    raw = shape()
    change(raw)
    with pytest.raises(InputError, match=says):
        report_json.parse(raw)


@pytest.mark.parametrize("key", sorted(shape()))
def test_every_key_is_needed(key: str) -> None:
    raw = shape()
    del raw[key]
    with pytest.raises(InputError, match=f"'{key}' is missing"):
        report_json.parse(raw)


@pytest.mark.parametrize("raw", [None, 3, "report", [], {}])
def test_other_values_are_not_reports(raw: Any) -> None:
    with pytest.raises(InputError, match="not a benchmark report"):
        report_json.parse(raw)


@pytest.mark.parametrize("raw", [b"", b"\xff\xfe\x00", b"not json", b"[" * 100_000])
def test_a_file_that_is_not_json_is_refused(raw: bytes) -> None:
    with pytest.raises(InputError, match="not JSON"):
        report_json.from_file(raw)


def test_a_huge_file_is_refused_unread() -> None:
    with pytest.raises(InputError, match="3,000,000 bytes"):
        report_json.from_file(b" " * 3_000_000)


def test_a_long_text_is_cut() -> None:
    raw = shape()
    raw["environment"]["browser"] = "x" * 10_000
    assert report_json.parse(raw).environment["browser"] == "x" * 500
