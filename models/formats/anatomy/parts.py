"""The pieces of a stored model: its layers or its operations, in order, with their numbers."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from models.formats.model_json import Weight
from models.lanes import Format


@dataclass(frozen=True, eq=False)
class Part:
    """A layer, or an operation of a graph.

    ``kind`` is Keras's class or TensorFlow's operation; ``inputs`` are the names of the parts whose
    output it takes; ``settings`` is a layer's config or an operation's attributes. What an
    operation within a loop or a branch gives is ``hidden``: no runtime can be asked for it.
    ``step_of`` names the layer of which this is the first of two steps, the other being its
    activation.
    """

    name: str
    kind: str
    inputs: tuple[str, ...] = ()
    weights: tuple[Weight, ...] = ()
    settings: Mapping[str, Any] = field(default_factory=dict)
    hidden: bool = False
    step_of: str = ""

    @property
    def parameters(self) -> int:
        """The number of trained parameters: floats, without shapes and axes."""
        return sum(each.value.size for each in self.floats)

    @property
    def bytes(self) -> int:
        """The bytes of its weights in the files."""
        return sum(each.bytes for each in self.weights)

    @property
    def floats(self) -> tuple[Weight, ...]:
        """Its weights without whole numbers, which are shapes, axes and paddings."""
        return tuple(each for each in self.weights if each.value.dtype.kind == "f")


@dataclass(frozen=True, eq=False)
class Anatomy:
    """A stored model taken apart. ``parts`` are in the order in which they are computed. ``inputs``
    are those that are inputs, by what the model calls them.
    """

    format: Format
    name: str
    parts: tuple[Part, ...]
    outputs: tuple[str, ...] = ()
    inputs: Mapping[str, str] = field(default_factory=dict)

    def __getitem__(self, name: str) -> Part:
        return self._by_name[name]

    def __contains__(self, name: str) -> bool:
        return name in self._by_name

    def __iter__(self) -> Iterator[Part]:
        return iter(self.parts)

    @cached_property
    def _by_name(self) -> dict[str, Part]:
        return {part.name: part for part in self.parts}

    @cached_property
    def order(self) -> Mapping[str, int]:
        """The place of each part in ``parts``."""
        return {part.name: index for index, part in enumerate(self.parts)}

    @cached_property
    def _takers(self) -> Mapping[str, set[str]]:
        takers: dict[str, set[str]] = {part.name: set() for part in self}
        for part in self:
            for each in part.inputs:
                takers[each].add(part.name)
        return takers

    def takers(self, name: str) -> set[str]:
        """The parts that take the output of ``name``."""
        return self._takers[name]

    def leads(self, start: str, end: str) -> bool:
        """Whether ``start`` is computed on the way to ``end``, which is another part."""
        waiting, seen = [end], {end}
        while waiting:
            for each in self[waiting.pop()].inputs:
                if each == start:
                    return True
                if each not in seen and self.order[each] > self.order[start]:
                    seen.add(each)
                    waiting.append(each)
        return False

    @property
    def parameters(self) -> int:
        """The number of trained parameters of all parts."""
        return sum(part.parameters for part in self.parts)


def in_order(parts: Mapping[str, Part]) -> tuple[Part, ...]:
    """The parts sorted so that each comes after its inputs, otherwise in the given order.

    Raises ValueError when an input is missing or the parts form a cycle.
    """
    placed: dict[str, Part] = {}
    waiting = dict(parts)
    while waiting:
        computable = (
            part for part in waiting.values() if all(each in placed for each in part.inputs)
        )
        part = next(computable, None)
        if part is None:
            raise ValueError(f"the inputs of {next(iter(waiting))} are never computed")
        placed[part.name] = waiting.pop(part.name)
    return tuple(placed.values())
