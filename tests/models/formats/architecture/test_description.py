"""Layers and operations out of JSON, and a sentence for what is none."""

from __future__ import annotations

import base64
from typing import Any

import pytest

from models.formats.architecture.description import (
    MAX_DEPTH,
    MAX_NUMBERS,
    Operation,
    of_graph,
    of_layers,
)


def layer(kind: str, name: str, **config: Any) -> dict[str, Any]:
    return {"class_name": kind, "config": {"name": name} | config}


def sequential(*layers: dict[str, Any], name: str = "model") -> dict[str, Any]:
    return {"class_name": "Sequential", "config": {"name": name, "layers": list(layers)}}


def test_layers_of_a_sequential_follow_each_other():
    stored = sequential(layer("InputLayer", "in"), layer("Dense", "a"), layer("ReLU", "b"))
    found = of_layers("keras", stored, "2.15.0")
    assert found.keras == 2
    assert [(each.kind, each.sources) for each in found.layers] == [
        ("InputLayer", ()),
        ("Dense", ("in",)),
        ("ReLU", ("a",)),
    ]


def test_the_old_sequential_of_a_bare_list_is_read():
    stored = {"class_name": "Sequential", "config": [layer("Dense", "a")]}
    assert [each.name for each in of_layers("keras", stored).layers] == ["a"]


@pytest.mark.parametrize(
    "nodes",
    [
        [[["a", 0, 0, {}], ["b", 0, 0, {}]]],
        [
            {
                "args": [
                    [
                        {
                            "class_name": "__keras_tensor__",
                            "config": {"keras_history": [name, 0, 0]},
                        }
                        for name in "ab"
                    ]
                ],
                "kwargs": {},
            }
        ],
    ],
    ids=["Keras 2", "Keras 3"],
)
def test_sources_of_a_functional_layer_are_named_in_its_nodes(nodes):
    added = layer("Add", "sum") | {"name": "sum", "inbound_nodes": nodes}
    stored = {"class_name": "Functional", "config": {"layers": [added]}}
    assert of_layers("keras", stored).layers[0].sources == ("a", "b")


def test_layers_of_a_model_in_the_model_and_of_a_wrapper_come_after_it():
    inner = sequential(layer("Conv2D", "conv"), name="features")
    timed = layer("TimeDistributed", "timed", layer=layer("Dense", "dense"))
    found = of_layers("keras", sequential(inner, timed))
    assert [(each.name, each.inside) for each in found.layers] == [
        ("features", ()),
        ("conv", ("features",)),
        ("timed", ()),
        ("dense", ("timed",)),
    ]


@pytest.mark.parametrize(
    ("stored", "sentence"),
    [
        (7, "the model is no object"),
        ({"class_name": "Mine", "config": {"units": 3}}, "its Mine does not say which layers"),
        ({"class_name": "Sequential", "config": {"layers": {}}}, "the layers are no list"),
        ({"class_name": "Sequential", "config": {"layers": [7]}}, "a layer is no object"),
        (sequential(layer("Dense", "a")) | {"config": "x"}, "a config is no object"),
    ],
)
def test_what_is_no_model_is_refused_with_a_sentence(stored, sentence):
    with pytest.raises(ValueError, match=sentence):
        of_layers("keras", stored)


def test_what_is_nested_too_deep_or_has_too_many_layers_is_refused():
    deep: Any = layer("Dense", "a")
    for _ in range(MAX_DEPTH):
        deep = sequential(deep)
    with pytest.raises(ValueError, match="levels deep"):
        of_layers("keras", deep)
    with pytest.raises(ValueError, match="more than 20,000 layers"):
        of_layers("keras", sequential(*[layer("ReLU", "a")] * 20_001))


def encoded(text: str) -> str:
    return base64.b64encode(text.encode()).decode()


def test_a_graphs_operations_have_their_settings_and_constants_their_shapes():
    node = {
        "name": "conv",
        "op": "Conv2D",
        "input": ["x", "kernel"],
        "attr": {
            "padding": {"s": encoded("SAME")},
            "strides": {"list": {"i": ["1", "2", "2", "1"]}},
            "fused_ops": {"list": {"s": [encoded("BiasAdd"), encoded("Relu")]}},
            "is_training": {"b": True},
            "T": {"type": "DT_FLOAT"},
        },
    }
    weights = [{"paths": [], "weights": [{"name": "kernel", "shape": [1, 3, 4, 8]}]}]
    found = of_graph({"node": [node]}, weights)
    assert found.shapes == {"kernel": (1, 3, 4, 8)}
    settings = {
        "padding": "SAME",
        "strides": ["1", "2", "2", "1"],
        "fused_ops": ["BiasAdd", "Relu"],
        "is_training": True,
        "T": None,
    }
    assert found.operations == (Operation("Conv2D", "conv", ("x", "kernel"), settings),)


def test_operations_in_a_graphs_functions_count_too():
    function = {"signature": {"name": "body"}, "nodeDef": [{"name": "e", "op": "Einsum"}]}
    found = of_graph({"node": [], "library": {"function": [function]}}, [])
    assert [each.kind for each in found.operations] == ["Einsum"]


@pytest.mark.parametrize(
    "nodes, numbers",
    [
        ([["x", 0, 0, {"y": 127.5, "name": None}]], (127.5,)),
        ([["x", 0, 0, {"bias": [-1.5, -2, -3.5], "data_format": "NHWC"}]], (-1.5, -2, -3.5)),
        ([["x", 0, 0, {"flag": True}]], ()),
        ([[["a", 0, 0, {}], ["b", 1, 2, {}]]], ()),
        (
            [
                {
                    "args": [
                        {"class_name": "__keras_tensor__", "config": {"shape": [None, 3]}},
                        [103.9, 116.8],
                    ],
                    "kwargs": {"axis": 1},
                }
            ],
            (103.9, 116.8, 1),
        ),
        ([["x", 0, 0, {"y": [1] * 1_000}]], (1,) * MAX_NUMBERS),
    ],
)
def test_the_numbers_that_a_call_is_given_are_kept_and_those_of_tensors_are_not(nodes, numbers):
    stored = {
        "class_name": "Functional",
        "config": {"layers": [layer("TFOpLambda", "divide") | {"inbound_nodes": nodes}]},
    }
    assert of_layers("keras", stored).layers[0].numbers == numbers
