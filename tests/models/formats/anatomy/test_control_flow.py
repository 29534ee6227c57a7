"""What lies within a loop or a branch of a graph is told from what lies around it."""

from __future__ import annotations

import pytest

from models.formats import anatomy
from models.formats.anatomy.control_flow import hidden


def nodes(*lines: str) -> dict[str, dict[str, object]]:
    """Nodes of a model.json, each of a line "name Operation inputs"."""
    words = (line.split() for line in lines)
    return {name: {"op": kind, "input": sources} for name, kind, *sources in words}


LOOP = (
    "pixels Placeholder",
    "in Enter pixels",
    "round Merge in again",
    "enough Less round",
    "go LoopCond enough",
    "choice Switch round go",
    "body Relu choice:1",
    "again NextIteration body",
    "out Exit choice",
    "after Softmax out",
)
BRANCH = (
    "pixels Placeholder",
    "which All pixels",
    "choice Switch pixels which",
    "pivot Identity choice:1",
    "zero Const ^pivot",
    "filled Fill zero",
    "small Relu choice",
    "one Merge filled small",
    "after Softmax one",
)


@pytest.mark.parametrize(
    ("graph", "within"),
    [
        (LOOP, {"in", "round", "enough", "go", "choice", "body", "again"}),
        (BRANCH, {"choice", "pivot", "zero", "filled", "small"}),
        (("pixels Placeholder", "kernel Const", "sum AddV2 pixels:0 kernel"), set()),
    ],
    ids=["loop", "branch", "neither"],
)
def test_a_loop_and_a_branch_hide_what_they_compute_and_nothing_else(graph, within):
    assert hidden(nodes(*graph)) == within


def test_a_branch_within_a_loop_does_not_end_the_loop():
    inner = ("asks Switch choice:1 enough", "both Merge asks asks:1", "body Relu both")
    graph = [line for line in LOOP if not line.startswith("body")]
    found = hidden(nodes(*graph, *inner))
    assert {"both", "body"} <= found
    assert {"out", "after"}.isdisjoint(found)


def test_a_circle_that_is_no_loop_is_refused():
    with pytest.raises(ValueError, match="never computed"):
        hidden(nodes("a Relu b", "b Relu a"))


def test_a_graph_with_a_loop_is_taken_apart_in_the_order_of_its_first_round(looped):
    graph = anatomy.read(looped, "graph")
    order = [part.kind for part in graph]
    assert order.index("Enter") < order.index("LoopCond") < order.index("Exit")
    assert {part.kind for part in graph if part.hidden} >= {"Enter", "LoopCond", "Switch"}
    assert not graph[graph.outputs[0]].hidden
