"""Conditions of the table's rows, put together from few words."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from models.formats.architecture.description import Description, Layer, Operation
from models.parity.known_limits.limit import Condition
from models.parity.known_limits.topology import Topology

Test = Callable[[Layer], bool]
_LARGEST = 1e9


def layer(*kinds: str, where: Test = lambda _: True) -> Condition:
    """Layers of these classes, any class where none is named, for which ``where`` holds."""

    def found(description: Description) -> Iterator[str]:
        for each in description.layers:
            if (not kinds or each.kind in kinds) and where(each):
                yield each.name

    return found


def placed(*kinds: str, where: Callable[[Layer, Topology], bool]) -> Condition:
    """Layers of these classes for which ``where`` holds, which looks at what comes before."""

    def found(description: Description) -> Iterator[str]:
        if any(each.kind in kinds for each in description.layers):
            topology = Topology(description)
            yield from layer(*kinds, where=lambda each: where(each, topology))(description)

    return found


def operation(
    *kinds: str, where: Callable[[Operation, Description], bool] = lambda *_: True
) -> Condition:
    """Operations of a graph of these kinds for which ``where`` holds."""

    def found(description: Description) -> Iterator[str]:
        for each in description.operations:
            if each.kind in kinds and where(each, description):
                yield each.name

    return found


def either(*conditions: Condition) -> Condition:
    """What any of the conditions finds."""

    def found(description: Description) -> Iterator[str]:
        for condition in conditions:
            yield from condition(description)

    return found


def of_keras(major: int, condition: Condition) -> Condition:
    """What ``condition`` finds in a model that this version of Keras saved."""

    def found(description: Description) -> Iterator[str]:
        if description.keras == major:
            yield from condition(description)

    return found


def has(key: str, *values: Any) -> Test:
    """Whether a setting is one of these values."""
    return lambda each: key in each.config and each.config[key] in values


def other(key: str, *usual: Any) -> Test:
    """Whether a setting is there, and is none of these values."""
    return lambda each: each.config.get(key) not in (None, *usual)


def above_one(key: str) -> Test:
    """Whether a setting, or an entry of it, is a number above 1."""
    return lambda each: any(number > 1 for number in numbers(each.config.get(key)))


def both(*tests: Test) -> Test:
    """Whether all of these hold."""
    return lambda each: all(test(each) for test in tests)


def numbers(value: Any) -> list[float]:
    """The numbers of a setting that is one, or a list of them; what no size can be is left out."""
    values = value if isinstance(value, list) else [value]
    return [each for each in values if isinstance(each, (int, float)) and abs(each) < _LARGEST]


def pair(value: Any) -> list[float]:
    """A setting for two axes, which may be one number for both; empty where it is neither."""
    found = numbers(value)
    return found * 2 if len(found) == 1 else found[:2]


def activations(each: Layer) -> Iterator[str]:
    """The names of a layer's activations, which Keras stores in three ways."""
    for key in ("activation", "recurrent_activation"):
        stored = each.config.get(key)
        if isinstance(stored, dict):
            inner = stored.get("config")
            stored = inner if isinstance(inner, str) else stored.get("class_name")
        if isinstance(stored, str):
            yield stored
