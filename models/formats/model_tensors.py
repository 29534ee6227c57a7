"""What a model takes and gives, read from its files: nothing of it is loaded.

A graph says it in its signature, or else in its placeholders; Keras's layers in their input layers.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from models.errors import ModelError
from models.formats.architecture import layer_inputs, reader, stored
from models.formats.architecture.stored import Stored
from models.formats.architecture.word_tables import WordTables, constant, operation
from models.formats.tensors import LARGEST, MOST, Tensor
from models.storage import plain_files
from models.storage.plain_files import shown

_DTYPES = {
    "DT_FLOAT": "float32",
    "DT_DOUBLE": "float64",
    "DT_HALF": "float16",
    "DT_INT32": "int32",
    "DT_INT64": "int64",
    "DT_UINT8": "uint8",
    "DT_BOOL": "bool",
}
_UNKNOWN = (None,)  # the shape of an output that the file does not say
_BY_NUMBER = (
    *("Softmax", "LogSoftmax", "Sigmoid", "Relu", "Relu6", "Tanh", "Identity"),
    *("BiasAdd", "Add", "AddV2"),
)
_MOST_STEPS = 10  # between the last product and an output


@dataclass(frozen=True)
class Ends:
    """The tensors that a model takes, and gives, in its own order.

    Of an output whose shape the file does not say the shape is ``(None,)``; of layers only the
    inputs are known before they are loaded, and ``outputs`` is empty.
    """

    inputs: tuple[Tensor, ...]
    outputs: tuple[Tensor, ...] = ()


def read(path: Path) -> Ends:
    """What the model at ``path`` takes and gives, a file or a folder of any kind.

    Raises ModelError where it does not say so, or takes what is no array of numbers.
    """
    try:
        return of_stored(stored.read(path))
    except reader.UNREADABLE as error:
        why = plain_files.line(error).rstrip(".")
        if why.startswith("takes "):
            raise ModelError(f"{path} {why}.") from error
        raise ModelError(f"{path} does not say what it takes: {why}.") from error


def of_stored(found: Stored) -> Ends:
    """The same of what its file says. Raises ValueError, in words."""
    if found.format == "graph" or found.kind == "exported":
        return of_graph(found.model, found.whole or {})
    return Ends(_checked(layer_inputs.inputs(found.model)))


def of_graph(topology: Mapping[str, Any], whole: Mapping[str, Any]) -> Ends:
    """The tensors of a graph's ``modelTopology``; ``whole`` is the model.json that it is in.

    Raises ValueError, in words.
    """
    nodes = {str(each["name"]): each for each in topology.get("node", [])}
    said = whole.get("signature") or whole.get("userDefinedMetadata", {}).get("signature")
    if not said:
        inputs = {name: node for name, node in nodes.items() if node.get("op") == "Placeholder"}
        ends = _ends(nodes)
        given = {name: {"name": name} | _said(node) for name, node in inputs.items()}
        return _of_ends(given, {name: {"name": name} for name in ends}, nodes, whole)
    return _of_ends(said.get("inputs", {}), said.get("outputs", {}), nodes, whole)


def _of_ends(
    inputs: Mapping[str, Any],
    outputs: Mapping[str, Any],
    nodes: Mapping[str, Any],
    whole: Mapping[str, Any],
) -> Ends:
    shapes = _shapes(whole.get("weightsManifest", []))
    tables, takes = WordTables(nodes, shapes), []
    for key, each in inputs.items():
        if "resourceId" in each:  # a table, which the model's own start fills
            continue
        node = str(each["name"]).partition(":")[0]
        placeholder = _said(nodes.get(node, {}))
        tensor = _tensor(key, placeholder | _known(each))
        takes.append(replace(tensor, values=tables.rows(node)))
    gives = [_output(key, each, nodes, shapes) for key, each in outputs.items()]
    return Ends(_checked(takes), tuple(gives))


def _said(node: Mapping[str, Any]) -> dict[str, Any]:
    """What a placeholder says of itself, as a signature would."""
    attributes = node.get("attr", {})
    said: dict[str, Any] = {}
    if isinstance(kind := attributes.get("dtype", {}).get("type"), str):
        said["dtype"] = kind
    if isinstance(shape := attributes.get("shape", {}).get("shape"), Mapping):
        said["tensorShape"] = shape
    return said


def _known(said: Mapping[str, Any]) -> dict[str, Any]:
    """A signature's entry without a shape that it does not know."""
    shape = said.get("tensorShape")
    unknown = not isinstance(shape, Mapping) or shape.get("unknownRank")
    return {key: value for key, value in said.items() if not (unknown and key == "tensorShape")}


