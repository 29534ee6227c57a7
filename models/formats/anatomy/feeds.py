"""What a part has to be fed with, so that it shows what it adds itself."""

from __future__ import annotations

from collections.abc import Collection

from models.formats.anatomy.parts import Anatomy, Part


def feeds(model: Anatomy, known: Collection[str]) -> dict[str, tuple[str, ...]]:
    """For each part of ``known``, whose values are given, the nearest given ones that it is
    computed from, in order: none for a first layer, which takes the model's own input.

    An input is left out, and what is computed from one that is not given: there is nothing of its
    own to ask for.
    """
    asked = [name for name in model.order if name in known and not is_input(model[name])]
    plan = {name: _nearest(model, name, known) for name in asked}
    return {name: sources for name, sources in plan.items() if sources is not None}


def _nearest(model: Anatomy, name: str, known: Collection[str]) -> tuple[str, ...] | None:
    found, seen, waiting = set[str](), set[str](), list(model[name].inputs)
    while waiting:
        each = waiting.pop()
        if each in known:
            found.add(each)
        elif each not in seen:
            seen.add(each)
            if is_input(model[each]):
                return None
            waiting += model[each].inputs
    return tuple(sorted(found, key=model.order.__getitem__))


def is_input(part: Part) -> bool:
    """Whether a part is an input of the model."""
    return not part.inputs and (part.kind == "InputLayer" or part.kind.startswith("Placeholder"))
