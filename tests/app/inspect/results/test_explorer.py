"""Files for Model Explorer, against what its documentation and its reader ask for."""

from __future__ import annotations

import json
import math
import re

import pytest

from app.inspect import run
from app.inspect.results import explorer
from models.bisect.bisection import Bisection
from models.bisect.layer_difference import LayerDifference
from models.formats import store
from models.formats.anatomy import Anatomy, Part
from models.lanes import Lane

KERAS, HERE, THERE = map(
    Lane.parse, ("keras @ tensorflow", "graph @ tensorflow", "graph @ tfjs/wasm")
)
RTOL = 1e-5


def row(part: str, apart: float, problem: str | None = None) -> LayerDifference:
    return LayerDifference("layer of it", part, (1,), apart, apart, 1.0, (0,), 1e-5, problem)


def result(*bisections: Bisection) -> dict:
    """The one graph's data. JSON's own constants, NaN and Infinity, are none of the format."""
    text = explorer.node_data(bisections, RTOL)
    return json.loads(text, parse_constant=pytest.fail)[explorer.GRAPH_ID]


def of(lane: Lane, *rows: LayerDifference) -> Bisection:
    return Bisection(lane, KERAS, rows)


def colour(data: dict, name: str) -> str:
    """As Model Explorer's reader finds a node's colour."""
    node = data["results"][name]
    if "bgColor" in node:
        return node["bgColor"]
    return next((e["bgColor"] for e in data["thresholds"] if node["value"] <= e["value"]), "none")


def test_each_operation_has_its_largest_difference_of_all_places():
    data = result(of(HERE, row("a", 2e-7), row("b", 0)), of(THERE, row("a", 3e-7), row("b", 0)))
    assert data["results"] == {"a": {"value": 3e-7}, "b": {"value": 0.0}}


def test_the_file_is_as_the_documented_classes_write_it():
    data = result(of(HERE, row("a", 2e-7), row("b", math.nan, "NaN in one of them")))
    assert set(data) == {"results", "thresholds"}
    for each in data["thresholds"]:
        assert set(each) == {"value", "bgColor"} and re.fullmatch("#[0-9a-f]{6}", each["bgColor"])
    limits = [each["value"] for each in data["thresholds"]]
    assert limits == sorted(limits) and all(map(math.isfinite, limits))
    assert all(set(each) <= {"value", "bgColor", "textColor"} for each in data["results"].values())


def test_colours_turn_at_the_tolerance_and_every_number_has_one():
    shares = {"same": 0.0, "near": 0.5 * RTOL, "at": RTOL, "beyond": 1.1 * RTOL, "far": 1e30}
    data = result(of(HERE, *(row(name, share) for name, share in shares.items())))
    shown = {name: colour(data, name) for name in shares}
    assert shown["same"] == "#ffffff" and shown["near"] == shown["at"] == "#57b881"
    assert shown["beyond"] == "#ffd98a" and shown["far"] == "#d64541"


@pytest.mark.parametrize("order", [1, -1])
def test_what_is_no_number_in_one_place_says_so_whatever_the_other_has(order):
    both = [of(HERE, row("a", 1.0)), of(THERE, row("a", math.nan, "NaN in graph @ tfjs/wasm"))]
    data = result(*both[::order])
    assert data["results"]["a"] == {"value": "NaN in graph @ tfjs/wasm", **explorer.NO_NUMBER}


def test_an_infinite_difference_without_a_reason_is_no_number_of_json():
    data = result(of(HERE, LayerDifference("a", "a", (1,), 1.0, 1.0, 0.0, (0,), 1e-8)))
    assert isinstance(data["results"]["a"]["value"], str)


@pytest.mark.parametrize("name", ['"}]</script>', "results", "__proto__", "a\u2028b", "日本"])
def test_hostile_names_stay_names(name):
    data = result(of(HERE, row(name, 1e-7)))
    assert list(data["results"]) == [name]
    drawn = json.loads(explorer.graph(Anatomy("layers", name, (Part(name, name),)), {name: name}))
    assert drawn["label"] == name and drawn["graphs"][0]["nodes"][0]["id"] == name


def test_the_layers_graph_has_every_layer_its_inputs_and_the_names_of_the_differences():
    pairing = run.pairing("mnist", "layers", "float32")
    drawn = json.loads(explorer.graph(pairing.other, {"conv1": "28×28×16"}))
    assert set(drawn) == {"label", "graphs"}
    (graph,) = drawn["graphs"]
    assert graph["id"] == explorer.GRAPH_ID
    nodes = {node["id"]: node for node in graph["nodes"]}
    assert list(nodes) == [part.name for part in pairing.other]
    assert {part for _, part in pairing.pairs} <= set(nodes)
    for part in pairing.other:
        edges = nodes[part.name]["incomingEdges"]
        assert [edge["sourceNodeId"] for edge in edges] == list(part.inputs)
        assert set(part.inputs) <= set(nodes)
    conv1 = nodes["conv1"]
    assert conv1["label"] == "conv1 · Conv2D"
    assert {"key": "gives", "value": "28×28×16"} in conv1["attrs"]


def test_the_graph_s_operations_are_nodes_of_its_own_file():
    pairing = run.pairing("mnist", "graph", "float32")
    stored = json.loads((store.folder("mnist") / "model_graph" / "model.json").read_text())
    names = {node["name"] for node in stored["modelTopology"]["node"]}
    assert {part for _, part in pairing.pairs} <= names
