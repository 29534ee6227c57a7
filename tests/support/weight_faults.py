"""Models that are hard to convert, and faults to plant in copies of stored models."""

from __future__ import annotations

import base64
import json
import math
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np

from models.formats.manifest import Manifest, write

ITEMS = {"float32": 4}


def change_weight(path: Path, name: str, change: Callable[[np.ndarray], np.ndarray]) -> None:
    """Replace the float32 weight ``name`` of a ``model.json`` by what ``change`` makes of it."""
    (group,) = json.loads(path.read_text("utf-8"))["weightsManifest"]
    start = 0
    for entry in group["weights"]:
        size = 4 * math.prod(entry["shape"])  # int32 has four bytes too
        if entry["name"].endswith(name):
            break
        start += size
    else:
        raise AssertionError(f"no weight {name}")
    shards = [path.parent / each for each in group["paths"]]
    raw = bytearray(b"".join(each.read_bytes() for each in shards))
    old = np.frombuffer(raw[start : start + size], "<f4").reshape(entry["shape"])
    new = np.ascontiguousarray(change(old.copy()), "<f4")
    assert new.shape == old.shape and not np.array_equal(new, old)
    raw[start : start + size] = new.tobytes()
    for shard in shards:
        length = shard.stat().st_size
        shard.write_bytes(raw[:length])
        del raw[:length]


def change_layer(path: Path, name: str, kind: str | None = None, **settings: Any) -> None:
    """Change a layer of a layers model, or of one inside: its class, or entries of its config."""
    stored = json.loads(path.read_text("utf-8"))
    layers = _layers(stored["modelTopology"]["model_config"])
    layer = next(each for each in layers if each["config"]["name"] == name)
    layer["class_name"] = kind or layer["class_name"]
    layer["config"] |= settings
    path.write_text(json.dumps(stored), "utf-8")


def _layers(model: dict[str, Any]) -> Iterator[dict[str, Any]]:
    for layer in model["config"]["layers"]:
        yield layer
        if "layers" in layer["config"]:
            yield from _layers(layer)


def change_node(path: Path, name: str, op: str | None = None, **attributes: Any) -> None:
    """Change an operation of a graph model: its kind, or attributes in protobuf's JSON."""
    stored = json.loads(path.read_text("utf-8"))
    node = next(each for each in stored["modelTopology"]["node"] if each["name"].endswith(name))
    node["op"] = op or node["op"]
    node["attr"] |= attributes
    path.write_text(json.dumps(stored), "utf-8")


def fused(*operations: str) -> dict[str, Any]:
    """The attribute ``fused_ops``."""
    return {"list": {"s": [base64.b64encode(each.encode()).decode() for each in operations]}}


def text(value: str) -> dict[str, Any]:
    """An attribute that is a text."""
    return {"s": base64.b64encode(value.encode()).decode()}


def whole(*numbers: int) -> dict[str, Any]:
    """An attribute that is a list of whole numbers."""
    return {"list": {"i": [str(each) for each in numbers]}}


def shifted(index: int, by: float) -> Callable[[np.ndarray], np.ndarray]:
    """One value changed."""

    def change(values: np.ndarray) -> np.ndarray:
        values.flat[index] += by
        return values

    return change


def transposed(values: np.ndarray) -> np.ndarray:
    """A kernel with its height and width swapped."""
    return values.swapaxes(0, 1)


def flipped(values: np.ndarray) -> np.ndarray:
    """The sign of the largest value flipped."""
    values.flat[np.abs(values).argmax()] *= -1
    return values


def grown(share: float, index: int | None = None) -> Callable[[np.ndarray], np.ndarray]:
    """One value, the largest unless given, grown by a share of itself."""

    def change(values: np.ndarray) -> np.ndarray:
        values.flat[np.abs(values).argmax() if index is None else index] *= 1 + share
        return values

    return change


def scaled(factor: float) -> Callable[[np.ndarray], np.ndarray]:
    """All values times a factor."""
    return lambda values: values * np.float32(factor)


def sides_swapped(values: np.ndarray) -> np.ndarray:
    """Paddings, whole numbers, with before and after swapped."""
    return np.ascontiguousarray(values.view("<i4")[:, ::-1]).view("<f4")


def stepped_model() -> Any:
    """A model of what is looked at apart: a padding, a stride, a layer that is called twice, a
    model inside, normalisation that is folded and one that is not, a softmax.
    """
    from tf_keras import Model, Sequential, layers

    pixels = layers.Input((28, 28, 1), name="pixels")
    x = layers.ZeroPadding2D(((0, 1), (0, 1)), name="padded")(pixels)
    x = layers.Conv2D(4, 3, strides=2, activation="relu", name="first")(x)
    again = layers.Conv2D(4, 3, padding="same", activation="tanh", name="again")
    x = again(again(x))
    inner = [
        layers.Input((14, 14, 4)),
        layers.Conv2D(4, 3, name="conv"),
        layers.BatchNormalization(name="norm1"),
        layers.ReLU(name="relu"),
    ]
    x = Sequential(inner, "inner")(x)
    x = layers.MaxPooling2D(name="pooled")(x)
    x = layers.BatchNormalization(name="norm2")(x)
    x = layers.Flatten(name="flat")(x)
    return Model(pixels, layers.Dense(10, activation="softmax", name="out")(x), name="stepped")


