"""One layer of Keras 3 → the layers of tf_keras that compute the same."""

from __future__ import annotations

import inspect
from collections.abc import Iterator, Mapping
from typing import Any

_TRAINING_ONLY = ("_initializer", "_regularizer", "_constraint")
# Functions of Keras 3 that tf_keras lacks, or has another one of by that name. Each is
# hard_sigmoid(x) = relu6(x + 3) / 6, the second kind multiplied by x.
_HARD = ("hard_sigmoid",)
_HARD_TIMES_X = ("hard_silu", "hard_swish")
REASONS = {
    "hard_sigmoid": "hard_sigmoid is relu6(x + 3) / 6 in Keras 3 and clip(0.2 x + 0.5, 0, 1) in "
    "tf_keras and in TensorFlow.js, so no weights make them the same: train with sigmoid there.",
}


class Twin:
    """What computes in tf_keras what a layer computes in Keras 3, under the same name.

    ``change`` says in a sentence what is built otherwise; it is empty where nothing is. Raises
    ValueError when tf_keras has no such layer, and what its layers raise.
    """

    def __init__(self, name: str, layer: Any) -> None:
        kind, config = type(layer).__name__, dict(layer.get_config())
        activation = config.get("activation")
        self._name, self._multiply = name, activation in _HARD_TIMES_X
        self._hard: list[Any] = []
        self.change = ""
        if activation in (*_HARD, *_HARD_TIMES_X):
            self._hard = self._clipped()
            config["activation"] = "linear"
            self.change = (
                f"The {activation} of {name} is built of a Rescaling and a ReLU layer: "
                "tf_keras and TensorFlow.js have another function of that name, or none."
            )
        # The last layer has the name, so that what it gives can be compared with the original's.
        config["name"] = f"{name}_linear" if self._hard else name
        self._main = _built(kind, config)

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        """What the layer gives: symbolic tensors for symbolic ones, values for values."""
        value = self._main(*args, **kwargs)
        if not self._hard:
            return value
        gate = value
        for each in self._hard[:2]:
            gate = each(gate)
        return self._hard[2]([value, gate]) if self._multiply else gate

    def set_weights(self, weights: list[Any]) -> None:
        """Set the layer's weights, once it has been called."""
        self._main.set_weights(weights)

    def _clipped(self) -> list[Any]:
        from tf_keras import layers

        if not self._multiply:
            return [
                layers.Rescaling(1 / 6, 0.5, name=f"{self._name}_rescaled"),
                layers.ReLU(1.0, name=self._name),
            ]
        return [
            layers.Rescaling(1 / 6, 0.5, name=f"{self._name}_rescaled"),
            layers.ReLU(1.0, name=f"{self._name}_clipped"),
            layers.Multiply(name=self._name),
        ]


def _built(kind: str, config: Mapping[str, Any]) -> Any:
    import tf_keras

    stored = _stored(kind, config)
    return getattr(tf_keras.layers, kind).from_config(stored["config"])


def _stored(kind: str, config: Mapping[str, Any]) -> dict[str, Any]:
    """A layer of Keras 3 as tf_keras stores it. Raises ValueError when tf_keras has none such."""
    import tf_keras

    if not hasattr(tf_keras.layers, kind):
        raise ValueError(f"tf_keras has no layer {kind}")
    settings = dict(_settings(config))
    if kind == "LeakyReLU":
        settings["alpha"] = settings.pop("negative_slope")
    known = _parameters(getattr(tf_keras.layers, kind))
    kept = {name: value for name, value in settings.items() if name in known}
    return {"class_name": kind, "config": kept}


def _settings(config: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    import tf_keras

    for name, value in config.items():
        if name.endswith(_TRAINING_ONLY):
            continue
        if isinstance(value, Mapping) and "class_name" in value:
            inside = value["config"]
            if isinstance(inside, Mapping) and hasattr(tf_keras.layers, value["class_name"]):
                yield name, _stored(value["class_name"], inside)  # the layer in a wrapper
            else:
                yield name, inside["name"] if isinstance(inside, Mapping) else inside
        else:
            yield name, value


def _parameters(layer: Any) -> set[str]:
    """The settings of a tf_keras layer. Others are dropped: if they matter, the outputs differ."""
    named = {name for each in layer.__mro__ for name in inspect.signature(each).parameters}
    return named | {"dtype", "name"}
