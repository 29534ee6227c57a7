"""What pages call the versions of a model: what it is, not where it is listed.

"Lane" and its written form, ``graph @ tfjs/wasm``, are words of code and of the command line.
"""

from __future__ import annotations

from models.lanes import YARDSTICK, Lane


def short(lane: Lane) -> str:
    """Where a page has one backend: "graph, browser", "layers float16, server", "Keras, server"."""
    return f"{form(lane)}, {'browser' if lane.in_browser else 'server'}"


def on_backend(lane: Lane) -> str:
    """Where backends are compared: "graph on wasm", "Keras on the server"."""
    if lane == YARDSTICK:
        return "LiteRT on the server"
    where = lane.runtime.removeprefix("tfjs/") if lane.in_browser else "the server"
    return f"{form(lane)} on {where}"


def form(lane: Lane) -> str:
    """How a version is stored: "graph", "layers uint8", "Keras"."""
    stored = "" if lane.weights == "float32" else f" {lane.weights}"
    return f"{'Keras' if lane.format == 'keras' else lane.format}{stored}"
