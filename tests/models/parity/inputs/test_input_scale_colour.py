"""A wrong range of pixels is noticed for pictures in colour, any number of classes, and logits."""

from __future__ import annotations

import re
from functools import cache

import numpy as np
import pytest

from models.dataset import sample_inputs
from models.formats.model_input import Input
from models.parity.inputs.input_scale import SENSIBLE, Scale, better
from models.parity.inputs.other_input import MOST

UNIT, GREY, SIGNED = SENSIBLE
SIDE = 16
GENERATED = (
    sample_inputs.pictures(Input((SIDE, SIDE, 3), framing="none"), MOST).astype(np.float32) / 255
)


def pictures(classes: int, count: int, seed: int):
    """Pictures of 4×4 areas, which are of the colours of their class, and their labels."""
    colours = np.random.default_rng(9).random((classes, 4, 4, 3))
    random, labels = np.random.default_rng(seed), np.arange(count) % classes
    areas = colours[labels].repeat(SIDE // 4, 1).repeat(SIDE // 4, 2)
    noisy = areas * random.uniform(0.5, 1, (count, 1, 1, 1)) + random.normal(0, 0.1, areas.shape)
    return np.clip(noisy, 0, 1).astype(np.float32), labels


def on(scale: Scale, values):
    return values * np.float32(scale.factor) + np.float32(scale.offset)


@cache
def trained(classes: int, end: str, own: Scale):
    import tf_keras
    from tf_keras import layers

    tf_keras.utils.set_random_seed(5)
    steps = [
        *(layers.Conv2D(12, 3, strides=2), layers.BatchNormalization(momentum=0.8)),
        *(layers.ReLU(6.0), layers.Flatten()),
    ]
    last = layers.Dense(classes, None if end == "logits" else end)
    model = tf_keras.Sequential([layers.Input((SIDE, SIDE, 3)), *steps, last])
    given, labels = pictures(classes, max(600, 12 * classes), 1)
    if end == "sigmoid":
        loss, labels = "binary_crossentropy", np.eye(classes)[labels]
    else:
        loss = tf_keras.losses.SparseCategoricalCrossentropy(from_logits=end == "logits")
    model.compile(tf_keras.optimizers.Adam(0.005), loss)
    model.fit(on(own, given), labels, 32, epochs=6, verbose=0)
    return model


def found(model, given: Scale, values, labels=None):
    ask = lambda scale: model(on(scale, values), training=False).numpy()  # noqa: E731
    return better(given, ask(given), labels, ask, generated=values is GENERATED)


MODELS = [
    *(("logits", 6, own) for own in SENSIBLE),
    *(("sigmoid", 6, own) for own in (UNIT, SIGNED)),
    ("softmax", 120, UNIT),
    ("softmax", 120, GREY),
]


@pytest.mark.parametrize("end, classes, own", MODELS)
def test_in_its_own_range_nothing_is_said_on_pictures_of_any_kind(end, classes, own):
    model = trained(classes, end, own)
    values, labels = pictures(classes, MOST, 2)
    assert found(model, own, values, labels) is None
    assert found(model, own, values) is None
    assert found(model, own, GENERATED) is None


# Where a network answers as well in both ranges, nothing is wrong that could be seen.
WRONG = [
    ("logits", 6, SIGNED, UNIT),
    ("logits", 6, GREY, UNIT),
    ("logits", 6, UNIT, GREY),
    ("sigmoid", 6, SIGNED, UNIT),
    ("softmax", 120, GREY, UNIT),
    ("softmax", 120, UNIT, GREY),
]


@pytest.mark.parametrize("end, classes, own, given", WRONG)
def test_in_another_range_its_own_is_named(end, classes, own, given):
    values, labels = pictures(classes, MOST, 2)
    result = found(trained(classes, end, own), given, values, labels)
    assert result is not None
    assert own in (result.better.scale, *(each.scale for each in result.others))


@pytest.mark.parametrize("end, classes", [("logits", 6), ("softmax", 120)])
def test_generated_pictures_tell_that_grey_values_are_wanted(end, classes):
    result = found(trained(classes, end, GREY), UNIT, GENERATED)
    assert result is not None and result.better.scale == GREY


def test_the_sentence_names_the_option():
    values, labels = pictures(6, MOST, 2)
    result = found(trained(6, "logits", SIGNED), UNIT, values, labels)
    assert result is not None
    said = result.sentence("digit-parity add mine m.h5")
    assert said.startswith("The model seems to take pixels from −1 to 1")
    assert "of the labelled inputs are read right" in said
    assert "Run: digit-parity add mine m.h5 --range -1..1" in said


def answers(rows: int, *, varied: bool):
    """Sure answers of two of ten classes in turn, or the same for all."""
    top = np.arange(rows) % 2 if varied else np.zeros(rows, int)
    return np.eye(10)[top] * 0.9 + 0.01


def test_what_little_generated_pictures_tell_is_no_sign_of_another_range():
    some = answers(100, varied=False)
    some[:6] = answers(6, varied=True)  # as dense networks on their own scale answer these
    assert better(UNIT, some, None, lambda scale: answers(100, varied=True)) is not None
    varied = lambda scale: answers(100, varied=True)  # noqa: E731
    assert better(UNIT, some, None, varied, generated=True) is None
    none = answers(100, varied=False)
    assert better(UNIT, none, None, varied, generated=True) is not None


def test_ranges_that_nothing_tells_apart_are_both_named():
    given = answers(100, varied=False)
    result = better(UNIT, given, None, lambda scale: answers(100, varied=True))
    assert result is not None
    said = result.sentence("add")
    assert "from 0 to 255 or −1 to 1, not from 0 to 1: with the first its top" in said
    assert re.search(r"Run: add --range 0\.\.255, or with --range -1\.\.1$", said)


def test_labels_that_speak_against_a_range_are_not_quoted_for_it():
    labels = np.arange(100) // 10  # the same for all reads 10 %, two in turn a few less
    given = answers(100, varied=False)
    varied = answers(100, varied=True)
    varied[[0, 2]] = varied[1]
    result = better(UNIT, given, labels, lambda scale: varied)
    assert result is not None and (result.given.right, result.better.right) == (0.1, 0.08)
    said = result.sentence("add")
    assert "read right" not in said
    assert "its top answer has 91.0 % on average and is of 2 classes" in said


def test_labels_that_are_read_better_than_by_chance_decide_alone():
    labels = np.arange(100) // 50  # one half is read right in either way
    given = answers(100, varied=False)
    assert better(UNIT, given, None, lambda scale: answers(100, varied=True)) is not None
    assert better(UNIT, given, labels, lambda scale: answers(100, varied=True)) is None


def test_one_picture_tells_nothing():
    one = np.array([[0.9, 0.1]])
    assert better(UNIT, one, None, lambda scale: one) is None
