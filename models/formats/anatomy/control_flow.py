"""Loops and branches of a graph: which operations have no output of their own to show.

Within a loop an operation runs once a round, in the branch that is not taken it never runs; no
runtime hands out what it gives. Loops and branches that are stored as functions hide theirs anyway.
"""

from __future__ import annotations

from collections.abc import Mapping
from graphlib import CycleError, TopologicalSorter
from typing import Any

BACK = "NextIteration"  # leads from the end of a loop's round to the beginning of the next


def hidden(nodes: Mapping[str, Any]) -> set[str]:
    """The names of the nodes of a graph that lie within a loop or a branch.

    ``nodes`` are those of a model.json, by name. Raises ValueError for a circle that is no loop,
    KeyError when an input is missing.
    """
    sources = {name: _sources(node, nodes) for name, node in nodes.items()}
    try:
        ordered = tuple(TopologicalSorter(sources).static_order())
    except CycleError as error:
        raise ValueError(f"the inputs of {error.args[1][0]} are never computed") from error
    depth: dict[str, int] = {}  # how many loops and branches a node's output lies within
    for name in ordered:
        kinds = {str(nodes[each]["op"]) for each in sources[name]}
        around = max((depth[each] for each in sources[name]), default=0)
        depth[name] = max(0, around + _step(str(nodes[name]["op"]), kinds))
    return {name for name, deep in depth.items() if deep}


def _sources(node: Mapping[str, Any], nodes: Mapping[str, Any]) -> list[str]:
    """The nodes that have to run first, those that only order execution included."""
    names = (each.lstrip("^").partition(":")[0] for each in node.get("input", ()))
    return [name for name in names if nodes[name]["op"] != BACK]


def _step(kind: str, sources: set[str]) -> int:
    """How much deeper than its inputs the output of an operation of this kind lies."""
    if kind in ("Enter", "Switch"):
        return 0 if "LoopCond" in sources else 1
    if kind in ("Exit", "Merge"):
        return 0 if "Enter" in sources else -1
    return 0
