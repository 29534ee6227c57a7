"""What models of every kind take and give, from their files alone."""

from __future__ import annotations

import itertools
import json
from pathlib import Path
from typing import Any

import pytest

from models.errors import ModelError
from models.formats import model_tensors
from models.formats.model_tensors import Ends
from models.formats.store import SHIPPED
from models.formats.tensors import Tensor
from tests.models.formats.safety.test_keras_files_exported import exported
from tests.support import model_files
from tests.support.model_files import group, layer, sequential


def functional(*layers: Any, takes: Any) -> dict[str, Any]:
    config = {"name": "m", "layers": list(layers), "input_layers": takes, "output_layers": []}
    return {"class_name": "Functional", "config": config}


def first(name: str, *shape: int | None, **config: Any) -> dict[str, Any]:
    return layer("InputLayer", name, batch_input_shape=list(shape), **config) | {"name": name}


def behind(stored: dict[str, Any], *sources: str) -> dict[str, Any]:
    nodes = [[[source, 0, 0, {}] for source in sources]]
    return stored | {"name": stored["config"]["name"], "inbound_nodes": nodes}


def taken(folder: Path, model: Any) -> tuple[Tensor, ...]:
    """The same of all three kinds of file."""
    folder.mkdir(exist_ok=True)
    paths = [
        model_files.h5(folder / "m.h5", model),
        model_files.keras(folder / "m.keras", model),
        model_files.layers(folder / "layers", model),
    ]
    found = [model_tensors.read(path) for path in paths]
    assert found[0] == found[1] == found[2] and found[0].outputs == ()
    return found[0].inputs


def test_a_chain_takes_what_its_first_layer_takes(tmp_path: Path) -> None:
    dense = layer("Dense", "dense", units=3)
    assert taken(tmp_path, sequential(first("in", None, 28, 28), dense)) == (
        Tensor("in", (28, 28)),
    )


@pytest.mark.parametrize(
    ("config", "expected"),
    [
        ({"batch_input_shape": [None, 784]}, Tensor("dense_input", (784,))),
        ({"batch_shape": [8, None, 3]}, Tensor("dense_input", (None, 3), batch=8)),
        (
            {"batch_input_shape": [None, 4], "dtype": "uint8"},
            Tensor("dense_input", (4,), "uint8"),
        ),
        (
            {"batch_input_shape": {"class_name": "__tuple__", "items": [None, 4]}},
            Tensor("dense_input", (4,)),
        ),
        (
            {"batch_shape": [None, 4], "dtype": {"class_name": "DTypePolicy", "config": {}}},
            Tensor("dense_input", (4,)),
        ),
    ],
)
def test_a_chain_without_an_input_layer_has_keras_name_for_its_input(tmp_path, config, expected):
    assert taken(tmp_path, sequential(layer("Dense", "dense", units=3, **config))) == (expected,)


def test_a_chain_of_models_takes_what_the_first_one_takes(tmp_path: Path) -> None:
    inner = functional(first("x", None, 224, 224, 3), takes=[["x", 0, 0]])
    inner["config"]["name"] = "mobile"
    assert taken(tmp_path, sequential(inner)) == (Tensor("mobile_input", (224, 224, 3)),)


def test_a_chain_of_keras_2_1_and_one_that_was_built_later_are_read(tmp_path: Path) -> None:
    dense = layer("Dense", "dense", units=3, batch_input_shape=[None, 4])
    path = model_files.h5(tmp_path / "a.h5", {"class_name": "Sequential", "config": [dense]})
    assert model_tensors.read(path).inputs == (Tensor("dense_input", (4,)),)
    built = sequential(layer("Dense", "dense", units=3))
    built["config"]["build_input_shape"] = [None, 5]
    path = model_files.h5(tmp_path / "b.h5", built)
    assert model_tensors.read(path).inputs == (Tensor("dense_input", (5,)),)


TWO = [first("a", None, 4), first("b", None, 6, dtype="int32")]
A, B = Tensor("a", (4,)), Tensor("b", (6,), "int32")


@pytest.mark.parametrize(
    ("takes", "expected"),
    [
        ([["b", 0, 0], ["a", 0, 0]], (B, A)),
        (["a", 0, 0], (A,)),
        ({"second": ["b", 0, 0], "first": ["a", 0, 0]}, (A, B)),
    ],
)
def test_inputs_are_in_the_order_of_the_model(tmp_path: Path, takes: Any, expected: Any) -> None:
    assert taken(tmp_path, functional(*TWO, takes=takes)) == expected


def test_words_have_as_many_values_as_the_table_that_they_are_looked_up_in(tmp_path) -> None:
    table = layer("Embedding", "table", input_dim=500, output_dim=8)
    chain = sequential(first("in", None, 9), table)
    assert taken(tmp_path / "a", chain) == (Tensor("in", (9,), values=500),)
    nested = behind(sequential(first("in", None, 6), table, name="nested"), "b")
    model = functional(*TWO, nested, takes=[["a", 0, 0], ["b", 0, 0]])
    assert taken(tmp_path / "b", model) == (A, Tensor("b", (6,), "int32", values=500))
    alone = sequential(layer("Embedding", "table", input_dim=20, batch_input_shape=[None, 3]))
    assert taken(tmp_path / "c", alone) == (Tensor("table_input", (3,), values=20),)


