"""The figures that the Draw page shows of one picture: plain JSON of all lanes."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from app.draw.reading import figures
from app.draw.reading.figures import Asked
from app.draw.reading.posted import BrowserAnswers
from app.frontend import lane_wire
from models.digit.digit import from_levels
from models.formats import store
from models.formats.manifest import Manifest
from models.lanes import NOT_NUMBERS, REFERENCE, SERVER_LANES, Lane, LaneResult, Times

DIGIT = from_levels(bytes(range(256)) * 3 + bytes(16))
MNIST = store.manifest(store.DEFAULT)
WASM = [Lane("graph", "tfjs/wasm"), Lane("layers", "tfjs/wasm")]
FAST = (1.1, 1.2, 1.0, 1.3, 1.1, 0.9, 1.05, 1.1, 1.15, 1.1)
SLOW = tuple(each * 1.4 + 0.001 * at for at, each in enumerate(FAST))


def result(lane: Lane, top: int = 7, count: int = 10, **more: Any) -> LaneResult:
    values = np.full(count, 0.01 / (count - 1), np.float32)
    values[top] = 0.99
    return LaneResult(lane, DIGIT.id, values, Times(1.0, 2.0, more.pop("steady", ())), **more)


def read(
    *browser: LaneResult,
    server: dict[Lane, LaneResult] | None = None,
    manifest: Manifest = MNIST,
    **posted: Any,
) -> dict[str, Any]:
    answers = BrowserAnswers(DIGIT, "wasm", None, browser, **posted)
    found = {lane: result(lane) for lane in SERVER_LANES} if server is None else server
    line = figures.of(Asked(answers, manifest), found)
    assert json.loads(json.dumps(line, allow_nan=False)) == line, "plain JSON"
    return line


def both(**changed: Any) -> list[LaneResult]:
    return [result(WASM[0], steady=FAST), result(WASM[1], **({"steady": SLOW} | changed))]


def test_lanes_are_named_for_a_reader_before_they_answer() -> None:
    names = [
        "Keras, the original",
        "graph, on the server",
        "layers, on the server",
        "graph, in your browser",
        "layers, in your browser",
    ]
    assert [each["name"] for each in read(*both())["lanes"]] == names
    about = [figures.about(lane, MNIST) for lane in lane_wire.lanes(MNIST)]
    assert [each["name"] for each in about] == names
    assert [each["isReference"] for each in about] == [True, False, False, False, False]


def test_all_that_agree_are_a_yes_with_distances_and_advice() -> None:
    line = read(*both())
    assert line["verdict"]["headline"] == "Yes. All five read 7."
    assert [each.get("distance") for each in line["lanes"]] == [None, 0.0, 0.0, 0.0, 0.0]
    assert not any(each["differs"] for each in line["lanes"])
    assert line["allowed"]["says"] == "rounding explains"
    assert line["ship"]["advice"] == "Ship the graph model on WebAssembly."
    assert line["ship"]["faster"] == "graph"
    assert "481 kB to load against 486 kB" in line["ship"]["why"]


def test_a_lane_that_differs_is_marked_and_the_other_format_is_shipped() -> None:
    line = read(result(WASM[0], top=1), result(WASM[1]))
    graph = line["lanes"][3]
    assert graph["differs"] and graph["distance"] > line["allowed"]["share"]
    assert graph["reads"] == "1"
    assert line["ship"]["advice"] == "Ship the layers model on WebAssembly."


def test_a_lane_that_gives_nan_differs_and_one_that_fails_does_not() -> None:
    nan = LaneResult(WASM[0], DIGIT.id, error=f"The lane's answer holds {NOT_NUMBERS}.")
    line = read(nan, result(WASM[1]))
    assert line["lanes"][3]["state"] == "failed" and line["lanes"][3]["differs"]
    assert line["verdict"]["headline"] == (
        "No: the graph model in your browser gives NaN where the others read 7."
    )
    assert line["ship"]["advice"] == "Ship the layers model on WebAssembly."
    failed = read(LaneResult(WASM[0], DIGIT.id, error="no file"), result(WASM[1]))
    assert failed["lanes"][3]["state"] == "failed" and not failed["lanes"][3]["differs"]


@pytest.mark.parametrize(
    "server",
    [{}, {lane: result(lane) for lane in SERVER_LANES[1:]}],
)
def test_nothing_is_recommended_before_the_original_answers(
    server: dict[Lane, LaneResult],
) -> None:
    assert read(*both(), server=server)["ship"] is None


def test_nothing_is_recommended_where_the_original_failed_or_the_browser_loads() -> None:
    failed = LaneResult(REFERENCE, DIGIT.id, error="no")
    server = {lane: result(lane) for lane in SERVER_LANES} | {REFERENCE: failed}
    assert read(*both(), server=server)["ship"] is None
    assert read()["ship"] is None


def test_what_was_said_of_speed_stands() -> None:
    near = both(steady=tuple(each * 1.01 for each in FAST))
    assert read(*near)["ship"]["faster"] == "neither"
    assert read(*near, faster="graph")["ship"]["faster"] == "graph"


def test_a_backend_that_was_chosen_is_not_recommended() -> None:
    assert read(*both(), asked="wasm")["ship"]["advice"] == "Ship the graph model."


def test_a_model_of_one_format_is_answered_for() -> None:
    alone = {name: path for name, path in MNIST.lanes.items() if "graph" not in name}
    manifest = replace(MNIST, lanes=alone)
    server = {lane: result(lane) for lane in manifest.server_lanes}
    line = read(result(WASM[1], steady=FAST), server=server, manifest=manifest)
    assert len(line["lanes"]) == 3
    assert line["verdict"]["headline"] == "Yes. All three read 7."
    assert line["ship"]["advice"] == "Ship the layers model on WebAssembly."


def test_without_an_original_nothing_is_called_kept() -> None:
    formats = {name: path for name, path in MNIST.lanes.items() if name != "keras"}
    manifest = replace(MNIST, lanes=formats)
    server = {lane: result(lane) for lane in manifest.server_lanes}
    line = read(*both(), server=server, manifest=manifest)
    assert line["verdict"]["headline"] == "All four read 7."
    assert "There is no original here" in line["verdict"]["detail"]
    assert [each["isReference"] for each in line["lanes"]] == [True, False, False, False]


def test_of_many_classes_the_likeliest_five_are_listed_and_of_a_few_none() -> None:
    many = replace(MNIST, classes=tuple(f"class {number}" for number in range(1_000)))
    server = {lane: result(lane, 900, 1_000) for lane in SERVER_LANES}
    browser = [result(lane, 900, 1_000) for lane in WASM]
    line = read(*browser, server=server, manifest=many)
    assert [each["reads"] for each in line["likeliest"]] == [
        "class 900", "class 0", "class 1", "class 2", "class 3",
    ]  # fmt: skip
    assert line["likeliest"][0]["sure"] == pytest.approx(0.99)
    assert line["verdict"]["headline"] == "Yes. All five read class 900."
    assert read(*both())["likeliest"] == []
