"""A graph model → its operations, with the constants that each is given."""

from __future__ import annotations

import base64
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from models.errors import ModelError
from models.formats import safety
from models.formats.anatomy import control_flow
from models.formats.anatomy.feeds import is_input
from models.formats.anatomy.parts import Anatomy, Part, in_order
from models.formats.architecture import stored as stored_files
from models.formats.model_json import read_weights, signature
from models.storage import plain_files

# These only hand on their input, or order execution; here they do not count as operations.
_PASSED_OVER = frozenset({"Identity", "IdentityN", "StopGradient", "NoOp", "PreventGradient"})
_NO_PART = frozenset({"Const", control_flow.BACK})  # a loop's first round needs no other before it
_SETTINGS = (
    "strides",
    "padding",
    "dilations",
    "ksize",
    "fused_ops",
    "leakyrelu_alpha",
    "alpha",
    "epsilon",
)


def read_graph(path: Path) -> Anatomy:
    """The operations of a graph model's ``model.json``; constants belong to what takes them.

    Raises ModelError when it cannot be read.
    """
    safety.check(path)
    try:
        stored = stored_files.of_json(path).whole or {}
        nodes = {str(node["name"]): node for node in stored["modelTopology"]["node"]}
        weights = read_weights(stored["weightsManifest"], path.parent)
        hidden = control_flow.hidden(nodes)
        parts: dict[str, Part] = {}
        for name, node in nodes.items():
            if node["op"] in _NO_PART or node["op"] in _PASSED_OVER:
                continue
            sources = [_source(each, nodes) for each in node.get("input", ()) if each[0] != "^"]
            parts[name] = Part(
                name,
                str(node["op"]),
                tuple(dict.fromkeys(each for each in sources if nodes[each]["op"] not in _NO_PART)),
                tuple(weights[each] for each in sources if nodes[each]["op"] == "Const"),
                _settings(node.get("attr", {})),
                name in hidden,
            )
        outputs, inputs = _outputs(stored, nodes, parts), _inputs(stored, parts)
        return Anatomy("graph", "", in_order(parts), outputs, inputs)
    except (OSError, ValueError, KeyError, TypeError, AttributeError, IndexError) as error:
        raise ModelError(
            f"The graph model {path} cannot be taken apart ({type(error).__name__}: "
            f"{plain_files.line(error)})."
        ) from error


def _source(tensor: str, nodes: Mapping[str, Any]) -> str:
    """The operation or constant behind a tensor, past those that only hand it on."""
    name = tensor.partition(":")[0]
    while nodes[name]["op"] in _PASSED_OVER and nodes[name].get("input"):
        name = nodes[name]["input"][0].partition(":")[0]
    return name


def _outputs(
    stored: Mapping[str, Any], nodes: Mapping[str, Any], parts: Mapping[str, Part]
) -> tuple[str, ...]:
    """The outputs by the signature; without one, the operations whose output nothing takes."""
    if named := signature(stored):
        return tuple(_source(each, nodes) for each in named[1].values())
    used = {each for part in parts.values() for each in part.inputs}
    return tuple(name for name in parts if name not in used)


def _inputs(stored: Mapping[str, Any], parts: Mapping[str, Part]) -> dict[str, str]:
    """The placeholders, by what the signature calls them."""
    if named := signature(stored):
        return {name: tensor.partition(":")[0] for name, tensor in named[0].items()}
    return {name: name for name, part in parts.items() if is_input(part)}


def _settings(attributes: Mapping[str, Any]) -> dict[str, Any]:
    """The attributes that say what is computed, out of protobuf's JSON."""
    return {name: _plain(attributes[name]) for name in _SETTINGS if name in attributes}


def _plain(value: Mapping[str, Any]) -> Any:
    if "list" in value:
        entries = value["list"]
        texts = [base64.b64decode(each).decode() for each in entries.get("s", ())]
        return tuple(texts or map(int, entries.get("i", ())))
    if "s" in value:
        return base64.b64decode(value["s"]).decode()
    return float(value["f"]) if "f" in value else None
