"""The operations of a graph model between given values and one that they lead to, by themselves."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from models.bisect.bug_report import channels
from models.bisect.bug_report.case import Axes, Cut, Operation, Values, Weights
from models.formats.architecture import stored as stored_files
from models.formats.model_json import Stored, read_stored

Nodes = Mapping[str, Mapping[str, Any]]


def cut_out(path: Path, part: str, sources: Sequence[str]) -> Operation:
    """The operation ``part`` of a graph model's ``model.json``, fed with ``sources``.

    Raises ValueError, KeyError or OSError where it takes something else, too.
    """
    whole = stored_files.of_json(path).whole or {}
    topology = whole["modelTopology"]
    nodes = {str(node["name"]): node for node in topology["node"]}
    kept = _kept(nodes, part, sources)
    stored = read_stored(whole["weightsManifest"], path.parent)
    arrays = {name: stored[name] for name, node in kept.items() if node["op"] == "Const"}
    axes = _axes(kept, arrays)
    weights = [Weights(each, (axes or {}).get(name, {})) for name, each in arrays.items()]
    rest = {key: value for key, value in topology.items() if key != "node"}
    shown = {"versions": {"producer": 0}, **rest, "node": list(kept.values())}

    def built(_: Cut, __: Sequence[Values]) -> Mapping[str, Any]:
        return shown

    cuts = frozenset() if axes is None else _cuts(kept)
    return Operation("graph", built, weights, sources, part, cuts, list(_described(kept)))


def _kept(nodes: Nodes, part: str, sources: Sequence[str]) -> dict[str, Mapping[str, Any]]:
    """What leads from the sources to the part, in an order in which it can be computed."""
    kept: dict[str, Mapping[str, Any]] = {}
    waiting, begun = [(part, False)], set[str]()
    while waiting:
        name, ready = waiting.pop()
        if name in kept:
            continue
        if name in sources:
            kept[name] = _placeholder(nodes[name])
            continue
        node = nodes[name]
        taken = [each for each in node.get("input", ()) if each[0] != "^"]
        if ready or not taken:
            if node["op"].startswith("Placeholder"):
                raise ValueError(f"it takes the model's input {name}, too")
            kept[name] = {**node, "input": taken}
            continue
        if name in begun:  # what leads to it leads through it: one of TensorFlow's older loops
            raise ValueError("it is computed in a loop")
        begun.add(name)
        waiting.append((name, True))
        waiting += [(each.partition(":")[0], False) for each in reversed(taken)]
    return kept


def _placeholder(node: Mapping[str, Any]) -> Mapping[str, Any]:
    dtype = {"type": "DT_FLOAT"}
    if node["op"].startswith("Placeholder"):
        dtype = node.get("attr", {}).get("dtype", dtype)
    return {"name": node["name"], "op": "Placeholder", "attr": {"dtype": dtype}}


def _axes(kept: Nodes, arrays: Mapping[str, Stored]) -> dict[str, Axes] | None:
    """The axes of each constant; None where the operations cannot be cut."""
    operations = [node for node in kept.values() if node["op"] != "Const"]
    if not channels.operations_can(node["op"] for node in operations):
        return None
    ends, found = "in", dict[str, Axes]()
    for node in operations:
        for place, tensor in enumerate(node.get("input", ())):
            name = tensor.partition(":")[0]
            if name not in arrays:
                continue
            axes = channels.of_operation(node["op"], place, arrays[name].value, ends)
            if axes is None or channels.transposed(node) or found.get(name, axes) != axes:
                return None
            found[name] = axes
        ends = "out" if channels.makes_channels(node["op"]) else ends
    return found


def _cuts(kept: Nodes) -> frozenset[str]:
    heads = any(channels.makes_channels(node["op"]) for node in kept.values())
    return frozenset({"in", "1", "2", *(("out",) if heads else ())})


def _described(kept: Nodes) -> Iterator[tuple[str, str]]:
    """Each operation and its attributes."""
    for node in kept.values():
        if node["op"] in ("Const", "Placeholder"):
            continue
        yield str(node["op"]), str(node["name"])
        for name, value in sorted(node.get("attr", {}).items()):
            if not name.startswith("_"):  # what tools note for themselves
                yield f"  {name}", _plain(value)


def _plain(value: Any) -> str:
    """An attribute out of protobuf's JSON."""
    if not isinstance(value, Mapping):
        return json.dumps(value)
    if "list" in value:
        entries = value["list"]
        return ", ".join(_plain({kind: each}) for kind, many in entries.items() for each in many)
    if "s" in value:
        return base64.b64decode(value["s"]).decode("utf-8", "replace")
    return ", ".join(each if isinstance(each, str) else json.dumps(each) for each in value.values())
