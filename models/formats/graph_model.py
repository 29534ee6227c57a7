"""A TensorFlow.js graph model → a TensorFlow GraphDef that TensorFlow itself can run.

The converter stores the graph as JSON, its constants in shards, and some operations fused in ways
that only TensorFlow.js knows. Here the constants go back in and those operations come apart again.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from models.errors import ModelError
from models.formats import graph_ends, safety
from models.formats.architecture import stored as stored_files
from models.formats.model_json import read_weights, signature
from models.formats.tensors import Tensor
from models.storage import plain_files

# fused operation of TensorFlow.js → (operation of TensorFlow, what TensorFlow can fuse with it)
_KNOWN = {(b"BiasAdd",), (b"BiasAdd", b"Relu"), (b"BiasAdd", b"Relu6"), (b"BiasAdd", b"Elu")}
_FUSED: dict[str, tuple[str, set[tuple[bytes, ...]]]] = {
    "_FusedConv2D": ("Conv2D", _KNOWN | {(b"Relu",), (b"Relu6",), (b"Elu",)}),
    "_FusedMatMul": ("MatMul", _KNOWN),
    "FusedDepthwiseConv2dNative": ("DepthwiseConv2dNative", set()),
}


@dataclass(frozen=True)
class Graph:
    """``definition`` is a tensorflow.GraphDef with its constants. Its inputs and outputs are names
    of tensors, by what the signature calls them.
    """

    definition: Any
    inputs: Mapping[str, str]
    outputs: Mapping[str, str]


def ends(
    graph: Graph, takes: Sequence[Tensor], gives: Sequence[Tensor]
) -> tuple[list[str], list[str]]:
    """The names of the graph's tensors in the order of the model's inputs, and of its outputs.

    They are found by name, as the converter keeps what Keras calls them, else by their place.
    Without ``gives``, a manifest of an older version, one output is expected. Raises ValueError, in
    words, where the numbers differ.
    """
    sides = (("input", graph.inputs, takes), ("output", graph.outputs, gives))
    found = [graph_ends.in_order(what, there, wanted) for what, there, wanted in sides]
    return found[0], found[1]


def read(path: Path) -> Graph:
    """The graph model of a ``model.json``. Raises ModelError when it may not or cannot be read."""
    safety.check(path)
    from google.protobuf import json_format
    from tensorflow.core.framework import graph_pb2

    try:
        stored = stored_files.of_json(path).whole or {}
        topology = stored["modelTopology"]
        if "node" not in topology:
            raise ValueError("it holds no graph; is it a layers model?")
        weights = read_weights(stored["weightsManifest"], path.parent)
        definition = json_format.ParseDict(topology, graph_pb2.GraphDef())
        inputs, outputs = _ends(stored, definition)
        constants = {name: each.value for name, each in weights.items()}
        _without_control_inputs(definition, {name.partition(":")[0] for name in inputs.values()})
        nodes = [new for node in definition.node for new in _runnable(node, constants)]
        for function in definition.library.function:  # the bodies of loops and branches
            for node in function.node_def:
                if node.op == "Const":
                    _constant(node, constants)
    except Exception as error:  # protobuf and TensorFlow raise many kinds
        raise ModelError(
            f"The graph model {path} cannot be read ({type(error).__name__}: "
            f"{plain_files.line(error)}). "
            "Convert the model again with `digit-parity convert`."
        ) from error
    runnable = graph_pb2.GraphDef(node=nodes, versions=definition.versions)
    runnable.library.CopyFrom(definition.library)
    return Graph(runnable, inputs, outputs)


def _ends(
    stored: Mapping[str, Any], definition: Any
) -> tuple[Mapping[str, str], Mapping[str, str]]:
    """Names of the inputs' and outputs' tensors; without a signature the graph's own ends."""
    if named := signature(stored):
        return named
    consumed = {name.split(":")[0].lstrip("^") for node in definition.node for name in node.input}
    placeholders = [node.name for node in definition.node if node.op.startswith("Placeholder")]
    ends = [node.name for node in definition.node if node.name not in consumed]
    inputs, outputs = ({name: f"{name}:0" for name in side} for side in (placeholders, ends))
    return inputs, outputs


