"""Small networks that are trained for a few seconds each on MNIST: healthy models for the proofs.

They vary in what rounding depends on: depth, the head, the inputs' scale, batch normalisation.
"""

from __future__ import annotations

import logging
import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from models.convert import conversion
from models.dataset import Dataset, Options, read_path
from models.formats import manifest as manifests
from models.formats.manifest import Input, Manifest

EXAMPLES = 4_000
EPOCHS = 2
BATCH = 32
FILE = "model.h5"
CLASSES = tuple("0123456789")


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


def digits(data: Path, count: int) -> Dataset:
    """The first ``count`` test digits of ``data``, all where it has fewer."""
    read = read_path(data)
    return read.take(np.arange(count)) if count < len(read) else read


def folder(name: str, data: Path, keep: Path) -> Path:
    """The folder in ``keep`` of a trained network in all three formats, made where it is missing.

    ``data`` is an .npz as Keras's mnist.npz, whose training digits are taken. Nothing half made is
    left behind.
    """
    made = keep / f"network-{list(NETWORKS).index(name):02}"
    if (made / manifests.NAME).is_file():
        return made
    made.mkdir(parents=True, exist_ok=True)
    logging.getLogger(__name__).info("%s is trained", name)
    network = NETWORKS[name]
    trained(network, read_path(data, Options(split="train"))).save(made / FILE)
    for each in conversion.CONVERSIONS[:2]:
        if not (made / each.folder / "model.json").is_file():
            conversion.run_loadable(each, made / FILE, made)
    lanes = {each.form: f"{each.folder}/model.json" for each in conversion.CONVERSIONS[:2]}
    manifest = Manifest(
        made.name, name, CLASSES, {"keras": FILE, **lanes}, {}, Input(scale=network.scale)
    )
    manifests.write(manifest, made)
    return made


def trained(network: Network, examples: Dataset) -> Any:
    """The network, trained for seconds: every run the same on one machine."""
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    import tf_keras

    tf_keras.backend.clear_session()  # so that layers are numbered the same, whatever came before
    tf_keras.utils.set_random_seed(25)
    few = examples.take(np.arange(min(EXAMPLES, len(examples))))
    pixels = few.pixels()[..., None] * np.float32(network.scale)
    labels = few.labels
    wanted = labels if network.loss.startswith("sparse") else np.eye(10, dtype="float32")[labels]
    model = tf_keras.Sequential(
        [tf_keras.layers.Input((28, 28, 1)), *network.layers(tf_keras.layers)]
    )
    model.compile("adam", network.loss)
    model.fit(pixels, wanted, epochs=EPOCHS, batch_size=BATCH, verbose=0)
    last = next(each for each in reversed(model.layers) if each.weights)
    last.set_weights([each * np.float32(network.sharpened) for each in last.get_weights()])
    return model
