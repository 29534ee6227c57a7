"""The tables that a graph looks numbers up in, as an Embedding does with words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

_LOOKS_UP = ("Gather", "GatherV2", "ResourceGather")
_PASSES_ON = ("Cast", "Identity", "Reshape", "ExpandDims", "Squeeze")


class WordTables:
    """Those of a graph with these ``nodes``, by name, and constants of these ``shapes``."""

    def __init__(self, nodes: Mapping[str, Any], shapes: Mapping[str, Sequence[int]]) -> None:
        self._nodes, self._shapes = nodes, shapes
        self._takers: dict[str, list[str]] = {}  # the numbers are the first or second input
        for name, node in nodes.items():
            for source in dict.fromkeys(map(operation, node.get("input", [])[:2])):
                self._takers.setdefault(source, []).append(name)

    def rows(self, start: str) -> int | None:
        """The rows of the table that an operation's numbers are looked up in, None for none."""
        known, waiting = {start}, [start]
        while waiting:
            source = waiting.pop()
            for name in self._takers.get(source, ()):
                node = self._nodes[name]
                inputs = list(map(operation, node["input"][:2]))
                if node.get("op") in _LOOKS_UP and inputs[1:] == [source]:
                    shape = self._shapes.get(constant(inputs[0], self._nodes), ())
                    return shape[0] if len(shape) == 2 else None
                if node.get("op") in _PASSES_ON and name not in known:
                    known.add(name)
                    waiting.append(name)
        return None


def constant(name: str, nodes: Mapping[str, Any]) -> str:
    """What an Identity of a constant is of."""
    node = nodes.get(name, {})
    is_read = node.get("op") == "Identity" and node.get("input")
    return operation(node["input"][0]) if is_read else name


def operation(source: Any) -> str:
    """The name of the operation that gives what another one takes."""
    return str(source).partition(":")[0].lstrip("^")
