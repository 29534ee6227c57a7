"""Pictures whose channels come first, which TensorFlow convolves and pools on graphics cards alone.

Models of the time of Theano take 1×28×28. What they do with pictures is done here with the channels
last, and turned back: the same numbers. What is saved or converted of such a model stays as it was.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any


def made_to_run(model: Any) -> Any:
    """The same tf_keras model, whose convolutions and pooling layers run on processors, too."""
    for layer in _layers(model):
        if getattr(layer, "data_format", None) != "channels_first":
            continue
        kind = type(layer).__name__
        if kind in ("MaxPooling2D", "AveragePooling2D"):
            layer.pool_function = _pooling(layer.pool_function)
        elif kind == "Conv2D":
            layer.convolution_op = _convolution(layer)
    return model


def _layers(model: Any) -> Iterator[Any]:
    """Every layer, also in models and wrappers within."""
    for layer in getattr(model, "layers", ()):
        yield layer
        yield from _layers(layer)
        if (wrapped := getattr(layer, "layer", None)) is not None:
            yield wrapped


def _pooling(pool: Callable[..., Any]) -> Callable[..., Any]:
    def pooled(
        value: Any, ksize: Sequence[int], strides: Sequence[int], padding: str, **_: Any
    ) -> Any:
        sides = [(each[0], each[2], each[3], each[1]) for each in (ksize, strides)]
        return _turned(value, lambda last: pool(last, *sides, padding, data_format="NHWC"))

    return pooled


def _convolution(layer: Any) -> Callable[[Any, Any], Any]:
    import tensorflow as tf

    def convolved(value: Any, kernel: Any) -> Any:
        settings = {"strides": list(layer.strides), "dilations": list(layer.dilation_rate)}
        padding = layer.padding.upper()
        return _turned(
            value, lambda last: tf.nn.convolution(last, kernel, padding=padding, **settings)
        )

    return convolved


def _turned(value: Any, call: Callable[[Any], Any]) -> Any:
    """What ``call`` gives for the value with its channels last, with its channels first."""
    import tensorflow as tf

    return tf.transpose(call(tf.transpose(value, (0, 2, 3, 1))), (0, 3, 1, 2))
