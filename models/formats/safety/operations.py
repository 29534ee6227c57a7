"""Which operations a graph may have: those that compute, on tensors alone.

TensorFlow has others, which read and write files, open connections, call Python or end the process;
``operations.txt`` lists what is left of TensorFlow 2.21 without them. What TensorFlow does not have
at all is no danger: it cannot run, and TensorFlow.js runs nothing but its own operations.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from models.formats import model_limits
from models.storage.plain_files import is_line, shown

ALLOWED = frozenset(Path(__file__).with_name("operations.txt").read_text("utf-8").split())


class OperationError(ValueError):
    """A graph has an operation that reaches beyond its tensors."""

    def __init__(self, kind: str) -> None:
        super().__init__(
            f"has the operation {shown(kind)}, which is not on the list of those that only "
            "compute: it could reach files, the network, other processes or Python. Nothing of "
            "it is loaded. Convert the model again without it."
        )


def check(kinds: Iterable[str]) -> None:
    """Raise OperationError for the first operation that is not allowed and that TensorFlow has."""
    for kind in dict.fromkeys(kinds):
        if kind not in ALLOWED and _is_tensorflows(kind):
            raise OperationError(kind)


def of_topology(topology: Any) -> Iterator[str]:
    """The operations of a graph's nodes and of those of its functions, out of protobuf's JSON.

    Raises ValueError, in words, where it is no graph.
    """
    count = 0
    for name, group in _nodes(topology):
        for node in group:
            count += 1
            if not isinstance(node, Mapping) or not isinstance(node.get("op"), str):
                raise ValueError(f"has {name} that is no operation")
            if not is_line(str(node.get("name"))):
                raise ValueError(f"has the node {shown(node['name'])}, which cannot be printed")
            model_limits.check_parts(count, "operations")
            yield node["op"]


def _nodes(topology: Any) -> Iterator[tuple[str, list[Any]]]:
    if not isinstance(topology, Mapping):
        raise ValueError("has a graph that is no object")
    yield "a node", _list(topology.get("node", []), "nodes")
    library = topology.get("library") or {}
    if not isinstance(library, Mapping):
        raise ValueError("has a library that is no object")
    for function in _list(library.get("function", []), "functions"):
        if not isinstance(function, Mapping):
            raise ValueError("has a function that is no object")
        for key in ("nodeDef", "node_def"):  # protobuf's JSON may have either spelling
            yield "a function's node", _list(function.get(key, []), "a function's nodes")


def _list(value: Any, what: str) -> list[Any]:
    if value is None:
        return []
    if not isinstance(value, list):
        raise ValueError(f"has {what} that are no list")
    return value


def _is_tensorflows(kind: str) -> bool:
    """Whether the TensorFlow here has it; asked only for what is not on the list."""
    try:
        from tensorflow.python.framework import op_def_registry
    except ImportError:  # then nothing here runs it
        return True
    return op_def_registry.get(kind) is not None
