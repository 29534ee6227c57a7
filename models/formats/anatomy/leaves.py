"""The layers of a model without structure: those of models inside the model in their places."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise

from models.formats.anatomy.folding import is_normalisation
from models.formats.anatomy.parts import Part


def leaves(parts: Sequence[Part]) -> tuple[Part, ...]:
    """The layers, with each nested model replaced by its own layers."""
    return tuple(leaf for part in parts for leaf in _leaves(part))


def neighbours(parts: Sequence[Part]) -> Iterator[tuple[Part, ...]]:
    """Each layer with weights alone, and with a batch normalisation that may be folded into it."""
    weighted = [part for part in parts if part.weights]
    yield from ((part,) for part in weighted)
    for part, after in pairwise(weighted):
        if is_normalisation(after) and not is_normalisation(part):
            yield part, after


def _leaves(part: Part) -> Iterator[Part]:
    inside = part.settings.get("layers")
    if not inside:
        yield part
        return
    for layer in inside:
        name = str(layer.get("name") or layer["config"]["name"])
        own = tuple(each for each in part.weights if name in each.name.split("/")[:-1])
        yield from _leaves(Part(name, str(layer["class_name"]), (), own, layer["config"]))
