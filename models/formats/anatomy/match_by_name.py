"""Operations named after a layer, or that take constants named after it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from models.formats.anatomy.calls import path_of
from models.formats.anatomy.layers import is_idle
from models.formats.anatomy.parts import Anatomy, Part
from models.formats.anatomy.settings import ACTIVATIONS

_NUMBERED = re.compile(r"(.*?)_(\d+)")  # TensorFlow numbers the names of a layer's later calls

Owner = tuple[str, int]  # a layer's path, and the number in the operation's name, 0 without one


def traces(layers: Anatomy, graph: Anatomy) -> dict[str, tuple[str, ...]]:
    """Each layer's operations by the scopes in their names, for layers that have any.

    A constant counts for the first operation that takes it: equal constants of several layers,
    such as biases that are all zero, are stored once.
    """
    calls = _calls(layers)
    operations: dict[Owner, list[str]] = {}
    seen: set[str] = set()
    for part in graph:
        owners = [_owner(part.name, layers.name, calls)]
        for weight in part.floats:
            if weight.name not in seen:
                owners.append(_owner(weight.name, layers.name, calls))
                seen.add(weight.name)
        for owner in dict.fromkeys(owners):
            if owner is not None:
                operations.setdefault(owner, []).append(part.name)
    return {
        name: trace
        for path, parts in calls.items()
        for name, trace in _shared_out(path, parts, operations, graph)
        if trace and not (is_idle(layers[name]) and layers[name].inputs)
    }


def _calls(layers: Anatomy) -> dict[str, list[list[Part]]]:
    """The parts of each call of each layer, one, or two where its activation is a step."""
    calls: dict[str, dict[str, list[Part]]] = {}
    for part in layers:
        name = part.step_of or part.name
        calls.setdefault(path_of(name), {}).setdefault(name, []).append(part)
    return {path: list(each.values()) for path, each in calls.items()}


def _shared_out(
    path: str,
    calls: Sequence[Sequence[Part]],
    operations: dict[Owner, list[str]],
    graph: Anatomy,
) -> Iterator[tuple[str, tuple[str, ...]]]:
    """The operations of a layer as those of its calls, and of the steps of each."""
    numbered = {number: each for (name, number), each in operations.items() if name == path}
    every = sorted(
        {each for some in numbered.values() for each in some}, key=graph.order.__getitem__
    )
    clear = len(calls) > 1 and set(numbered) == set(range(len(calls)))
    for number, parts in enumerate(calls):
        # Where the names do not tell, the last call gives what all of them compute together.
        own = numbered[number] if clear else every
        *first, last = parts
        kind = ACTIVATIONS.get(str(last.settings.get("activation"))) if first else None
        ends = tuple(each for each in own if graph[each].kind == kind)
        for part in first:
            yield part.name, tuple(each for each in own if each not in ends)
        yield last.name, ends or tuple(own)


def _owner(name: str, model: str, layers: dict[str, list[list[Part]]]) -> Owner | None:
    """The layer that a name such as ``StatefulPartitionedCall/model/conv1/Conv2D`` belongs to."""
    scopes = name.split("/")
    if model in scopes[:-1]:
        scopes = scopes[scopes.index(model) + 1 :]
    for start in range(len(scopes)):
        for end in range(len(scopes), start, -1):
            path = "/".join(scopes[start:end])
            if path in layers:
                return path, _number(scopes[end]) if end < len(scopes) else 0
            numbered = _NUMBERED.fullmatch(path)
            if numbered and len(layers.get(numbered[1], ())) > 1:
                return numbered[1], int(numbered[2])
    return None


def _number(scope: str) -> int:
    numbered = _NUMBERED.fullmatch(scope)
    return int(numbered[2]) if numbered else 0
