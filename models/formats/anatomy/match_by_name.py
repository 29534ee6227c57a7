"""Operations named after a layer, or that take constants named after it."""

from __future__ import annotations

from models.formats.anatomy.layers import is_idle
from models.formats.anatomy.parts import Anatomy


def traces(layers: Anatomy, graph: Anatomy) -> dict[str, tuple[str, ...]]:
    """Each layer's operations by the scopes in their names, for layers that have any.

    A constant counts for the first operation that takes it: equal constants of several layers,
    such as biases that are all zero, are stored once.
    """
    known = {layer.name for layer in layers}
    operations: dict[str, list[str]] = {}
    seen: set[str] = set()
    for part in graph:
        owners = [_owner(part.name, layers.name, known)]
        for weight in part.floats:
            if weight.name not in seen:
                owners.append(_owner(weight.name, layers.name, known))
                seen.add(weight.name)
        for owner in dict.fromkeys(owners):
            if owner is not None:
                operations.setdefault(owner, []).append(part.name)
    idle = {layer.name for layer in layers if is_idle(layer) and layer.inputs}
    return {owner: tuple(parts) for owner, parts in operations.items() if owner not in idle}


def _owner(name: str, model: str, layers: set[str]) -> str | None:
    """The layer that a name such as ``StatefulPartitionedCall/model/conv1/Conv2D`` belongs to."""
    scopes = name.split("/")
    if model in scopes[:-1]:
        scopes = scopes[scopes.index(model) + 1 :]
    return next((scope for scope in scopes if scope in layers), None)