def test_keras_3_names_what_a_layer_takes_deeper_inside(tmp_path: Path) -> None:
    source = {"class_name": "__keras_tensor__", "config": {"keras_history": ["b", 0, 0]}}
    table = layer("Embedding", "table", input_dim=500, output_dim=8)
    table |= {"name": "table", "inbound_nodes": [{"args": [source], "kwargs": {}}]}
    model = functional(*TWO, table, takes=["b", 0, 0])
    assert taken(tmp_path, model) == (Tensor("b", (6,), "int32", values=500),)


LAYERS = {
    "takes a ragged tensor as 'x'": functional(
        first("x", None, None, ragged=True), takes=[["x", 0, 0]]
    ),
    "takes a sparse tensor as 'x'": functional(first("x", None, 9, sparse=True), takes=["x", 0, 0]),
    "takes texts": functional(first("x", None, 1, dtype="string"), takes=["x", 0, 0]),
    "'dense_input' has a shape that nothing says": sequential(layer("Dense", "dense", units=3)),
    "does not say which layers it has": sequential(),
    "which is none": sequential(first("x", None, "4")),
    "values as 'x'; 16,777,216 are the most": sequential(first("x", None, 1 << 13, 1 << 12)),
    "does not say what it takes: .*'missing'": functional(*TWO, takes=["missing", 0, 0]),
    "takes 0 inputs": functional(*TWO, takes=[]),
}


@pytest.mark.parametrize("words", LAYERS)
def test_layers_that_take_no_array_are_refused_with_a_sentence(tmp_path: Path, words: str) -> None:
    path = model_files.h5(tmp_path / "m.h5", LAYERS[words])
    with pytest.raises(ModelError, match=words) as refused:
        model_tensors.read(path)
    assert str(path) in str(refused.value)


def test_models_within_models_are_looked_through_once(tmp_path: Path) -> None:
    """A dozen levels of many inputs each would otherwise take for ever."""
    names = [f"x{at}" for at in range(60)]
    model = functional(*(first(name, None, 2) for name in names), takes=[])
    model["config"]["input_layers"] = [[name, 0, 0] for name in names]
    for _ in range(12):
        outer = [first(name, None, 2) for name in names]
        inner = behind(model | {"config": model["config"] | {"name": "inner"}}, *names)
        model = functional(*outer, inner, takes=[[name, 0, 0] for name in names])
    assert len(taken(tmp_path, model)) == 60


# Graphs


def named(name: str, *sides: int, dtype: str = "DT_FLOAT") -> dict[str, Any]:
    dims = [{"size": str(side)} for side in sides]
    return {"name": name, "dtype": dtype, "tensorShape": {"dim": dims}}


def placeholder(name: str, *sides: int, dtype: str = "DT_FLOAT", **more: Any) -> dict[str, Any]:
    shape = {"shape": {"dim": [{"size": str(side)} for side in sides]}}
    return {"name": name, "op": "Placeholder", "attr": {"dtype": {"type": dtype}, "shape": shape}}


def graph(tmp_path: Path, *nodes: Any, signature: Any = None, groups: Any = ()) -> Path:
    path = model_files.graph(tmp_path / "graph", groups=groups)
    said = json.loads((path / "model.json").read_text())
    said["modelTopology"]["node"] = list(nodes)
    (path / "model.json").write_text(
        json.dumps(said | ({"signature": signature} if signature else {}))
    )
    return path


def test_a_graph_says_it_in_its_signature(tmp_path: Path) -> None:
    inputs = {"b": named("b:0", 8, 32, 32, 3, dtype="DT_UINT8"), "a": named("x:0", -1, 4)}
    outputs = {"y": named("Identity:0", -1, 3), "z": {"name": "z:0", "dtype": "DT_INT32"}}
    path = graph(
        tmp_path, placeholder("x", -1, 4), signature={"inputs": inputs, "outputs": outputs}
    )
    takes = (Tensor("b", (32, 32, 3), "uint8", batch=8), Tensor("a", (4,)))
    gives = (Tensor("y", (3,)), Tensor("z", (None,), "int32"))
    assert model_tensors.read(path) == Ends(takes, gives)


def test_a_signature_without_a_shape_has_that_of_the_placeholder(tmp_path: Path) -> None:
    unknown = {"name": "x:0", "dtype": "DT_FLOAT", "tensorShape": {"unknownRank": True}}
    said = {"inputs": {"a": unknown}, "outputs": {"y": unknown | {"name": "y:0"}}}
    path = graph(tmp_path, placeholder("x", -1, -1, -1, 3), signature=said)
    assert model_tensors.read(path) == Ends(
        (Tensor("a", (None, None, 3)),), (Tensor("y", (None,)),)
    )