def _without_control_inputs(definition: Any, inputs: set[str]) -> None:
    """Let nothing wait for an input of the graph.

    Converters up to 2.0 made each constant wait for the placeholder. A fed tensor takes the
    placeholder's place, so TensorFlow would wait for what never comes.
    """
    unneeded = {f"^{name}" for name in inputs}
    for node in definition.node:
        if not unneeded.isdisjoint(node.input):
            node.input[:] = [each for each in node.input if each not in unneeded]


def _runnable(node: Any, constants: Mapping[str, Any]) -> Iterator[Any]:
    """The TensorFlow nodes that compute what ``node`` computes in TensorFlow.js."""
    if node.op == "Const":
        yield _constant(node, constants)
    elif node.op == "Prelu":
        yield from _prelu(node.name, node.input[0], node.input[1])
    elif node.op in _FUSED:
        base, fusable = _FUSED[node.op]
        if tuple(node.attr["fused_ops"].list.s) in fusable and not _adds_matrix(node, constants):
            yield _with_argument_types(node)
        else:
            yield from _unfused(node, base)
    else:
        yield node


def _constant(node: Any, constants: Mapping[str, Any]) -> Any:
    from tensorflow import as_dtype, make_tensor_proto

    if node.name not in constants:
        raise ValueError(f"the weights of {node.name} are missing")
    dtype = as_dtype(node.attr["dtype"].type)
    value = constants[node.name]
    node.attr["value"].tensor.CopyFrom(make_tensor_proto(value, dtype, value.shape))
    return node


def _with_argument_types(node: Any) -> Any:
    """Add ``TArgs``, which TensorFlow requires and converter 1.x did not write."""
    if not node.attr["TArgs"].list.type:
        types = [node.attr["T"].type] * node.attr["num_args"].i
        node.attr["TArgs"].list.type.extend(types)
    return node


def _adds_matrix(node: Any, constants: Mapping[str, Any]) -> bool:
    """Whether a fused matrix product may add something else than a vector to every row.

    The converter also writes the sum of two products so, in an LSTM; TensorFlow refuses it.
    """
    if node.op != "_FusedMatMul" or b"BiasAdd" not in node.attr["fused_ops"].list.s:
        return False
    bias = constants.get(node.input[2])
    return bias is None or bias.ndim != 1


def _unfused(node: Any, base: str) -> Iterator[Any]:
    """``base``, then what was fused into it, one by one; the last takes the node's name."""
    steps = [step.decode() for step in node.attr["fused_ops"].list.s if step != b"NoOp"]
    extra = iter(node.input[2:])
    names = [f"{node.name}/{base}", *(f"{node.name}/{step}" for step in steps)]
    names[-1] = node.name
    first = _new(names[0], base, *node.input[:2])
    for key in _ATTRIBUTES[base]:
        if key in node.attr:
            first.attr[key].CopyFrom(node.attr[key])
    yield first
    for last, name, step in zip(names, names[1:], steps, strict=False):
        if step == "Prelu":
            yield from _prelu(name, last, next(extra))
        elif step == "BiasAdd":
            # AddV2 gives the same, and takes a bias of any shape.
            yield _new(name, "AddV2", last, next(extra))
        elif step == "LeakyRelu":
            leaky = _new(name, step, last)
            leaky.attr["alpha"].f = node.attr["leakyrelu_alpha"].f
            yield leaky
        else:
            yield _new(name, step, last)


_CONVOLUTION = ("T", "strides", "padding", "explicit_paddings", "data_format", "dilations")
_ATTRIBUTES = {
    "Conv2D": _CONVOLUTION,
    "DepthwiseConv2dNative": _CONVOLUTION,
    "MatMul": ("T", "transpose_a", "transpose_b"),
}


def _prelu(name: str, source: str, alpha: str) -> Iterator[Any]:
    """f(x) = relu(x) + alpha · (x − relu(x)): exact on both sides of zero."""
    yield _new(f"{name}/positive", "Relu", source)
    yield _new(f"{name}/negative", "Sub", source, f"{name}/positive")
    yield _new(f"{name}/scaled", "Mul", alpha, f"{name}/negative")
    yield _new(name, "AddV2", f"{name}/positive", f"{name}/scaled")


def _new(name: str, op: str, *inputs: str) -> Any:
    from tensorflow.core.framework import node_def_pb2, types_pb2

    node = node_def_pb2.NodeDef(name=name, op=op, input=inputs)
    node.attr["T"].type = types_pb2.DT_FLOAT
    return node
