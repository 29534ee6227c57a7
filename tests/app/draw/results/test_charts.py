from __future__ import annotations

import json
import re
from dataclasses import replace
from typing import Any

import pytest

from app.draw.results import chart_rows, chart_specs, charts
from app.ui import palette
from models.formats import store
from models.lanes import REFERENCE, Lane, LaneResult
from models.parity import judgement
from models.parity.apart import compared, farthest
from tests.app.conftest import probabilities

LANES = (
    "keras @ tensorflow",
    "graph @ tensorflow",
    "layers @ tensorflow",
    "graph @ tfjs/wasm",
    "layers @ tfjs/wasm",
)
SPECS = json.loads(chart_specs.specs(store.DEFAULT, "wasm"))


def test_there_is_a_chart_for_each_heading_and_a_place_for_each_lane_and_class() -> None:
    assert list(SPECS) == [*chart_specs.CHARTS, chart_specs.LOG]
    assert set(charts.charts()) == set(SPECS)
    encoding = SPECS["probabilities"]["encoding"]
    assert encoding["xOffset"]["scale"]["domain"] == list(LANES)
    assert encoding["x"]["scale"]["domain"] == list("0123456789")


@pytest.mark.parametrize("name", SPECS)
def test_a_specification_holds_no_data_so_that_only_data_change(name: str) -> None:
    text = json.dumps(SPECS[name])
    assert '"data"' not in text
    assert '"width": "container"' in text


def test_the_same_lanes_get_the_cached_specification() -> None:
    assert chart_specs.specs(store.DEFAULT, "wasm") is chart_specs.specs(store.DEFAULT, "wasm")


def test_the_url_changes_with_the_specifications(monkeypatch: pytest.MonkeyPatch) -> None:
    path = chart_specs.url_path(store.DEFAULT, "wasm")
    assert path != chart_specs.url_path(store.DEFAULT, "cpu").replace("cpu", "wasm")
    monkeypatch.setattr(chart_specs, "specs", lambda *_: "{}")
    assert chart_specs.url_path(store.DEFAULT, "wasm") != path


@pytest.mark.parametrize("name", SPECS)
def test_every_lane_has_its_place_before_it_has_answered(name: str) -> None:
    text = json.dumps(SPECS[name])
    for lane in LANES[1:]:
        assert lane in text


def test_an_exact_zero_has_a_place_of_its_own_below_the_smallest_difference() -> None:
    points = SPECS["differences"]["layer"][0]
    low = points["encoding"]["y"]["scale"]["domain"][0]
    assert low == charts.ZERO < charts.FLOOR
    assert f"datum.difference == 0 ? {charts.ZERO}" in points["transform"][1]["calculate"]
    assert (
        f"datum.value < {charts.FLOOR / 10} ? '0'" in points["encoding"]["y"]["axis"]["labelExpr"]
    )


@pytest.mark.parametrize("name", ["steady", "load"])
def test_an_axis_of_times_stays_where_it_is_from_digit_to_digit(name: str) -> None:
    scale = SPECS[name]["layer"][0]["encoding"]["x"]["scale"]
    assert scale["domain"]["unionWith"]


def test_the_line_is_at_what_the_models_manifest_allows(monkeypatch: pytest.MonkeyPatch) -> None:
    stored = store.manifest(store.DEFAULT)
    assert stored.rounding is not None
    line, name = SPECS["differences"]["layer"][1:]
    assert line["encoding"]["y"]["datum"] == name["encoding"]["y"]["datum"] == stored.rounding.bound
    assert name["encoding"]["text"]["value"] == "rounding explains 2.3e-5"
    monkeypatch.setattr(store, "manifest", lambda _name: replace(stored, rounding=None))
    line, name = json.loads(chart_specs.specs(store.DEFAULT, "wasm"))["differences"]["layer"][1:]
    assert line["encoding"]["y"]["datum"] == 1e-5
    assert name["encoding"]["text"]["value"] == "fixed tolerance 1e-5"


def test_the_marks_are_what_is_judged_and_the_largest_is_the_distance() -> None:
    lanes = [LaneResult(REFERENCE, "id", probabilities(7))]
    lanes.append(LaneResult(Lane("graph", "tfjs/wasm"), "id", probabilities(7, 0.98)))
    judge = judgement.stored(store.manifest(store.DEFAULT))
    rows = chart_rows.differences(lanes, "0123456789", REFERENCE, judge)
    far = farthest(compared(lanes, REFERENCE, judge))
    assert len(rows) == 10 and max(row["difference"] for row in rows) == far
    fixed = chart_rows.differences(lanes, "0123456789")
    assert max(row["difference"] for row in fixed) == pytest.approx(0.01, rel=1e-4)


def test_of_a_probability_of_1e_9_there_is_a_bar_on_the_log_scale_and_of_0_none() -> None:
    spec = SPECS[chart_specs.LOG]
    scale = spec["encoding"]["y"]["scale"]
    assert scale["type"] == "log" and scale["domain"][0] < 1e-9
    assert spec["encoding"]["y2"]["datum"] == scale["domain"][0] == charts.FLOOR
    assert f"max(datum.probability, {charts.FLOOR})" in json.dumps(spec["transform"])
    assert spec["encoding"]["x"] == SPECS["probabilities"]["encoding"]["x"]


@pytest.mark.parametrize("name", chart_specs.CHARTS)
def test_no_heading_or_tooltip_has_the_words_of_the_command_line(name: str) -> None:
    words = " ".join(chart_specs.CHARTS[name]).lower()
    assert not re.search(r"\b(lanes?|steady|parts?)\b", words)
    tips = [each for part in parts(SPECS[name]) for each in part["encoding"].get("tooltip", [])]
    assert tips and not {"lane", "lane_a", "lane_b"} & {each["field"] for each in tips}


def parts(spec: dict[str, Any]) -> list[dict[str, Any]]:
    return spec.get("layer", [spec])


def test_a_difference_of_1e_7_is_far_from_the_floor_and_from_the_bound() -> None:
    scale = SPECS["differences"]["layer"][0]["encoding"]["y"]["scale"]
    assert scale["type"] == "log"
    assert scale["domain"][0] <= 1e-9 and scale["domain"][1] >= 1


@pytest.mark.parametrize("name", SPECS)
def test_axes_have_the_pages_text_colour(name: str) -> None:
    axis = SPECS[name]["config"]["axis"]
    assert axis["labelColor"] == axis["titleColor"] == "currentColor"


def test_the_matrix_calls_only_an_exact_zero_0() -> None:
    number = next(
        each for each in SPECS["pairs"]["layer"][0]["transform"] if each["as"] == "number"
    )
    assert "datum.max_abs == 0 ? '0'" in number["calculate"]


def test_a_format_has_its_colour_on_every_runtime() -> None:
    lanes = ("graph float16 @ tfjs/webgl", "graph @ tensorflow")
    assert {*map(palette.colour_of, lanes)} == {palette.FORMAT_COLOURS["graph"]}
    color = SPECS["probabilities"]["encoding"]["color"]["scale"]
    assert color["range"][1] == color["range"][3] == palette.FORMAT_COLOURS["graph"]
