"""Files for Model Explorer (google-ai-edge/model-explorer), in which graphs are looked at.

``node_data`` is its format of figures by which nodes are coloured, "custom node data" in its words:
``ModelNodeData`` of its Python package. ``graph`` is its format of graphs, ``GraphCollection``: it
opens a graph model of TensorFlow.js as it is, and no layers model, which is written anew.
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from models.bisect.bisection import Bisection
from models.bisect.layer_difference import LayerDifference
from models.formats.anatomy import Anatomy, Part

GRAPH_ID = "default"  # what Model Explorer calls the graph of a model.json of TensorFlow.js
NO_NUMBER = {"bgColor": "#b3261e", "textColor": "#ffffff"}
# The share of the tolerance up to which a node has the colour: from "the same" to beyond it.
_COLOURS = ((0.0, "#ffffff"), (0.01, "#d9f2e3"), (0.1, "#9fdcb9"), (1.0, "#57b881"))
_BEYOND = ((10.0, "#ffd98a"), (100.0, "#f59e5b"), (math.inf, "#d64541"))
_LARGEST = 1e308  # JSON has no infinity


def node_data(bisections: Iterable[Bisection], rtol: float) -> str:
    """How far each operation or layer of a format is from the original: the largest difference of
    all places where the format ran, as a share of the layer's largest value.

    White is the same, green within the tolerance ``rtol``, yellow to red beyond; dark red are
    values that cannot be compared, whose value is the reason.
    """
    results: dict[str, dict[str, Any]] = {}
    for row in (row for each in bisections for row in each.differences):
        if row.part not in results or _farther(row, results[row.part]["value"]):
            results[row.part] = _result(row)
    thresholds = [
        {"value": min(share * rtol, _LARGEST), "bgColor": colour}
        for share, colour in (*_COLOURS, *_BEYOND)
    ]
    return _json({GRAPH_ID: {"results": results, "thresholds": thresholds}})


def _result(row: LayerDifference) -> dict[str, Any]:
    if math.isfinite(row.relative):
        return {"value": row.relative}
    return {"value": row.problem or "no number to compare with", **NO_NUMBER}


def _farther(row: LayerDifference, known: float | str) -> bool:
    """Whether a row is farther from the original than what is known; no number is farthest."""
    if isinstance(known, str):
        return False
    return not math.isfinite(row.relative) or row.relative > known


def graph(anatomy: Anatomy, shapes: Mapping[str, str]) -> str:
    """The layers, or operations, as a graph under the names that ``node_data`` has."""
    nodes = [_node(part, shapes.get(part.name, "")) for part in anatomy]
    label = anatomy.name or f"{anatomy.format} model"
    return _json({"label": label, "graphs": [{"id": GRAPH_ID, "nodes": nodes}]})


def _node(part: Part, shape: str) -> dict[str, Any]:
    around, _, last = part.name.rpartition("/")
    facts = {"parameters": f"{part.parameters:,}", "gives": shape}
    outputs = [("tensor_name", part.name), ("shape", shape)]
    return {
        "id": part.name,
        "label": f"{last} · {part.kind}",
        "namespace": around,
        "attrs": _pairs(facts.items()),
        "incomingEdges": [
            {"sourceNodeId": name, "sourceNodeOutputId": "0", "targetNodeInputId": str(place)}
            for place, name in enumerate(part.inputs)
        ],
        "outputsMetadata": [{"id": "0", "attrs": _pairs(outputs)}],
    }


def _pairs(facts: Iterable[tuple[str, str]]) -> Sequence[dict[str, str]]:
    return [{"key": key, "value": value} for key, value in facts if value]


def _json(value: object) -> str:
    return json.dumps(value, indent=1, allow_nan=False)
