"""The layers model beside the graph model as a table: which operation computes which layers."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from markupsafe import Markup

from app.ui import templates
from models.formats.anatomy import Match, Pairing, Part

Shapes = Mapping[str, str]


@dataclass(frozen=True)
class Row:
    """Layers, the operations that compute them, and in words how they correspond."""

    layers: tuple[Part, ...]
    operations: tuple[Part, ...]
    how: str


def rows(pairing: Pairing) -> tuple[Row, ...]:
    """The diagram's rows from top to bottom; each layer and each operation appears once."""
    assert pairing.matching is not None
    return (*_matched(pairing, pairing.matching.matches), *_unmatched(pairing))


def _matched(pairing: Pairing, matches: Sequence[Match]) -> Iterator[Row]:
    assert pairing.matching is not None
    for each in matches:
        layer = pairing.reference[each.layer]
        if each.role == "idle":
            yield Row((layer,), (), "does nothing when predicting")
        elif each.role == "missing" or each.operation is None:
            yield Row((layer,), (), "no counterpart found")
        elif each.role == "same":
            names = pairing.matching.operations_of(each.layer)
            operations = tuple(pairing.other[name] for name in _sorted(pairing, names))
            group = pairing.matching.layers_in(each.operation)
            layers = tuple(pairing.reference[name] for name in group) or (layer,)
            yield Row(layers, operations, _how(len(layers), len(operations)))


def _unmatched(pairing: Pairing) -> Iterator[Row]:
    """Operations that no layer was matched with."""
    matching = pairing.matching
    assert matching is not None
    used = {name for layer, _ in pairing.pairs for name in matching.operations_of(layer)}
    for part in pairing.other:
        if part.name not in used:
            yield Row((), (part,), "no layer")


def _sorted(pairing: Pairing, names: Sequence[str]) -> list[str]:
    return sorted(names, key=lambda name: pairing.other.order[name])


def _how(layers: int, operations: int) -> str:
    return "=" if layers == operations == 1 else f"{layers} → {operations}"


class _Box(NamedTuple):
    """A layer or an operation as the template shows it."""

    name: str
    kind: str
    facts: str


def html(pairing: Pairing, layer_shapes: Shapes, operation_shapes: Shapes) -> Markup:
    """The diagram. Colours show the formats, which the text names as well."""
    prefix = _prefix(pairing)
    boxes = [
        {
            "layers": [_box(part, layer_shapes) for part in row.layers],
            "how": row.how,
            "operations": [_box(part, operation_shapes, prefix) for part in row.operations],
        }
        for row in rows(pairing)
    ]
    return templates.render("inspect/results/diagram.html", "diagram", boxes)


def _box(part: Part, shapes: Shapes, prefix: str = "") -> _Box:
    parameters = f"{part.parameters:,} parameters" if part.parameters else ""
    facts = [shapes.get(part.name, ""), parameters]
    if len(part.inputs) > 1:
        facts.insert(0, "of " + ", ".join(each.removeprefix(prefix) for each in part.inputs))
    return _Box(
        name=part.name.removeprefix(prefix),
        kind=" + ".join([part.kind, *part.settings.get("fused_ops", ())]),
        facts=" · ".join(fact for fact in facts if fact),
    )


def _prefix(pairing: Pairing) -> str:
    """The prefix of nearly all operations' names, which tells a reader nothing."""
    scope = f"/{pairing.reference.name}/"
    heads = (part.name.partition(scope) for part in pairing.other)
    return next((head + middle for head, middle, _ in heads if middle), "")
