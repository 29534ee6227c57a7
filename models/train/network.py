"""The network: blocks of 3×3 convolutions, halved between them, averaged over the picture."""

from __future__ import annotations

from typing import Any

from models.errors import InputError

Blocks = tuple[tuple[int, ...], ...]

BLOCKS: Blocks = ((16, 16), (32, 32), (48, 48, 64, 64))


def parse(text: str) -> Blocks:
    """``16-16/32-32/64``: the channels of each convolution; at a slash the picture is halved.

    Raises InputError for any other text.
    """
    try:
        blocks = tuple(tuple(int(width) for width in each.split("-")) for each in text.split("/"))
    except ValueError:
        blocks = ()
    if not blocks or min(min(block) for block in blocks) < 1:
        raise InputError(f"{text!r} names no blocks. Expected channels as in 16-16/32-32/64.")
    return blocks


def build(blocks: Blocks = BLOCKS, classes: int = 10, *, precision: str = "float32") -> Any:
    """A tf_keras model: (batch, 28, 28, 1) float32 in [0, 1] → (batch, classes) probabilities.

    Each convolution is followed by batch normalisation and ReLU; between blocks the picture is
    halved. Global average pooling keeps the head small and forgives small shifts.

    ``precision`` is Keras's policy for all but the last layer; ``mixed_bfloat16`` trains a network
    one and a half times as fast where the processor knows bfloat16.
    """
    from tf_keras import Model, layers

    kind = {"dtype": precision}
    pixels = layers.Input((28, 28, 1), name="pixels")
    x, number = pixels, 0
    for block in blocks:
        if number:
            x = layers.MaxPooling2D(2, name=f"pool{number}", **kind)(x)
        for width in block:
            number += 1
            convolve = layers.Conv2D(
                width, 3, padding="same", use_bias=False, name=f"conv{number}", **kind
            )
            x = convolve(x)
            x = layers.BatchNormalization(momentum=0.95, name=f"norm{number}", **kind)(x)
            x = layers.ReLU(name=f"relu{number}", **kind)(x)
    x = layers.GlobalAveragePooling2D(name="average", **kind)(x)
    probabilities = layers.Dense(classes, activation="softmax", name="probabilities")(x)
    return Model(pixels, probabilities, name="digit_parity")
