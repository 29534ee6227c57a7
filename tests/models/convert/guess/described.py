"""Descriptions of small models, as a file would have them, without a file."""

from __future__ import annotations

from typing import Any

from models.formats.architecture.description import Description, Layer, Operation
from models.formats.tensors import Tensor


def layer(kind: str, *inside: str, numbers: tuple[float, ...] = (), **config: Any) -> Layer:
    return Layer(kind, kind.lower(), config, inside, (), numbers)


def layers(*listed: Layer) -> Description:
    return Description("keras", 2, (layer("InputLayer"), *listed))


def convolutions(*first: Layer, last: str | None = "softmax", **config: Any) -> Description:
    """A convolutional network, with layers before its first."""
    middle = (layer("Conv2D", activation="relu", **config), layer("Flatten"))
    return layers(*first, *middle, layer("Dense", activation=last or "linear"))


def graph(*operations: tuple[str, str, str], end: str = "Softmax") -> Description:
    """A graph whose operations (kind, name, inputs) begin with a placeholder ``x``; the last of
    them is given to a product and the operation ``end``.
    """
    listed = [Operation("Placeholder", "x"), Operation("Const", "w")]
    listed += [Operation(kind, name, tuple(inputs.split())) for kind, name, inputs in operations]
    behind = next((each.name for each in reversed(listed) if each.kind != "Const"), "x")
    listed += [Operation("MatMul", "product", (behind, "w"))]
    listed += [Operation(end, "end", ("product",)), Operation("Identity", "Identity", ("end",))]
    return Description("graph", operations=tuple(listed))


def row(count: int | None) -> tuple[Tensor, ...]:
    """One output of so many numbers."""
    return (Tensor("y", (count,)),)


def picture(*shape: int | None, dtype: str = "float32") -> tuple[Tensor, ...]:
    """One input."""
    return (Tensor("x", shape, dtype),)
