"""Pair the layers of one stored model with their counterparts in another, and list what differs."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

from models.formats.anatomy.match import Matching, match
from models.formats.anatomy.parts import Anatomy
from models.formats.anatomy.settings import between_layers, between_layers_and_operations
from models.formats.anatomy.weight_comparison import Stored, compare_weights


@dataclass(frozen=True, eq=False)
class Pairing:
    """A stored form of a model, ``reference``, and another one of it.

    ``pairs`` are layers and their counterparts in ``other``, in order. ``matching`` is set where
    only ``other`` is a graph.
    """

    reference: Anatomy
    other: Anatomy
    pairs: tuple[tuple[str, str], ...]
    matching: Matching | None = None

    @cached_property
    def weights(self) -> tuple[Stored, ...]:
        """Every array of the reference and where the other form keeps it."""
        return compare_weights(self.reference, self.other, self.matching)

    @cached_property
    def steps_of(self) -> Mapping[str, str]:
        """The layers of which parts are the first of two steps."""
        return {part.name: part.step_of for part in self.reference if part.step_of}

    def together_with(self, layer: str) -> tuple[str, ...]:
        """The layers that the other form computes in one operation, of which ``layer`` is last."""
        operation = dict(self.pairs).get(layer)
        if self.matching is None or operation is None:
            return (layer,)
        return self.matching.layers_in(operation) or (layer,)

    @property
    def unmatched(self) -> tuple[str, ...]:
        """Layers without a counterpart."""
        if self.matching is not None:
            return tuple(e.layer for e in self.matching.matches if e.role == "missing")
        matched = {layer for layer, _ in self.pairs}
        return tuple(part.name for part in self.reference if part.name not in matched)

    def stored(self, layer: str) -> tuple[Stored, ...]:
        """The arrays of the layers that the other form computes together with ``layer``."""
        group = self.together_with(layer)
        return tuple(each for each in self.weights if each.layer in group)

    def suspects(self, layer: str) -> tuple[str, ...]:
        """What differs in the files where ``layer`` is computed, each in words."""
        group = self.together_with(layer)
        return (*self._settings(layer, group), *self._numbers(group))

    @property
    def different(self) -> tuple[str, ...]:
        """The arrays that are each other's beyond doubt, and hold other numbers, each in words."""
        return tuple(_said(each) for each in self.weights if _differs(each) and each.alike)

    def _numbers(self, group: tuple[str, ...]) -> Iterator[str]:
        yield from (_said(each) for each in self.weights if each.layer in group and _differs(each))

    def _settings(self, layer: str, group: tuple[str, ...]) -> Iterator[str]:
        if self.matching is None:
            twin = dict(self.pairs).get(layer)
            if twin is not None:
                yield from between_layers(self.reference[layer], self.other[twin])
            return
        operations = [self.other[name] for name in self.matching.operations_of(layer)]
        yield from between_layers_and_operations([self.reference[e] for e in group], operations)


def _differs(each: Stored) -> bool:
    return each.max_abs is not None and not each.equal


def _said(each: Stored) -> str:
    folded = "" if each.how == "as it is" else f" ({each.how})"
    return (
        f"{', '.join(each.weights)}{folded}: the numbers differ by up to {each.max_abs:.2g}, "
        f"at {list(each.worst)}"
    )


def pair(reference: Anatomy, other: Anatomy) -> Pairing:
    """Pair a Keras or layers model with any other stored form of the same model, or a graph model
    with itself, which is compared where there is no other.
    """
    if other.format == "graph" and reference.format != "graph":
        matching = match(reference, other)
        return Pairing(reference, other, matching.pairs, matching)
    return Pairing(reference, other, _layers(reference, other))


def _layers(reference: Anatomy, other: Anatomy) -> tuple[tuple[str, str], ...]:
    """Pair by name; by place where both have the same kinds in the same order, named otherwise."""
    named = tuple((part.name, part.name) for part in reference if part.name in other)
    if named or [part.kind for part in reference] != [part.kind for part in other]:
        return named
    return tuple((one.name, two.name) for one, two in zip(reference, other, strict=True))
