"""Pooling of pictures whose channels come first, which TensorFlow has on graphics cards alone.

Models of the time of Theano take 1×28×28. Their pooling is done here with the channels last, and
turned back: the same maxima and means. What is saved or converted of such a model stays as it was.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any


def made_to_run(model: Any) -> Any:
    """The same tf_keras model, whose pooling layers run on processors, too."""
    for layer in _layers(model):
        if getattr(layer, "data_format", None) != "channels_first":
            continue
        if type(layer).__name__ in ("MaxPooling2D", "AveragePooling2D"):
            layer.pool_function = _with_channels_last(layer.pool_function)
    return model


def _layers(model: Any) -> Iterator[Any]:
    """Every layer, also in models and wrappers within."""
    for layer in getattr(model, "layers", ()):
        yield layer
        yield from _layers(layer)
        if (wrapped := getattr(layer, "layer", None)) is not None:
            yield wrapped


def _with_channels_last(pool: Callable[..., Any]) -> Callable[..., Any]:
    import tensorflow as tf

    def pooled(
        value: Any, ksize: Sequence[int], strides: Sequence[int], padding: str, **_: Any
    ) -> Any:
        turned = tf.transpose(value, (0, 2, 3, 1))
        sides = [(each[0], each[2], each[3], each[1]) for each in (ksize, strides)]
        return tf.transpose(pool(turned, *sides, padding, data_format="NHWC"), (0, 3, 1, 2))

    return pooled