def hard_model() -> Any:
    """A model that is hard to convert: each of its layers is stored in another way."""
    from tf_keras import Model, layers

    pixels = layers.Input((28, 28, 1), name="pixels")
    x = layers.Conv2D(8, 3, padding="same", activation="relu", name="stem")(pixels)
    x = layers.SeparableConv2D(8, 3, padding="same", name="separable")(x)
    x = layers.BatchNormalization(name="norm1")(x)
    x = layers.PReLU(shared_axes=[1, 2], name="prelu")(x)
    y = layers.Conv2D(8, 3, padding="same", dilation_rate=2, name="dilated")(x)
    y = layers.BatchNormalization(name="norm2")(y)
    y = layers.LeakyReLU(0.1, name="leaky")(y)
    y = layers.Conv2D(8, 1, use_bias=False, name="mixed")(y)
    y = layers.BatchNormalization(name="norm3")(y)
    x = layers.Add(name="sum")([x, y])
    x = layers.Activation("relu", name="relu")(x)
    x = layers.ZeroPadding2D(1, name="padded")(x)
    x = layers.DepthwiseConv2D(3, strides=2, use_bias=False, name="depthwise")(x)
    x = layers.BatchNormalization(name="norm4")(x)
    x = layers.ReLU(6.0, name="relu6")(x)
    x = layers.AveragePooling2D(2, name="pooled")(x)
    x = layers.Dropout(0.5, name="dropped")(x)
    left = layers.Conv2D(4, 3, activation="elu", name="left")(x)
    right = layers.Conv2D(4, 3, activation="tanh", name="right")(x)
    x = layers.Concatenate(name="both")([left, right])
    x = layers.Flatten(name="flat")(x)
    x = layers.Dense(16, activation="relu", name="dense")(x)
    x = layers.BatchNormalization(name="norm5")(x)
    x = layers.Dense(10, name="logits")(x)
    return Model(pixels, layers.Softmax(name="probabilities")(x), name="hard")


def looped_model() -> Any:
    """A model whose graph has a branch, in its crop, and a loop."""
    from tf_keras import Sequential, layers

    return Sequential(
        [
            layers.Input((28, 28, 1)),
            layers.CenterCrop(20, 20, name="crop"),
            layers.Reshape((20, 20), name="rows"),
            layers.GRU(4, name="gru"),
            layers.Dense(10, activation="softmax", name="out"),
        ]
    )


def scattered(model: Any) -> Any:
    """The model with random weights, so that no layer is like another."""
    rng = np.random.default_rng(0)
    model.set_weights(
        [
            rng.uniform(0.5, 1.5, each.shape)
            if each.name.startswith(
                tuple(f"norm{n}/{w}" for n in range(9) for w in ("g", "moving_v"))
            )
            else rng.normal(size=each.shape) * 0.3
            for each in model.weights
        ]
    )
    return model


def scattered_all(model: Any) -> Any:
    """The same for a model whose layers have any names, those of models inside it too."""
    rng = np.random.default_rng(0)
    for layer in _leaves(model):
        layer.set_weights([_scattered(rng, each) for each in layer.weights])
    return model


def _leaves(model: Any) -> Iterator[Any]:
    for layer in model.layers:
        if hasattr(layer, "layers"):
            yield from _leaves(layer)
        else:
            yield layer


def _scattered(rng: np.random.Generator, weight: Any) -> np.ndarray:
    if "variance" in weight.name or "gamma" in weight.name:
        return rng.uniform(0.5, 1.5, weight.shape)
    return rng.normal(size=weight.shape) * 0.3


def convert(model: Any, folder: Path) -> Path:
    """Write the model in all three formats, with a manifest, as ``models.convert`` would."""
    lanes = to_all_formats(model, folder)
    write(Manifest(folder.name, folder.name, tuple("0123456789"), lanes, {}), folder)
    return folder


def to_all_formats(model: Any, folder: Path) -> dict[str, str]:
    """Write the model in all three formats. Returns what a manifest says of them."""
    from models.convert.runs import CONVERSIONS, run_loadable

    folder.mkdir(parents=True, exist_ok=True)
    model.save(folder / "model.h5")
    for each in CONVERSIONS[:2]:
        run_loadable(each, folder / "model.h5", folder)
    lanes = {each.form: f"{each.folder}/model.json" for each in CONVERSIONS[:2]}
    return {"keras": "model.h5", **lanes}