def _tensor(name: str, said: Mapping[str, Any]) -> Tensor:
    shape = said.get("tensorShape")
    if not isinstance(shape, Mapping) or shape.get("unknownRank"):
        raise ValueError(
            f"its input {shown(name)} has a shape that nothing says. Give the original, too, or "
            "the layers model"
        )
    sizes = _sizes(shape)
    if not sizes:
        raise ValueError(
            f"takes a single number as {shown(name)}, not one for each input: save the model with "
            "that number as a constant"
        )
    kind = str(said.get("dtype"))
    known = "string" if kind == "DT_STRING" else _DTYPES.get(kind, kind)
    return Tensor(name, sizes[1:], layer_inputs.dtype(name, known), batch=sizes[0])


def _output(
    name: str,
    said: Mapping[str, Any],
    nodes: Mapping[str, Any],
    shapes: Mapping[str, Sequence[int]],
) -> Tensor:
    shape = said.get("tensorShape")
    sizes = _sizes(shape) if isinstance(shape, Mapping) and not shape.get("unknownRank") else ()
    kind = _DTYPES.get(str(said.get("dtype")), "float32")
    return Tensor(name, sizes[1:] or _product(operation(said["name"]), nodes, shapes), kind)


def _product(
    name: str, nodes: Mapping[str, Any], shapes: Mapping[str, Sequence[int]]
) -> tuple[int | None, ...]:
    """The shape of what an operation gives, where that is a product with a matrix, or comes from
    one number by number: converters before 1.3 wrote no signature.
    """
    for _ in range(_MOST_STEPS):
        node = nodes.get(name, {})
        inputs = [operation(each) for each in node.get("input", [])]
        if node.get("op") in ("MatMul", "_FusedMatMul") and len(inputs) > 1:
            matrix = shapes.get(constant(inputs[1], nodes), ())
            is_turned = node.get("attr", {}).get("transpose_b", {}).get("b")
            return (matrix[0 if is_turned else 1],) if len(matrix) == 2 else _UNKNOWN
        if node.get("op") not in _BY_NUMBER or not inputs:
            break
        name = inputs[0]
    return _UNKNOWN


def _sizes(shape: Mapping[str, Any]) -> tuple[int | None, ...]:
    sizes = (str(each.get("size", "")) for each in shape.get("dim", []))
    return tuple(int(size) if size.isascii() and size.isdigit() else None for size in sizes)


def _ends(nodes: Mapping[str, Any]) -> list[str]:
    """The operations that no other takes."""
    taken = {operation(source) for node in nodes.values() for source in node.get("input", [])}
    return [
        name
        for name, node in nodes.items()
        if name not in taken and node.get("op") not in ("Const", "NoOp", "Placeholder")
    ]


def _shapes(manifest: Any) -> dict[str, Sequence[int]]:
    return {str(each["name"]): each["shape"] for group in manifest for each in group["weights"]}


def _checked(tensors: Iterator[Tensor] | Sequence[Tensor]) -> tuple[Tensor, ...]:
    """The same. Raises ValueError for inputs that nothing could fill."""
    found = tuple(tensors)
    if not 1 <= len(found) <= MOST:
        raise ValueError(f"takes {len(found)} inputs; from 1 to {MOST} are possible")
    for each in found:
        size = math.prod(1 if side is None else side for side in each.shape)
        if not 1 <= size <= LARGEST:
            raise ValueError(
                f"takes {size:,} values as {shown(each.name)}; {LARGEST:,} are the most"
            )
    return found
