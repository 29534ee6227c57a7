"""A model that is given its pixels on another scale than it was trained on is noticed."""

from __future__ import annotations

from functools import cache

import numpy as np
import pytest

from models import dataset
from models.digit.augment import augment
from models.formats.store import EXAMPLES
from models.parity.inputs.input_scale import SENSIBLE, Scale, better

UNIT, GREY, SIGNED = SENSIBLE
DATA = dataset.read_path(EXAMPLES)
AT = np.arange(1400) % len(DATA)
PIXELS = augment(DATA.pixels()[AT], np.random.default_rng(3)).astype(np.float32)
LABELS = DATA.labels[AT].astype(np.int64)
SEEN = slice(400, None)  # the others are asked


def on(scale: Scale, pixels):
    return (pixels * np.float32(scale.factor) + np.float32(scale.offset))[..., None]


@cache
def trained(outputs: int, scale: Scale, kind: str):
    """A small network of that many outputs; of one or two they tell even digits from odd ones."""
    import tf_keras
    from tf_keras import layers

    tf_keras.utils.set_random_seed(5)
    first = {
        "dense": [layers.Flatten(), layers.Dense(32, "relu")],
        "convolution": [layers.Conv2D(8, 3, strides=2, activation="relu"), layers.Flatten()],
        "normalised": [
            *(layers.Conv2D(8, 3, strides=2), layers.BatchNormalization(momentum=0.8)),
            *(layers.ReLU(), layers.Flatten()),
        ],
    }[kind]
    last = layers.Dense(outputs, "sigmoid" if outputs == 1 else "softmax")
    model = tf_keras.Sequential([layers.Input((28, 28, 1)), *first, last])
    loss = "binary_crossentropy" if outputs == 1 else "sparse_categorical_crossentropy"
    model.compile(tf_keras.optimizers.Adam(0.003), loss)
    model.fit(on(scale, PIXELS[SEEN]), labels(outputs)[SEEN], 32, epochs=6, verbose=0)
    return model


def labels(outputs: int):
    return LABELS if outputs == 10 else LABELS % 2


def found(outputs: int, kind: str, own: Scale, given: Scale, labelled: bool) -> Scale | None:
    model = trained(outputs, own, kind)
    ask = lambda scale: model(on(scale, PIXELS[:400]), training=False).numpy()  # noqa: E731
    asked = labels(outputs)[:400] if labelled else None
    result = better(given, ask(given), asked, ask)
    return result and result.better.scale


MODELS = [
    *((10, kind, own) for kind in ("convolution", "normalised") for own in SENSIBLE),
    *((2, "convolution", own) for own in SENSIBLE),
    *((1, "dense", own) for own in (UNIT, GREY)),
]
WRONG = [(*each, given) for each in MODELS for given in (UNIT, GREY) if given != each[2]]


@pytest.mark.parametrize("labelled", [True, False], ids=["labelled", "unlabelled"])
@pytest.mark.parametrize("outputs, kind, own", MODELS)
def test_on_its_own_scale_nothing_is_said(outputs, kind, own, labelled):
    assert found(outputs, kind, own, own, labelled) is None


@pytest.mark.parametrize("outputs, kind, own, given", WRONG)
def test_on_another_scale_its_own_is_found(outputs, kind, own, given):
    assert found(outputs, kind, own, given, labelled=True) == own


# Between 0 to 1 and −1 to 1 a network may answer nearly as well: then only labels tell.
FAR = [each for each in WRONG if {each[2], each[3]} != {UNIT, SIGNED}]


@pytest.mark.parametrize("outputs, kind, own, given", FAR)
def test_without_labels_a_scale_that_is_far_off_is_noticed(outputs, kind, own, given):
    assert found(outputs, kind, own, given, labelled=False) in (own, UNIT, SIGNED)
    if own == GREY:
        assert found(outputs, kind, own, given, labelled=False) == GREY
