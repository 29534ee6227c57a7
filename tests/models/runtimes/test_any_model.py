"""Both Keras, and what they are converted to, run with any inputs and give every output."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
import tf_keras
from tf_keras import layers

from models.dataset import sample_inputs, samples
from models.formats import manifest as manifests
from models.formats.model_input import Input
from models.formats.store import manifest
from models.formats.tensors import Tensor, typed
from models.lanes import REFERENCE
from models.runtimes import references, tensorflow
from models.runtimes.keras import exact, keras2

WORDS = Tensor("words", (6,), "int32", values=20)
PLACE = Tensor("place", (3,))


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """A model's folder with words and a place, giving a kind and a number."""
    place = tmp_path_factory.mktemp("any")
    words, at = layers.Input((6,), dtype="int32", name="words"), layers.Input((3,), name="place")
    both = layers.Concatenate()([layers.Flatten()(layers.Embedding(20, 4)(words)), at])
    kind = layers.Dense(5, "softmax", name="kind")(both)
    number = layers.Dense(1, name="a_number")(both)
    tf_keras.Model([words, at], [kind, number]).save(place / "model.h5")
    described = replace(
        manifest("mnist"),
        lanes={"keras": "model.h5"},
        files={"model.h5": manifests.record(place / "model.h5")},
        input=None,
        tensors=(WORDS, PLACE),
        outputs=(Tensor("kind", (5,)), Tensor("a_number", (1,))),
    )
    manifests.write(described, place)
    return place


def test_a_lane_gives_every_output_in_the_models_order(folder):
    given = sample_inputs.generated((WORDS, PLACE), 40)
    kind, number = tensorflow.load(folder, "keras").run(given)
    model = keras2.read(folder / "model.h5")
    for found, wanted in zip((kind, number), model(list(given)), strict=True):
        np.testing.assert_allclose(found, wanted, atol=1e-6)


def test_pixels_become_the_bytes_that_a_model_takes():
    """0.2 · 255 is 50.999996 as a float: cut off, it were another level."""
    takes = (Tensor("pixels", (28, 28, 1), "uint8"),)
    levels = np.arange(256, dtype=np.uint8)
    pixels = levels.astype(np.float32) / np.float32(255)
    given = Input(scale=(255.0,)).tensor(np.broadcast_to(pixels[:, None, None], (256, 28, 28)))
    (found,) = typed((given,), takes)
    assert found.dtype == np.uint8
    np.testing.assert_array_equal(found[:, 3, 3, 0], levels)


def test_a_model_of_bytes_is_asked_with_bytes(tmp_path):
    steps = [layers.Rescaling(1 / 255), layers.Flatten(), layers.Dense(3, "softmax")]
    model = tf_keras.Sequential([layers.Input((28, 28, 1), dtype="uint8"), *steps])
    model.save(tmp_path / "model.h5")
    takes = (Tensor(model.input_names[0], (28, 28, 1), "uint8"),)
    described = replace(
        manifest("mnist"),
        lanes={"keras": "model.h5"},
        files={},
        input=Input(scale=(255.0,)),
        tensors=takes,
        classes=("a", "b", "c"),
    )
    manifests.write(described, tmp_path)
    found = sample_inputs.find(described, tmp_path).samples.take(np.arange(9))
    (given,) = found.tensors()
    assert given.dtype == np.uint8 and len(np.unique(given)) > 100
    loaded = tensorflow.load(tmp_path, "keras")
    wanted = model(given)
    np.testing.assert_allclose(loaded.run((given,))[0], wanted, atol=1e-6)
    pixels = given[..., 0].astype(np.float32) / np.float32(255)
    np.testing.assert_allclose(loaded.predict(pixels), wanted, atol=1e-6)


def test_exact_gives_every_output_in_float64(folder):
    given = sample_inputs.generated((WORDS, PLACE), 100)
    model = keras2.read(folder / "model.h5")
    found = exact.answers(model, given, tf_keras)
    for one, wanted in zip(found, model(list(given)), strict=True):
        assert one.dtype == np.float64 and 0 < np.abs(one - wanted).max() < 1e-5


def test_each_output_has_a_rule_of_its_own(folder):
    described = manifests.read(folder)
    given = samples.of_tensors(sample_inputs.generated(described.takes, 64))
    found = references.find(described, folder, given)
    assert found.names == ("kind", "a_number")
    assert [each.head for each in found.judges] == ["softmax", "values"]
    assert found.rounding is None and found.estimated is None
    assert found.judged(REFERENCE, found.answers).kind == "passed"
    moved = (found.answers[0], found.answers[1] + np.float32(1e-3))
    judged = found.judged(REFERENCE, moved)
    assert judged.kind == "differs" and judged.reason.startswith("Output a_number: ")
