"""A Keras model whose gradients do not end where a relu sleeps: what it computes stays the same."""

from __future__ import annotations

from typing import Any

_ASLEEP = 0.1  # of the gradient that goes through a unit which is asleep


def let_through(model: Any) -> None:
    """Give every layer that has a relu of its own one with a small gradient where it sleeps."""
    import tensorflow as tf

    def relu(values: Any) -> Any:
        return tf.nn.relu(values), lambda up: tf.where(values > 0, up, up * _ASLEEP)

    for layer in leaves(model):
        if getattr(getattr(layer, "activation", None), "__name__", None) == "relu":
            layer.activation = tf.custom_gradient(relu)


def leaves(model: Any) -> list[Any]:
    """The layers of a model and of those inside it."""
    found = []
    for layer in model.layers:
        found += leaves(layer) if hasattr(layer, "layers") else [layer]
    return found