def test_a_graph_without_a_signature_takes_what_its_placeholders_take(tmp_path: Path) -> None:
    default = {"name": "keep", "op": "PlaceholderWithDefault", "input": ["one"]}
    nodes = [
        placeholder("x", -1, 28, 28, 1),
        {"name": "one", "op": "Const"},
        default,
        {"name": "y", "op": "Relu", "input": ["x", "^keep"]},
        {"name": "z", "op": "Softmax", "input": ["y:0"]},
        {"name": "start", "op": "NoOp"},
    ]
    expected = Ends((Tensor("x", (28, 28, 1)),), (Tensor("z", (None,)),))
    assert model_tensors.read(graph(tmp_path, *nodes)) == expected


@pytest.mark.parametrize(("turned", "classes"), [(False, 3), (True, 2)])
def test_a_graph_without_a_signature_gives_as_much_as_its_last_matrix_has(
    tmp_path: Path, turned: bool, classes: int
) -> None:
    nodes = [
        placeholder("x", -1, 2),
        {"name": "dense/kernel", "op": "Const"},
        {"name": "bias", "op": "Const"},
        {"name": "dense", "op": "MatMul", "input": ["x", "dense/kernel"]},
        {"name": "sum", "op": "BiasAdd", "input": ["dense", "bias"]},
        {"name": "y", "op": "Softmax", "input": ["sum"]},
    ]
    nodes[3]["attr"] = {"transpose_b": {"b": turned}}
    assert model_tensors.read(graph(tmp_path, *nodes)).outputs == (Tensor("y", (classes,)),)


def test_a_table_that_a_graph_fills_itself_is_no_input(tmp_path: Path) -> None:
    inputs = {"x": named("x:0", -1, 4), "unknown": {"name": "t:0", "resourceId": 3}}
    said = {"inputs": inputs, "outputs": {"y": named("y:0", -1, 3)}}
    path = graph(tmp_path, placeholder("x", -1, 4), signature=said)
    assert model_tensors.read(path).inputs == (Tensor("x", (4,)),)


def test_words_of_a_graph_have_as_many_values_as_its_table_has_rows(tmp_path: Path) -> None:
    nodes = [
        placeholder("words", -1, 6, dtype="DT_INT32"),
        {"name": "cast", "op": "Cast", "input": ["words"]},
        {"name": "table", "op": "Const"},
        {"name": "read", "op": "Identity", "input": ["table"]},
        {"name": "axis", "op": "Const"},
        {"name": "found", "op": "GatherV2", "input": ["read", "cast", "axis"]},
    ]
    weights = [{"name": "table", "shape": [3, 2], "dtype": "float32"}]
    path = graph(tmp_path, *nodes, groups=[group("weights.bin", weights=weights)])
    assert model_tensors.read(path).inputs == (Tensor("words", (6,), "int32", values=3),)


@pytest.mark.timeout(60)  # where each step looks through all operations, it takes hours
def test_a_graph_of_many_operations_in_a_row_is_read_at_once(tmp_path: Path) -> None:
    names = ["words", *(f"step{at}" for at in range(19_000))]
    nodes = [
        {"name": name, "op": "Identity", "input": [source]}
        for source, name in itertools.pairwise(names)
    ]
    words = placeholder("words", -1, 6, dtype="DT_INT32")
    found = model_tensors.read(graph(tmp_path, words, *nodes))
    assert found.inputs == (Tensor("words", (6,), "int32"),)


GRAPHS = {
    "takes texts": {"x": named("x:0", -1, dtype="DT_STRING")},
    "takes 'DT_COMPLEX64' as 'x'": {"x": named("x:0", -1, dtype="DT_COMPLEX64")},
    "takes a single number as 'x'": {"x": named("x:0")},
    "'x' has a shape that nothing says": {"x": {"name": "x:0", "dtype": "DT_FLOAT"}},
    "takes 65 inputs": {str(at): named(f"{at}:0", -1, 2) for at in range(65)},
    "does not say what it takes": {"x": {"dtype": "DT_FLOAT"}},
    "16,777,216 are the most": {"x": named("x:0", -1, 1 << 25)},
    "takes 0 values": {"x": named("x:0", -1, 0)},
}


@pytest.mark.parametrize("words", GRAPHS)
def test_graphs_that_take_no_array_are_refused_with_a_sentence(tmp_path: Path, words: str) -> None:
    path = graph(tmp_path, signature={"inputs": GRAPHS[words], "outputs": {}})
    with pytest.raises(ModelError, match=words):
        model_tensors.read(path)


def test_an_exported_model_says_it_in_its_signature(tmp_path: Path) -> None:
    path = exported(tmp_path / "e")
    assert model_tensors.read(path) == Ends((Tensor("x", (2,)),), (Tensor("y", (3,)),))


def test_the_shipped_model_takes_the_same_in_each_format() -> None:
    digit = (28, 28, 1)
    for name in ("mnist_model.h5", "model_graph", "model_layers"):
        assert [each.shape for each in model_tensors.read(SHIPPED / name).inputs] == [digit]
    assert model_tensors.read(SHIPPED / "model_graph").outputs[0].shape == (10,)
