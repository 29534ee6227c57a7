"""Small networks that are trained for a few seconds each on MNIST: healthy models for the proofs.

They vary in what rounding depends on: depth, the head, the inputs' scale, batch normalisation.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Network:
    """``layers`` gives the layers of a Sequential model, by tf_keras's module of layers.

    Pixels are multiplied by ``scale``. ``sharpened`` multiplies the trained last layer's weights,
    so that its logits are steep.
    """

    layers: Callable[[Any], list[Any]]
    scale: float = 1.0
    sharpened: float = 1.0
    loss: str = "sparse_categorical_crossentropy"


def _dense(k: Any) -> list[Any]:
    return [k.Flatten(), k.Dense(64, "relu"), k.Dense(10, "softmax")]


def _wide(k: Any) -> list[Any]:
    return [k.Flatten(), k.Dense(256, "relu"), k.Dense(256, "relu"), k.Dense(10, "softmax")]


def _deep(k: Any) -> list[Any]:
    return [k.Flatten(), *(k.Dense(32, "selu") for _ in range(12)), k.Dense(10, "softmax")]


def _conv(k: Any) -> list[Any]:
    return [
        k.Conv2D(8, 3, activation="relu"),
        k.MaxPooling2D(),
        k.Conv2D(12, 3, activation="relu"),
        k.Flatten(),
        k.Dense(10, "softmax"),
    ]


def _sigmoid(k: Any) -> list[Any]:
    return [*_conv(k)[:-1], k.Dense(10, "sigmoid")]


def _logits(k: Any) -> list[Any]:
    return [*_conv(k)[:-1], k.Dense(10)]


def _softmax_layer(k: Any) -> list[Any]:
    return [*_conv(k)[:-1], k.Dense(10), k.Softmax()]


def _normalised(k: Any) -> list[Any]:
    return [
        k.Conv2D(8, 3, use_bias=False, padding="same"),
        k.BatchNormalization(),
        k.ReLU(),
        k.DepthwiseConv2D(3, strides=2, padding="same"),
        k.BatchNormalization(),
        k.ReLU(),
        k.Conv2D(16, 3, strides=2, padding="same"),
        k.BatchNormalization(),
        k.ReLU(),
        k.GlobalAveragePooling2D(),
        k.Dense(10, "softmax"),
    ]


def _normalised_after(k: Any) -> list[Any]:
    return [
        k.Conv2D(8, 3, activation="relu"),
        k.BatchNormalization(),
        k.MaxPooling2D(),
        k.Flatten(),
        k.Dense(32, "relu"),
        k.BatchNormalization(),
        k.Dense(10, "softmax"),
    ]


def _normalised_first(k: Any) -> list[Any]:
    return [k.BatchNormalization(), k.ZeroPadding2D(1), *_conv(k)]


def _mobile(k: Any) -> list[Any]:
    layers = [k.Conv2D(8, 3, strides=2, padding="same", use_bias=False)]
    for width, stride in ((12, 1), (16, 2), (16, 1)):
        layers += [k.BatchNormalization(), k.ReLU(6.0)]
        layers += [k.DepthwiseConv2D(3, strides=stride, padding="same", use_bias=False)]
        layers += [k.BatchNormalization(), k.ReLU(6.0), k.Conv2D(width, 1, use_bias=False)]
    return [*layers, k.BatchNormalization(), k.GlobalAveragePooling2D(), k.Dense(10, "softmax")]


def _separable(k: Any) -> list[Any]:
    return [
        k.SeparableConv2D(12, 3, activation="relu"),
        k.MaxPooling2D(),
        k.SeparableConv2D(16, 3, activation="relu"),
        k.GlobalAveragePooling2D(),
        k.Dense(10, "softmax"),
    ]


def _many(k: Any) -> list[Any]:
    convolutions = [k.Conv2D(6, 3, padding="same", activation="elu") for _ in range(14)]
    return [k.MaxPooling2D(), *convolutions, k.Flatten(), k.Dense(10, "softmax")]


def _tanh(k: Any) -> list[Any]:
    return [
        k.Conv2D(8, 5, strides=2, activation="tanh"),
        k.AveragePooling2D(),
        k.Flatten(),
        k.Dense(32, "tanh"),
        k.Dense(10, "softmax"),
    ]


def _leaky(k: Any) -> list[Any]:
    return [
        k.Conv2D(8, 3, strides=2),
        k.LeakyReLU(0.1),
        k.Conv2D(12, 3, dilation_rate=2),
        k.PReLU(shared_axes=[1, 2]),
        k.Flatten(),
        k.Dropout(0.2),
        k.Dense(10, "softmax"),
    ]


def _rescaled(k: Any) -> list[Any]:
    return [k.Rescaling(1 / 255, offset=-0.5), *_conv(k)]


def _transposed(k: Any) -> list[Any]:
    return [
        k.Conv2D(6, 3, strides=2, padding="same", activation="relu"),
        k.Conv2DTranspose(6, 3, strides=2, padding="same", activation="relu"),
        k.MaxPooling2D(4),
        k.Flatten(),
        k.Dense(10, "softmax"),
    ]


def _upsampled(k: Any) -> list[Any]:
    return [k.MaxPooling2D(4), k.UpSampling2D(2), *_conv(k)]


NETWORKS: Mapping[str, Network] = {
    "dense": Network(_dense),
    "dense on 0 to 255": Network(_wide, scale=255.0),
    "12 dense, selu": Network(_deep),
    "convolutions": Network(_conv),
    "convolutions on 0 to 255": Network(_conv, scale=255.0),
    "steep, logits × 60": Network(_conv, sharpened=60.0),
    "flat, logits ÷ 20": Network(_conv, sharpened=0.05),
    "sigmoid": Network(_sigmoid, loss="binary_crossentropy"),
    "logits": Network(_logits, loss="mse"),
    "softmax as a layer": Network(_softmax_layer),
    "normalised, stride 2": Network(_normalised),
    "normalised after relu": Network(_normalised_after),
    "normalised first, padded": Network(_normalised_first),
    "MobileNet's blocks": Network(_mobile),
    "separable": Network(_separable),
    "14 convolutions, elu": Network(_many),
    "tanh, average pooling": Network(_tanh),
    "leaky and PReLU, dilated": Network(_leaky),
    "rescaled from 0 to 255": Network(_rescaled, scale=255.0),
    "transposed convolution": Network(_transposed),
    "upsampled": Network(_upsampled),
}
