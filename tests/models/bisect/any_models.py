"""Small models of other inputs and outputs than a digit's: what people have."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

from models.formats.manifest import Manifest, write
from models.formats.model_input import Input
from models.formats.tensors import Tensor, Tensors
from tests.support.weight_faults import scattered_all, to_all_formats


def colour() -> Any:
    """Colours whose values the model itself brings to -1 … 1, and two outputs."""
    from tf_keras import Model, layers

    start = layers.Input((16, 16, 3), name="photo")
    x = layers.Rescaling(1 / 127.5, offset=-1, name="rescaled")(start)
    x = layers.Conv2D(6, 3, use_bias=False, name="conv")(x)
    x = layers.BatchNormalization(name="norm")(x)
    x = layers.ReLU(6.0, name="relu6")(x)
    x = layers.GlobalAveragePooling2D(name="pooled")(x)
    kind = layers.Dense(5, activation="softmax", name="kind")(x)
    tags = layers.Dense(3, activation="sigmoid", name="tags")(x)
    return Model(start, [kind, tags], name="colour")


def mobile() -> Any:
    """Inverted residuals with depthwise convolutions and ReLU6, as in MobileNetV2."""
    from tf_keras import Model, layers

    def normed(x: Any, name: str) -> Any:
        return layers.BatchNormalization(name=f"{name}_norm")(x)

    start = layers.Input((16, 16, 3), name="photo")
    x = layers.Conv2D(4, 3, 2, "same", use_bias=False, name="stem")(start)
    x = layers.ReLU(6.0, name="stem_relu")(normed(x, "stem"))
    for block in ("one", "two"):
        y = layers.Conv2D(8, 1, use_bias=False, name=f"{block}_expand")(x)
        y = layers.ReLU(6.0, name=f"{block}_expand_relu")(normed(y, f"{block}_expand"))
        y = layers.DepthwiseConv2D(3, 1, "same", use_bias=False, name=f"{block}_deep")(y)
        y = layers.ReLU(6.0, name=f"{block}_deep_relu")(normed(y, f"{block}_deep"))
        y = layers.Conv2D(4, 1, use_bias=False, name=f"{block}_project")(y)
        x = layers.Add(name=f"{block}_sum")([x, normed(y, f"{block}_project")])
    x = layers.GlobalAveragePooling2D(name="pooled")(x)
    return Model(start, layers.Dense(5, activation="softmax", name="out")(x), name="mobile")


def two_inputs() -> Any:
    """A picture and four numbers, of which one has a name that comes before the other's."""
    from tf_keras import Model, layers

    picture, values = layers.Input((8, 8, 1), name="picture"), layers.Input((4,), name="age")
    x = layers.Flatten(name="flat")(layers.Conv2D(4, 3, activation="relu", name="conv")(picture))
    x = layers.Concatenate(name="both")([x, layers.Dense(8, "relu", name="wide")(values)])
    return Model([picture, values], layers.Dense(3, "softmax", name="out")(x), name="two_inputs")


def words() -> Any:
    """A sequence of word numbers."""
    from tf_keras import Sequential, layers

    listed = [
        layers.Input((6,), dtype="int32", name="words"),
        layers.Embedding(50, 4, name="vectors"),
        layers.GlobalAveragePooling1D(name="mean"),
        layers.Dense(1, activation="sigmoid", name="out"),
    ]
    return Sequential(listed, name="words_model")


def teachable() -> Any:
    """A Sequential of two Sequentials, the first of which has a functional model inside."""
    from tf_keras import Sequential, layers

    pooled = [mobile_body(), layers.GlobalAveragePooling2D(name="pooled")]
    head = [
        layers.Dense(6, "relu", input_shape=(4,), name="dense_Dense1"),
        layers.Dense(3, "softmax", use_bias=False, name="dense_Dense2"),
    ]
    return Sequential([Sequential(pooled, "features"), Sequential(head, "head")], "teachable")


def mobile_body() -> Any:
    """The mobile network without its end."""
    from tf_keras import Model

    whole = mobile()
    return Model(whole.input, whole.get_layer("two_sum").output, name="body")


def branches() -> Any:
    """An inner model of two inputs and two outputs, called twice, and given a dictionary."""
    from tf_keras import Model, layers

    left, right = layers.Input((4,), name="left"), layers.Input((3,), name="right")
    wide = layers.Dense(4, "tanh", name="wide")(layers.Concatenate(name="joined")([left, right]))
    inner = Model([left, right], [wide, layers.Dense(3, name="narrow")(wide)], name="inner")
    first, second = layers.Input((4,), name="second"), layers.Input((3,), name="first")
    x, y = inner(list(inner([first, second])))
    sums = layers.Concatenate(name="sums")([x, y])
    return Model(
        {"second": first, "first": second}, layers.Dense(2, name="out")(sums), name="branches"
    )


def channels_first() -> Any:
    """A picture whose channels come first, which a Permute moves to the end."""
    from tf_keras import Sequential, layers

    listed = [
        layers.Input((3, 12, 10), name="picture"),
        layers.Permute((2, 3, 1), name="last"),
        layers.Conv2D(4, 3, activation="relu", name="conv"),
        layers.Flatten(name="flat"),
        layers.Dense(3, activation="softmax", name="out"),
    ]
    return Sequential(listed, name="channels_first")


MODELS: dict[str, Callable[[], Any]] = {
    each.__name__: each
    for each in (colour, mobile, two_inputs, words, teachable, branches, channels_first)
}
_PICTURES = {
    "colour": Input((16, 16, 3), (255.0,), framing="none"),
    "mobile": Input((16, 16, 3), framing="none"),
    "teachable": Input((16, 16, 3), framing="none"),
    "channels_first": Input((3, 12, 10), layout="CHW", framing="none"),
}


def made(name: str, folder: Path, build: Callable[[], Any] | None = None) -> Path:
    """Write a model of ``MODELS``, or another, in all three formats, with its manifest."""
    model = scattered_all((build or MODELS[name])())
    lanes = to_all_formats(model, folder)
    manifest = Manifest(
        folder.name,
        folder.name,
        tuple(map(str, range(model.outputs[0].shape[-1]))),
        lanes,
        {},
        input=_PICTURES.get(name),
        tensors=tuple(map(_taken, model.inputs)),
        outputs=tuple(
            Tensor(each, tuple(tensor.shape[1:]))
            for each, tensor in zip(model.output_names, model.outputs, strict=True)
        ),
        answers="values",
    )
    write(manifest, folder)
    return folder


def _taken(tensor: Any) -> Tensor:
    return Tensor(tensor.node.layer.name, tuple(tensor.shape[1:]), tensor.dtype.name)


def inputs(takes: tuple[Tensor, ...], count: int = 5) -> Tensors:
    """Random inputs: whole numbers below 50 where a model takes such."""
    rng = np.random.default_rng(5)
    return tuple(
        rng.integers(0, 50, (count, *each.whole)).astype(each.dtype)
        if each.dtype.startswith(("int", "uint"))
        else rng.random((count, *each.whole)).astype(each.dtype)
        for each in takes
    )
