"""What can be taken out of a graph, and what cannot."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from models.bisect.bug_report import cut_graph


def node(name: str, *inputs: str) -> dict[str, object]:
    return {"name": name, "op": "Identity", "input": list(inputs), "attr": {}}


def test_a_loop_is_not_followed_without_end(tmp_path: Path) -> None:
    nodes = [
        node("first"),
        node("merge", "first", "next"),
        node("next", "merge"),
        node("out", "merge"),
    ]
    topology = {"modelTopology": {"node": nodes}, "weightsManifest": []}
    path = tmp_path / "model.json"
    path.write_text(json.dumps(topology), "utf-8")
    with pytest.raises(ValueError, match="computed in a loop"):
        cut_graph.cut_out(path, "out", ["first"])
