"""Of hundreds of classes the charts show those that matter, and those that are searched."""

from __future__ import annotations

import json

import numpy as np
import pytest

from app.draw.results import chart_rows, chart_specs, many_classes
from app.frontend import lane_wire
from models.formats import store
from models.lanes import REFERENCE, Lane, LaneResult
from models.parity.judgement import FIXED

MANY = tuple(f"class {number}" for number in range(345))
GRAPH = Lane("graph", "tfjs/wasm")


def result(lane: Lane, *tops: int) -> LaneResult:
    """The classes in ``tops`` are the likeliest, the first most."""
    values = np.full(345, 1e-4, np.float32)
    for place, top in enumerate(tops):
        values[top] = 0.5 / (place + 1)
    return LaneResult(lane, "id", values)


def test_a_few_classes_are_all_shown_in_their_order() -> None:
    assert many_classes.of_interest([], MANY[:12]) == list(range(12))


def test_of_many_the_top_five_of_every_lane_are_shown_the_first_lanes_first() -> None:
    lanes = [result(REFERENCE, 9, 3, 300, 4, 8), result(GRAPH, 3, 9, 300, 4, 77)]
    assert many_classes.of_interest(lanes, MANY) == [9, 3, 300, 4, 8, 77]


def test_of_lanes_that_agree_on_nothing_a_chart_has_room() -> None:
    lanes = [result(REFERENCE, *range(n, n + 5)) for n in range(0, 50, 5)]
    assert len(many_classes.of_interest(lanes, MANY)) == many_classes.MOST


def test_searched_classes_come_last_and_once() -> None:
    lanes = [result(REFERENCE, 9, 3, 300, 4, 8)]
    assert many_classes.of_interest(lanes, MANY, [200, 9]) == [9, 3, 300, 4, 8, 200]


def test_rows_hold_the_shown_classes_only() -> None:
    lanes = [result(REFERENCE, 9, 3), result(GRAPH, 9, 3)]
    labels = [row["label"] for row in chart_rows.differences(lanes, MANY, shown=[9, 3])]
    assert labels == ["class 9", "class 3"]


def test_logits_are_compared_and_probabilities_shown() -> None:
    base = LaneResult(REFERENCE, "id", np.array([0.3, 0.7], np.float32))
    lanes = [
        LaneResult(base.lane, "id", base.probabilities, answers=np.array([1, 3], np.float32)),
        LaneResult(GRAPH, "id", base.probabilities, answers=np.array([1, 5], np.float32)),
    ]
    rows = chart_rows.differences(lanes, ("no", "on"))
    assert [row["difference"] for row in rows] == [0, 2]


def test_one_sigmoid_has_one_difference_the_second_classs() -> None:
    shown = np.array([0.25, 0.75], np.float32)
    lanes = [
        LaneResult(REFERENCE, "id", shown, answers=np.array([0.75], np.float32)),
        LaneResult(GRAPH, "id", shown, answers=np.array([0.5], np.float32)),
    ]
    rows = chart_rows.differences(lanes, ("no", "on"))
    assert [(row["label"], row["difference"]) for row in rows] == [("on", 0.25)]


def specs(*classes: str) -> dict[str, dict]:
    lanes = tuple(map(str, lane_wire.lanes(store.manifest(store.DEFAULT))))
    says = tuple((name, "") for name in (*chart_specs.CHARTS, chart_specs.LOG))
    found: dict[str, dict] = json.loads(chart_specs._specs(lanes, classes, says, FIXED))
    return found


@pytest.mark.parametrize("chart", ["probabilities", chart_specs.LOG, "differences"])
def test_the_axis_of_many_classes_shows_the_rows_in_their_order(chart: str) -> None:
    spec = specs(*MANY)[chart]
    x = spec.get("layer", [spec])[0]["encoding"]["x"]
    assert x["scale"] == {} and x["sort"] is None


@pytest.mark.parametrize("chart", ["probabilities", chart_specs.LOG, "differences"])
def test_words_are_written_at_an_angle_in_a_higher_chart(chart: str) -> None:
    words, digits = specs("airplane", "dog")[chart], specs(*"0123456789")[chart]
    axis = words.get("layer", [words])[0]["encoding"]["x"]["axis"]
    assert axis["labelAngle"] < 0 and axis["minExtent"] > 0
    assert words["height"] > digits["height"]
    assert digits.get("layer", [digits])[0]["encoding"]["x"]["axis"]["labelAngle"] == 0
