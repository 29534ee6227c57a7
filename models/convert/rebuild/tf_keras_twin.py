"""Each layer of Keras 3 → the layers of tf_keras that compute the same."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterator, Mapping
from typing import Any

import numpy as np

from models.convert.rebuild.tf_keras_operation import Operation

_TRAINING_ONLY = ("_initializer", "_regularizer", "_constraint")
# Functions of Keras 3 that tf_keras and TensorFlow.js lack, or have another one of by that name:
# the first is hard(x) = relu6(x + 3) / 6, the others x · hard(x).
_HARD = "hard_sigmoid"
_TIMES_HARD = ("hard_silu", "hard_swish")
_EPSILON = 1e-3
REASONS = {
    _HARD: "hard_sigmoid is relu6(x + 3) / 6 in Keras 3 and clip(0.2 x + 0.5, 0, 1) in tf_keras "
    "and in TensorFlow.js, so no weights make them the same: train with sigmoid there.",
}


class Twins:
    """The layers of tf_keras, one for each layer of a Keras 3 model, made when first called."""

    def __init__(self) -> None:
        self.made: dict[str, Twin | Operation] = {}

    def __call__(self, name: str, layer: Any, args: list[Any], kwargs: dict[str, Any]) -> Any:
        """Call the twin of a layer. Raises ValueError, with the name, when it cannot be built."""
        if name in self.made:
            return self.made[name](*args, **kwargs)
        try:
            twin = self.made[name] = twin_of(name, layer)
            return twin(*args, **kwargs)
        except Exception as error:  # tf_keras raises many kinds
            raise ValueError(f"its layer {name}: {error}") from error


def twin_of(name: str, layer: Any) -> Twin | Operation:
    """What computes the same in tf_keras. Raises ValueError where nothing does."""
    import keras

    made: type[Twin | Operation] = Twin if isinstance(layer, keras.layers.Layer) else Operation
    return made(name, layer)


class Twin:
    """What computes in tf_keras what a layer computes in Keras 3, under the same name.

    ``change`` says in a sentence what is built otherwise; it is empty where nothing is. Raises
    ValueError when tf_keras has no such layer, and what its layers raise.
    """

    def __init__(self, name: str, layer: Any) -> None:
        kind, config = type(layer).__name__, dict(layer.get_config())
        activation = config.get("activation")
        self._weights = layer.get_weights()  # until they are set
        self._rest: Callable[[Any], Any] | None = None
        self.change = ""
        if activation in (_HARD, *_TIMES_HARD):
            config["activation"] = "linear"
            self._rest = _Hard(name, times=activation in _TIMES_HARD)
            self.change = (
                f"The {activation} of {name} is built of other layers, a ReLU among them: "
                "tf_keras and TensorFlow.js have another function of that name, or none."
            )
        elif config.get("keepdims") and kind.endswith("Pooling2D"):
            config["keepdims"] = False
            self._rest = _KeptDimensions(name)
            self.change = (
                f"A Reshape layer keeps the dimensions of {name}: TensorFlow.js ignores keepdims."
            )
        # The last layer has the name, so that what it gives can be compared with the original's.
        config["name"] = f"{name}_first" if self._rest else name
        self._main = _built(kind, config)

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        """What the layer gives: symbolic tensors for symbolic ones, values for values."""
        symbolic = any(hasattr(each, "node") for each in _flat([*args, *kwargs.values()]))
        if not symbolic and "training" in inspect.signature(self._main.call).parameters:
            kwargs["training"] = False  # some layers learn when they are called by themselves
        value = self._main(*args, **kwargs)
        if self._weights:
            self._main.set_weights(self._weights)
            self._weights = []
        return self._rest(value) if self._rest else value


class _Hard:
    """relu6(x + 3) / 6 as layers that both formats have; times x for ``times``.

    Alone, x / 6 + 0.5 is a BatchNormalization, not a Rescaling: behind a convolution, which takes
    the factor in, TensorFlow and TensorFlow.js take the number 0.5 for a bias, and refuse to run
    that or end the process. Where x is needed for the product, too, it is a Rescaling: TensorFlow
    would merge the normalization with the convolution, and miss x then.
    """

    def __init__(self, name: str, *, times: bool) -> None:
        from tf_keras import layers

        self._product: Any = None
        if times:
            self._line = layers.Rescaling(1 / 6, 0.5, name=f"{name}_line")
            self._clip = layers.ReLU(1.0, name=f"{name}_clipped")
            self._product = layers.Multiply(name=name)
        else:
            self._line = layers.BatchNormalization(epsilon=_EPSILON, name=f"{name}_line")
            self._clip = layers.ReLU(1.0, name=name)

    def __call__(self, value: Any) -> Any:
        fresh = not self._line.built
        gate = self._clip(self._line(value))
        if self._product:
            return self._product([value, gate])
        if fresh:
            ones = np.ones(value.shape[-1], np.float32)
            self._line.set_weights([ones / 6, ones / 2, ones * 0, ones * (1 - _EPSILON)])
        return gate


class _KeptDimensions:
    """What a pooling layer gives, with the dimensions that it pooled as 1."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._reshape: Callable[[Any], Any] | None = None

    def __call__(self, value: Any) -> Any:
        from tf_keras import layers

        if self._reshape is None:
            self._reshape = layers.Reshape((1, 1, value.shape[-1]), name=self._name)
        return self._reshape(value)


def _built(kind: str, config: Mapping[str, Any]) -> Any:
    import tf_keras

    settings = _stored(kind, config)["config"]
    layer = getattr(tf_keras.layers, kind)
    # from_config wants shapes that Keras 3 does not store.
    return layer(**settings) if kind == "MultiHeadAttention" else layer.from_config(settings)


def _flat(values: list[Any]) -> Iterator[Any]:
    for each in values:
        if isinstance(each, list):
            yield from _flat(each)
        else:
            yield each


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
