"""How many axes a layer's input has in TensorFlow.js, which are of unknown size, what comes before.

A few rows of the table depend on it: ``Softmax(axis=1)`` is the last axis of a matrix, and not of a
picture. None where it cannot be told: then a row does not predict.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from models.formats.architecture.description import Description, Layer

_SPATIAL = (
    *("Conv{}D", "Conv{}DTranspose", "SeparableConv{}D", "DepthwiseConv{}D", "MaxPooling{}D"),
    *("AveragePooling{}D", "UpSampling{}D", "ZeroPadding{}D", "Cropping{}D", "SpatialDropout{}D"),
    "LocallyConnected{}D",
)
# The axes that a layer needs, and gives. A picture has four, with the batch and the channels.
NEEDS = {kind.format(count): count + 2 for kind in _SPATIAL for count in (1, 2, 3)}
_RECURRENT = ("LSTM", "GRU", "SimpleRNN", "RNN")
_KEEPS = {
    *("Dense", "Activation", "ReLU", "LeakyReLU", "PReLU", "ELU", "ThresholdedReLU", "Softmax"),
    *("BatchNormalization", "LayerNormalization", "GroupNormalization", "UnitNormalization"),
    *("Dropout", "GaussianDropout", "GaussianNoise", "AlphaDropout", "ActivityRegularization"),
    *("Add", "Subtract", "Multiply", "Average", "Maximum", "Minimum", "Concatenate", "Masking"),
    *("Rescaling", "Resizing", "CenterCrop", "Normalization", "Identity", "TimeDistributed"),
    *("RandomFlip", "RandomRotation", "RandomZoom", "RandomContrast", "RandomTranslation"),
}
_IDLE = (
    "Dropout",
    "SpatialDropout2D",
    "GaussianNoise",
    "GaussianDropout",
    "ActivityRegularization",
)
_MOST_IDLE = 16  # in a row: a hostile model has thousands, or lets them go round


@dataclass(frozen=True)
class Shape:
    """The number of axes, the batch's included, and those whose size TensorFlow.js does not know.

    None is a number that cannot be told.
    """

    rank: int | None = None
    unknown: frozenset[int] = frozenset()


class Topology:
    """The layers of a description in their order, with the shapes that they are given."""

    def __init__(self, description: Description) -> None:
        self._layers: dict[tuple[tuple[str, ...], str], Layer] = {}
        self._shapes: dict[tuple[tuple[str, ...], str], Shape] = {}
        self._takers: dict[tuple[tuple[str, ...], str], list[Layer]] = {}
        for layer in description.layers:  # Keras stores them so that sources come first
            self._layers[layer.inside, layer.name] = layer
            self._shapes[layer.inside, layer.name] = _after(layer, self.before(layer))
            for name in layer.sources:
                self._takers.setdefault((layer.inside, name), []).append(layer)

    def source(self, layer: Layer) -> Layer | None:
        """The layer that gives a layer its first input."""
        return self._layers.get((layer.inside, layer.sources[0])) if layer.sources else None

    def takers(self, layer: Layer) -> Sequence[Layer]:
        """The layers that take what a layer gives."""
        return self._takers.get((layer.inside, layer.name), ())

    def past_idle(self, layer: Layer) -> Layer | None:
        """The layer before one, past those that only act in training."""
        return _past_idle(layer, self.source)

    def behind_idle(self, layer: Layer) -> Layer | None:
        """The only layer that takes what one gives, past those that only act in training."""

        def only(one: Layer) -> Layer | None:
            found = self.takers(one)
            return found[0] if len(found) == 1 else None

        return _past_idle(layer, only)

    def before(self, layer: Layer) -> Shape:
        """The shape of a layer's input; of several, the one with most axes."""
        given = [self._shapes.get((layer.inside, each), Shape()) for each in layer.sources]
        if not given:
            return Shape(_declared(layer))
        return max(given, key=lambda shape: shape.rank or 0)


def _past_idle(layer: Layer, step: Callable[[Layer], Layer | None]) -> Layer | None:
    """The first layer that is not idle, by steps from one; None where too many are in a row, as
    where they go round.
    """
    found = step(layer)
    for _ in range(_MOST_IDLE):
        if found is None or found.kind not in _IDLE:
            return found
        found = step(found)
    return None


def _declared(layer: Layer) -> int | None:
    """The axes that a Sequential's first layer says its input has."""
    for key in ("batch_input_shape", "batch_shape"):
        if isinstance(stored := layer.config.get(key), list):
            return len(stored)
    return None


def _after(layer: Layer, before: Shape) -> Shape:
    kind, config = layer.kind, layer.config
    if kind == "InputLayer":
        return Shape(_declared(layer))
    if kind in ("Flatten", "RepeatVector"):
        return Shape(2 if kind == "Flatten" else 3)
    if kind == "Reshape":
        sizes = integers(config.get("target_shape"))
        return Shape(len(sizes) + 1, frozenset(at for at, size in enumerate(sizes, 1) if size < 0))
    if kind == "Permute":
        order = integers(config.get("dims"))
        moved = (at for at, source in enumerate(order, 1) if source in before.unknown)
        return Shape(len(order) + 1, frozenset(moved))
    if kind.startswith("Global"):
        return Shape(2)  # also with keepdims, which TensorFlow.js ignores
    if kind in _RECURRENT:
        return Shape(3 if config.get("return_sequences") else 2)
    if kind == "Embedding":
        return Shape(None if before.rank is None else before.rank + 1)
    rank = NEEDS.get(kind, before.rank if kind in _KEEPS else None)
    if rank is None:
        return Shape()
    own_channels = kind.startswith(("Dense", "Conv", "Separable", "LocallyConnected"))
    return Shape(rank, before.unknown - {rank - 1} if own_channels else before.unknown)


def integers(value: Any) -> Sequence[int]:
    """The integers of a setting that is one, or a list of them; others are left out."""
    values = value if isinstance(value, list) else [value]
    return [each for each in values if isinstance(each, int) and not isinstance(each, bool)]
