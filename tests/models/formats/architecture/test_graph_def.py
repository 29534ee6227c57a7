"""A GraphDef becomes the JSON that protobuf's own writer gives."""

from __future__ import annotations

import math
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.formats.architecture import graph_def
from tests.models.formats.architecture.test_saved_model import field, varint


def node(name: str, kind: str, *inputs: str, **attributes: bytes) -> bytes:
    """A NodeDef of a GraphDef, as converters before 1.0 wrote it."""
    content = field(1, name.encode()) + field(2, kind.encode())
    content += b"".join(field(3, each.encode()) for each in inputs)
    for key, value in {"dtype": varint(6 << 3) + b"\1", **attributes}.items():
        content += field(5, field(1, key.encode()) + field(2, value))
    return field(1, content)


OLD_GRAPH = (
    node("x", "Placeholder")
    + node("dense/kernel", "Const")
    + node("y", "MatMul", "x", "dense/kernel", T=varint(6 << 3) + b"\1")
)


def official() -> Any:
    """A graph with attributes of every kind."""
    from tensorflow import as_dtype, make_tensor_proto
    from tensorflow.core.framework import graph_pb2

    graph = graph_pb2.GraphDef()
    graph.versions.producer = 21
    node = graph.node.add(name="x", op="Placeholder", device="/cpu:0")
    node.attr["dtype"].type = as_dtype("float32").as_datatype_enum
    for side in (-1, 28, 28, 1):
        node.attr["shape"].shape.dim.add(size=side)
    node.attr["any"].shape.unknown_rank = True
    constant = graph.node.add(name="w", op="Const")
    constant.attr["value"].tensor.CopyFrom(make_tensor_proto([[1.0, 2.0]]))
    node = graph.node.add(name="y", op="Conv2D", input=["x", "w:0", "^x"])
    for name, value in {"alpha": 0.2, "third": 1 / 3, "large": 1e30, "inf": -math.inf}.items():
        node.attr[name].f = value
    node.attr["nan"].f = math.nan
    node.attr["zero"].i = 0
    node.attr["big"].i = -(1 << 60)
    node.attr["no"].b = False
    node.attr["yes"].b = True
    node.attr["padding"].s = b"SAME\xff"
    node.attr["fused"].list.s.extend([b"BiasAdd", b"Relu"])
    node.attr["strides"].list.i.extend([1, -2, 300])
    node.attr["scales"].list.f.extend([0.5, 0.1])
    node.attr["flags"].list.b.extend([True, False])
    node.attr["types"].list.type.extend([1, 3, 101])
    node.attr["shapes"].list.shape.add().dim.add(size=3)
    node.attr["empty"].list.SetInParent()
    return graph


def test_every_kind_of_attribute_is_as_protobuf_writes_it() -> None:
    from google.protobuf import json_format

    graph = official()
    expected = json_format.MessageToDict(graph)
    for node in expected["node"]:
        if "value" in node.get("attr", {}):
            del node["attr"]["value"]["tensor"]["tensorContent"]  # lies with the weights
    assert graph_def.topology(graph.SerializeToString()) == expected


def test_functions_have_their_names_and_nodes() -> None:
    graph = official()
    function = graph.library.function.add()
    function.signature.name = "body"
    function.node_def.add(name="z", op="Relu", input=["x"])
    found = graph_def.topology(graph.SerializeToString())
    nodes = [{"name": "z", "op": "Relu", "input": ["x"]}]
    assert found["library"] == {"function": [{"signature": {"name": "body"}, "nodeDef": nodes}]}


NODE = field(1, field(1, b"x") + field(2, b"Relu"))
NODES = field(3, b"")  # one of a function
ATTRIBUTE = field(1, b"a")


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (NODE * 20_001, "more than 20,000 operations"),
        (field(2, field(1, NODES * 9_000) * 18), "more than 160,000 operations and functions"),
        (field(1, field(5, ATTRIBUTE + field(2, field(3, b"1")))), "another kind than it says"),
        (field(1, field(5, ATTRIBUTE + field(2, varint(2 << 3) + b"\1"))), "another kind"),
        (field(1, field(5, ATTRIBUTE + field(2, varint(6 << 3) + varint(77)))), "the dtype 77"),
        (field(1, b"\x0f"), "no protobuf"),
    ],
)
def test_what_is_no_graph_is_refused_with_a_sentence(content: bytes, words: str) -> None:
    with pytest.raises(ValueError, match=words):
        graph_def.topology(content)


GRAPH = NODE + field(1, field(5, ATTRIBUTE + field(2, field(1, field(3, b"\1\2")))))


@given(at=st.integers(0, len(GRAPH) - 1), byte=st.integers(0, 255))
def test_a_graph_with_a_wrong_byte_is_read_or_refused(at: int, byte: int) -> None:
    try:
        found = graph_def.topology(GRAPH[:at] + bytes([byte]) + GRAPH[at + 1 :])
    except ValueError:
        return
    assert isinstance(found["node"], list)
