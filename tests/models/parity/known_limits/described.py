"""Short words for tiny descriptions."""

from __future__ import annotations

import base64
from typing import Any

from models.formats.architecture.description import Description, of_graph, of_layers


def layer(kind: str, name: str = "it", **config: Any) -> dict[str, Any]:
    return {"class_name": kind, "config": {"name": name} | config}


def picture(*sizes: int) -> dict[str, Any]:
    return layer("InputLayer", "in", batch_input_shape=[None, *(sizes or (28, 28, 1))])


def rows() -> dict[str, Any]:
    return picture(28, 28)


def chain(*layers: dict[str, Any], keras: int = 2) -> Description:
    model = {"class_name": "Sequential", "config": {"name": "m", "layers": list(layers)}}
    return of_layers("keras", model, f"{keras}.1.0")


def in_chain(*layers: dict[str, Any]) -> Description:
    """The layers behind a picture."""
    return chain(picture(), *layers)


def node(kind: str, *inputs: str, name: str = "it", **attributes: Any) -> dict[str, Any]:
    attr = {key: _attribute(value) for key, value in attributes.items()}
    return {"name": name, "op": kind, "input": list(inputs), "attr": attr}


def graph(*nodes: dict[str, Any], **constants: list[int]) -> Description:
    weights = [{"name": name, "shape": shape} for name, shape in constants.items()]
    return of_graph({"node": list(nodes)}, [{"paths": [], "weights": weights}])


def _attribute(value: Any) -> dict[str, Any]:
    if isinstance(value, str):
        return {"s": base64.b64encode(value.encode()).decode()}
    if isinstance(value, list) and value and isinstance(value[0], str):
        return {"list": {"s": [base64.b64encode(each.encode()).decode() for each in value]}}
    return {"b": value} if isinstance(value, bool) else {"list": {"i": list(map(str, value))}}
