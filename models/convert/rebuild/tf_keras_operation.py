"""One operation of Keras 3, such as the difference in ``x - mean`` → layers of tf_keras.

A functional model of Keras 3 may compute with operations between its layers, as the preprocessing
of keras.applications does. TensorFlow.js has layers alone.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

_EPSILON = 1e-3
_ACTIVATIONS = {
    "Elu": "elu",
    "Exp": "exponential",
    "Selu": "selu",
    "Sigmoid": "sigmoid",
    "Silu": "swish",
    "Softplus": "softplus",
    "Softsign": "softsign",
    "Tanh": "tanh",
}
_MERGES = {"Add": "Add", "Subtract": "Subtract", "Multiply": "Multiply"}


class Operation:
    """What computes in tf_keras what an operation computes in Keras 3. Raises ValueError, when it
    is called, for one that no layer is for.
    """

    def __init__(self, name: str, operation: Any) -> None:
        self._name, self._kind = name, type(operation).__name__
        self._settings: Mapping[str, Any] = operation.get_config()
        self._run: Callable[[list[Any]], Any] | None = None

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        """What it gives: symbolic tensors for symbolic ones, values for values."""
        given = [*args, *kwargs.values()]
        if self._run is None:
            self._run = self._made(given)
        return self._run(given)

    def _made(self, given: list[Any]) -> Callable[[list[Any]], Any]:
        """The layer, for arguments like these."""
        from tf_keras import layers

        kind, name = self._kind, self._name
        if kind in _ACTIVATIONS:
            return _of_first(layers.Activation(_ACTIVATIONS[kind], name=name))
        if kind in ("ReLU", "Relu", "Relu6"):
            return _of_first(layers.ReLU(**self._relu(), name=name))
        if kind == "LeakyRelu":
            return _of_first(layers.LeakyReLU(self._settings["negative_slope"], name=name))
        if kind == "Softmax":
            return _of_first(layers.Softmax(self._settings["axis"], name=name))
        if kind == "Concatenate":
            return _of_first(layers.Concatenate(self._settings["axis"], name=name))
        if kind == "GetItem":
            return _chosen(name, *given)
        if kind == "Stack":
            return _stacked(name, given[0], self._settings["axis"])
        tensors = [each for each in given if _is_tensor(each)]
        if kind in _MERGES and len(tensors) == 2:
            layer = getattr(layers, kind)(name=name)
            return lambda values: layer(values[:2])
        if len(tensors) == 1 and (line := _line(kind, given)) is not None:
            at = next(number for number, each in enumerate(given) if each is tensors[0])
            affine = _affine(name, *line, tensors[0])
            return lambda values: affine(values[at])
        raise ValueError(f"no layer of tf_keras computes what the operation {kind} does")

    def _relu(self) -> dict[str, Any]:
        if self._kind == "Relu6":
            return {"max_value": 6.0}
        return {
            key: self._settings[key]
            for key in ("max_value", "negative_slope", "threshold")
            if key in self._settings
        }


def _of_first(layer: Any) -> Callable[[list[Any]], Any]:
    return lambda values: layer(values[0])


def _is_tensor(value: Any) -> bool:
    """Whether it is what a layer gives, and no number or array of the model's own."""
    return hasattr(value, "node")


def _chosen(name: str, value: Any, key: Any) -> Callable[[list[Any]], Any]:
    """Some channels, or one without its side, as a convolution by 0 and 1 gives them."""
    from tf_keras import layers

    *rest, last = key if isinstance(key, (list, tuple)) else (key,)
    wanted = np.eye(value.shape[-1], dtype=np.float32)[:, last]
    whole = all(each is Ellipsis or each == slice(None) for each in rest)
    if len(value.shape) != 4 or not whole or (Ellipsis not in rest and len(rest) != 3):
        raise ValueError("no layer of tf_keras takes such a part")
    kernel = wanted.reshape(1, 1, len(wanted), -1)
    choice = layers.Conv2D(kernel.shape[-1], 1, use_bias=False, name=name)
    flat = None
    if wanted.ndim == 1:
        flat = layers.Reshape(tuple(value.shape[1:3]), name=f"{name}_flat")

    def run(values: list[Any]) -> Any:
        fresh = not choice.built
        result = choice(values[0])
        if fresh:
            choice.set_weights([kernel])
        return flat(result) if flat else result

    return run


def _stacked(name: str, values: list[Any], axis: int) -> Callable[[list[Any]], Any]:
    """Tensors as the last side of one."""
    from tf_keras import layers

    sides = tuple(values[0].shape[1:])
    if axis not in (-1, len(sides) + 1):
        raise ValueError("no layer of tf_keras stacks tensors so")
    columns = [layers.Reshape((*sides, 1), name=f"{name}_{at}") for at in range(len(values))]
    joined = layers.Concatenate(-1, name=name)

    def run(given: list[Any]) -> Any:
        return joined([column(each) for column, each in zip(columns, given[0], strict=True)])

    return run


def _line(kind: str, given: list[Any]) -> tuple[NDArray[Any], NDArray[Any]] | None:
    """``a`` and ``b``, one number or one a channel, where the operation gives a·x + b; None for
    every other.
    """
    one, zero = np.ones((), np.float32), np.zeros((), np.float32)
    if kind == "Negative":
        return np.negative(one), zero
    if len(given) != 2:
        return None
    second = _is_tensor(given[1])
    own = np.asarray(given[0] if second else given[1], np.float32)
    if own.size != (own.shape[-1] if own.ndim else 1):
        return None
    number: NDArray[Any] = own.reshape(-1) if own.size > 1 else own.reshape(())
    if kind == "Add":
        return one, number
    if kind == "Subtract":
        return (np.negative(one), number) if second else (one, np.negative(number))
    if kind == "Multiply":
        return number, zero
    if kind in ("Divide", "TrueDivide") and not second:
        return np.reciprocal(number), zero
    return None


def _affine(name: str, factor: NDArray[Any], offset: NDArray[Any], value: Any) -> Any:
    """A layer that gives factor · x + offset.

    A Rescaling where x is an input: what scales pixels is then seen to do so. Everywhere else, and
    where each channel has its own, a BatchNormalization: behind a convolution, which takes the
    factor in, TensorFlow takes a single number for a bias, and refuses to run that.
    """
    from tf_keras import layers

    if factor.ndim == offset.ndim == 0 and _is_input(value):
        return layers.Rescaling(float(factor), float(offset), name=name)
    layer = layers.BatchNormalization(epsilon=_EPSILON, name=name)

    def run(given: Any) -> Any:
        fresh = not layer.built
        result = layer(given)
        if fresh:
            ones = np.ones(given.shape[-1], np.float32)
            layer.set_weights([ones * factor, ones * offset, ones * 0, ones * (1 - _EPSILON)])
        return result

    return run


def _is_input(value: Any) -> bool:
    """Whether it is an input of the model, or one that was only rescaled."""
    layer = getattr(getattr(value, "node", None), "layer", None)
    return type(layer).__name__ in ("InputLayer", "Rescaling")
