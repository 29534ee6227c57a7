"""Weights that were rounded when the model was converted, and strokes for the link."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from typing import Any
from urllib.parse import parse_qs

import numpy as np
import pytest

from app.draw.reading import posted, server_lanes
from app.draw.results import chart_specs
from app.frontend import lane_wire
from app.session import links, shared, stroke_tokens
from models.errors import InputError
from models.formats import store
from models.formats.manifest import Manifest
from models.lanes import CONVERTED, REFERENCE, TENSORFLOW, Lane, Weights
from tests.app.conftest import Stage, probabilities
from tests.app.draw.reading.test_endpoint import APP
from tests.app.draw.reading.test_posted import ANSWERS
from tests.support.asgi import ask

MNIST = store.manifest("mnist")
SEVEN = [[20.0, 20.0], [200.0, 20.0], [100.0, 240.0]]


@pytest.fixture
def rounded(stage: Stage) -> Callable[..., list[dict[str, Any]]]:
    """Reads a digit with rounded weights, whose lanes are a thousandth less sure of it."""

    def read(weights: Weights, **changed: Any) -> list[dict[str, Any]]:
        answer = probabilities(7, 0.989)
        lanes = [Lane(each, TENSORFLOW, weights) for each in CONVERTED]
        stage.worker.answers = {REFERENCE: probabilities(7), **dict.fromkeys(lanes, answer)}
        stage.in_browser = dict.fromkeys(CONVERTED, answer)
        return stage.read(shared.examples()[3], weights=weights, **changed)

    return read


@pytest.mark.parametrize("weights", ["float16", "uint8"])
def test_all_lanes_but_the_original_have_the_weights_that_are_asked_for(
    rounded: Callable[..., list[dict[str, Any]]], stage: Stage, weights: Weights
) -> None:
    (line,) = rounded(weights)
    assert line["done"]
    assert [each["lane"] for each in line["lanes"]] == [
        "keras @ tensorflow",
        f"graph {weights} @ tensorflow",
        f"layers {weights} @ tensorflow",
        f"graph {weights} @ tfjs/wasm",
        f"layers {weights} @ tfjs/wasm",
    ]
    assert [str(lane) for lane in stage.worker.asked] == [
        each["lane"] for each in line["lanes"][:3]
    ]


def test_what_rounding_costs_is_judged_by_the_same_bound_and_said(
    rounded: Callable[..., list[dict[str, Any]]],
) -> None:
    (line,) = rounded("uint8")
    assert line["verdict"]["kind"] == "differ"
    assert "That is what uint8 weights cost" in line["verdict"]["detail"]
    assert "Ship" not in line["verdict"]["detail"]
    assert line["ship"]["advice"] == "What to ship is said of the weights as converted."
    assert line["ship"]["why"].startswith("With uint8 weights the graph model is ")
    assert [each["differs"] for each in line["lanes"]] == [False, True, True, True, True]
    assert MNIST.rounding is not None
    assert line["allowed"]["share"] == MNIST.rounding.bound


def test_weights_as_converted_that_differ_are_no_price_of_rounding(stage: Stage) -> None:
    stage.in_browser = dict.fromkeys(CONVERTED, probabilities(7, 0.989))
    (line,) = stage.read()
    assert line["verdict"]["kind"] == "differ"
    assert "cost" not in line["verdict"]["detail"]


def test_link_and_charts_follow(rounded: Callable[..., list[dict[str, Any]]]) -> None:
    (line,) = rounded("float16", asked="cpu")
    query = {name: value for name, (value,) in parse_qs(line["query"]).items()}
    assert query.pop("digit") == links.encode(shared.examples()[3])
    assert query == {"backend": "cpu", "weights": "float16"}
    assert line["specs"] == chart_specs.url_path("mnist", "wasm", "float16")
    assert ask(APP, f"/{line['specs']}")[0]["status"] == 200


@pytest.mark.parametrize("weights", ["float64", "..", "int8"])
def test_charts_of_unknown_weights_are_not_found(weights: str) -> None:
    path = chart_specs.url_path("mnist", "wasm").replace("float32", weights)
    assert ask(APP, f"/{path}")[0]["status"] == 404


@pytest.mark.parametrize("weights", ["int4", "", None, 16, ["uint8"], {"a": 1}])
def test_unknown_weights_are_refused(weights: object) -> None:
    with pytest.raises(InputError, match="cannot be read"):
        posted.parse(ANSWERS | {"weights": weights}, MNIST)


def test_weights_that_only_another_model_has_are_refused() -> None:
    lanes = {form: path for form, path in MNIST.lanes.items() if "uint8" not in form}
    with pytest.raises(InputError, match="weights that the model does not have"):
        posted.parse(ANSWERS | {"weights": "uint8"}, replace(MNIST, lanes=lanes))


@pytest.mark.parametrize(
    ("forms", "kinds"),
    [
        (["keras", "graph", "layers"], ("float32",)),
        (["graph", "layers", "graph uint8"], ("float32",)),
        (["graph", "graph uint8"], ("float32", "uint8")),
        (["keras"], ()),
    ],
)
def test_weights_can_be_picked_where_every_format_has_them(
    forms: list[str], kinds: tuple[str, ...]
) -> None:
    manifest: Manifest = replace(MNIST, lanes=dict.fromkeys(forms, "model.json"))
    assert lane_wire.kinds(manifest) == kinds


def test_without_an_original_the_reference_is_the_layers_model_as_converted() -> None:
    lanes = {form: path for form, path in MNIST.lanes.items() if form != "keras"}
    found = lane_wire.server_lanes(replace(MNIST, lanes=lanes), "uint8")
    assert list(map(str, found)) == [
        "layers @ tensorflow",
        "graph uint8 @ tensorflow",
        "layers uint8 @ tensorflow",
    ]


def test_each_kind_of_weights_is_asked_by_itself(stage: Stage) -> None:
    digit, lanes = shared.first_example(), [Lane(each, TENSORFLOW, "uint8") for each in CONVERTED]
    stage.worker.answers |= dict.fromkeys(lanes, probabilities(7))
    first = server_lanes.futures(digit, model="mnist")
    other = server_lanes.futures(digit, model="mnist", weights="uint8")
    assert [lane.weights for lane in other] == ["float32", "uint8", "uint8"]
    assert server_lanes.futures(digit, model="mnist") is first


def test_the_link_has_the_strokes_that_are_posted(stage: Stage) -> None:
    drawn = shared.examples()[3]
    (line,) = stage.read(drawn, strokes=[SEVEN])
    (token,) = parse_qs(line["query"])["strokes"]
    found = stroke_tokens.decode(token)
    assert found is not None and [each.tolist() for each in found] == [SEVEN]


def test_strokes_that_do_not_fit_leave_the_digit_in_the_link(stage: Stage) -> None:
    scribble = np.random.default_rng(1).uniform(0, 280, (3_000, 2)).round(1).tolist()
    (line,) = stage.read(shared.examples()[3], strokes=[scribble])
    assert list(parse_qs(line["query"])) == ["digit"]


@pytest.mark.parametrize(
    "strokes",
    [
        "none",
        {"a": 1},
        [[]],
        [[1.0, 2.0]],
        [[[1.0, 2.0, 3.0]]],
        [[["1", "2"]]],
        [[[True, False]]],
        [[[1.0, None]]],
        [[[1.0], [1.0, 2.0]]],
        [[[1.0, float("nan")]]],
        [[[1.0, float("inf")]]],
        [[[0, 1e6]]],
        [[[-(2**63), 0]]],
        [[[10**400, 0]]],
        [[[0, 0]]] * 201,
        [[[0, 0]] * 4_001],
        [[[0, 0]] * 2_001] * 2,
    ],
    ids=str,
)
def test_strokes_that_are_no_lists_of_points_are_refused(strokes: object) -> None:
    with pytest.raises(InputError, match="cannot be read"):
        posted.parse(ANSWERS | {"strokes": strokes}, MNIST)


def test_the_most_strokes_that_are_taken_fit_into_what_is_read() -> None:
    strokes = [[[-1234.5, -1234.5]] * posted.MAX_POINTS]
    raw = ANSWERS | {"strokes": strokes}
    assert len(json.dumps(raw, separators=(",", ":"))) < posted.largest(MNIST)
    assert len(posted.parse(raw, MNIST).strokes[0]) == posted.MAX_POINTS
