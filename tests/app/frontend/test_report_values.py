"""Every parser of a browser's input returns a valid value or refuses it with a message."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.benchmark import report, report_json
from app.draw.reading import posted
from app.inspect import browser_lanes as inspect_lanes
from models.digit import digit, fabric_drawing
from models.errors import InputError
from models.formats import store
from models.lanes import Lane

MNIST = store.manifest("mnist")
JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(10**400), 10**400)
    | st.floats()
    | st.text(max_size=8)
    | st.sampled_from(["wasm", "graph", "layers", "path", "M", "Q", "AAAA"]),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner),
    max_leaves=12,
)

LANE = {"format": "graph", "probabilities": [0.1] * 10, "loadMs": 1, "firstMs": 2, "steadyMs": [3]}
ANSWERS = {
    "digit": "AAAA" * 261 + "AA==",
    "asked": "auto",
    "wanted": [],
    "backend": "wasm",
    "fallback": None,
    "lanes": [LANE | {"error": None}, LANE | {"format": "layers", "error": None}],
    "environment": {"browser": "one"},
}
PART = {"error": None, "parts": [{"name": "a", "shape": [1, 1]}], "values": "AAAAAA=="}
LOOK = {
    "backend": "wasm",
    "fallback": None,
    "lanes": [PART | {"format": "graph"}, PART | {"format": "layers"}],
}
PATH = {
    "type": "Path", "path": [["M", 1, 2], ["Q", 1, 2, 3, 4], ["L", 5, 6]],
    "left": 1, "top": 1, "width": 4, "height": 4,
}  # fmt: skip
BENCHMARK = json.loads(
    report_json.to_json(
        report.Report("mnist", "v", (report.LaneTimes(Lane.parse("graph @ tfjs/wasm")),))
    )
)


def finite_answers(raw: Any) -> posted.BrowserAnswers:
    """Parse the browser's answers, and check that their probabilities are finite."""
    read = posted.parse(raw, MNIST)
    for result in read.results:
        if result.probabilities is not None:
            assert result.probabilities.shape == (10,)
            assert np.isfinite(result.probabilities).all()
    return read


def drawn_digit(raw: Any) -> digit.Digit:
    """The digit of a drawing: every drawing that is parsed has one."""
    return digit.from_strokes(fabric_drawing.strokes(raw))


PARSERS: dict[str, tuple[Callable[[Any], object], Any]] = {
    "the Draw page's answers": (finite_answers, ANSWERS),
    "the Inspect page's layers": (lambda raw: inspect_lanes.parse(raw, weights="float32"), LOOK),
    "the benchmark's report": (report_json.parse, BENCHMARK),
    "the canvas's drawing": (drawn_digit, {"objects": [PATH, PATH]}),
}


def places(value: Any, at: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """The path to each part of a nested value."""
    inner = value.items() if isinstance(value, dict) else enumerate(value)
    found = [at] if at else []
    for key, each in inner:
        deeper = (*at, key)
        found += places(each, deeper) if isinstance(each, dict | list) else [deeper]
    return found


def test_valid_answers_of_the_draw_page_are_read():
    read = finite_answers(copy.deepcopy(ANSWERS))
    assert [str(each.lane) for each in read.results] == ["graph @ tfjs/wasm", "layers @ tfjs/wasm"]
    assert all(each.probabilities.sum() == pytest.approx(1) for each in read.results)


def test_valid_layers_of_the_inspect_page_are_read():
    read = inspect_lanes.parse(copy.deepcopy(LOOK), weights="float32")
    assert [str(lane) for lane in read.traces] == ["graph @ tfjs/wasm", "layers @ tfjs/wasm"]
    assert all(list(trace.outputs) == ["a"] for trace in read.traces.values())
    assert read.errors == {}


def test_a_valid_report_of_the_benchmark_is_read():
    read = report_json.parse(copy.deepcopy(BENCHMARK))
    assert (read.model, read.model_version) == ("mnist", "v")
    assert [str(each.lane) for each in read.lanes] == ["graph @ tfjs/wasm"]


def test_a_valid_drawing_of_the_canvas_is_read():
    assert drawn_digit(copy.deepcopy(PARSERS["the canvas's drawing"][1])).pixels.any()


@pytest.mark.parametrize("name", PARSERS)
@given(data=st.data())
@settings(max_examples=60)
def test_anything_in_place_of_any_part_is_read_or_refused(name, data):
    parse, right = PARSERS[name]
    wrong = copy.deepcopy(right)
    *way, last = data.draw(st.sampled_from(places(right)))
    inner = wrong
    for step in way:
        inner = inner[step]
    inner[last] = data.draw(JSON)
    try:
        parse(wrong)
    except InputError as error:
        assert len(str(error)) < 2_000


@pytest.mark.parametrize("name", PARSERS)
@given(raw=JSON)
@settings(max_examples=60)
def test_anything_in_place_of_the_whole_is_refused(name, raw):
    parse, _ = PARSERS[name]
    try:
        parse(raw)
    except InputError:
        return
    assert name == "the canvas's drawing" and not (raw or {}).get("objects")


@pytest.mark.parametrize("far", [(1e308, 1.2e308), (-1e308, 1.7e308), (1, 1e7)])
def test_strokes_beyond_any_canvas_are_refused_with_a_message(far):
    with pytest.raises(InputError, match="cannot be read"):
        drawn_digit({"objects": [PATH | {"left": left} for left in far]})
