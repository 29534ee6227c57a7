"""Keras 3 answers for what it saved, in the process in which tf_keras answers for the rest."""

from __future__ import annotations

import numpy as np
import pytest

from models import dataset
from models.convert import keras_source
from models.errors import ModelError
from models.formats import manifest
from models.formats.manifest import Manifest
from models.formats.store import EXAMPLES, SHIPPED
from models.lanes import KERAS3, REFERENCE, Lane
from models.runtimes import activations, server_lane
from models.runtimes.keras import keras2, keras_steps
from models.runtimes.predict_set import predict
from models.runtimes.worker import lanes
from models.runtimes.worker.messages import Request
from tests.models.convert.rebuild.test_keras3 import gate, inner, rows

DIGITS = np.random.default_rng(8).random((130, 28, 28), np.float32)
LANE = Lane("keras", KERAS3)


def placed(model, folder):
    """The model's folder, with its original and its rebuild."""
    folder.mkdir()
    model.save(folder / "given.keras")
    source = keras_source.load(folder / "given.keras")
    source.save(folder, "model.h5")
    plain = Manifest("toy", "Toy", ("a", "b", "c"), {"keras": "model.h5"}, {})
    manifest.write(source.described(plain, folder), folder)
    return folder


@pytest.mark.parametrize("build", [gate, inner, rows])
def test_the_answers_are_those_of_keras_3_to_the_last_bit(build, tmp_path):
    model = build()
    folder = placed(model, tmp_path / "toy")
    loaded = server_lane.load(folder, LANE)
    assert loaded.lane == LANE and loaded.classes == 3
    shaped = DIGITS[:16].reshape(-1, *model.input_shape[1:])
    np.testing.assert_array_equal(loaded.predict(DIGITS[:16]), model(shaped, training=False))
    assert loaded.predict(DIGITS).shape == (130, 3)  # more than one batch


def test_every_way_to_ask_a_lane_asks_keras_3(tmp_path):
    folder = placed(gate(), tmp_path / "toy")
    expected = server_lane.load(folder, LANE).predict(DIGITS[:1])
    memory: dict = {}
    request = Request(1, folder, LANE, DIGITS[:1])
    timed = lanes.load(memory, lanes.key_of(request))
    np.testing.assert_array_equal(timed.answer(request).probabilities, expected)
    data = dataset.read_path(EXAMPLES)
    (scores,) = predict(data, [LANE], folder)
    np.testing.assert_array_equal(
        scores.probabilities, server_lane.load(folder, LANE).predict(data.pixels())
    )
    assert server_lane.load(folder, REFERENCE).lane == REFERENCE  # the rebuild can be asked, too


def test_the_rebuild_has_layers_of_the_same_names_that_give_the_same(tmp_path):
    folder = placed(gate(), tmp_path / "toy")
    trace = activations.load(folder, "keras").trace((DIGITS[:4, ..., None],))
    rebuilt = keras2.read(folder / "model.h5")
    outputs = keras_steps.run(rebuilt, (DIGITS[:4, ..., None],))
    assert trace.lane == LANE and set(trace.outputs) <= set(outputs)
    for name, values in trace.outputs.items():
        np.testing.assert_allclose(values, outputs[name], atol=1e-5, err_msg=name)


def test_inner_layers_are_traced_under_the_names_of_the_rebuild(tmp_path):
    trace = activations.load(placed(inner(), tmp_path / "toy"), "keras").trace(
        (DIGITS[:2, ..., None],)
    )
    assert any(name.startswith("features_conv2d") for name in trace.outputs)


def test_a_model_of_tf_keras_has_no_such_lane():
    with pytest.raises(ModelError, match="no file of Keras 3"):
        server_lane.load(SHIPPED, LANE)


def test_a_damaged_original_is_refused_in_a_sentence(tmp_path):
    folder = placed(rows(), tmp_path / "toy")
    (folder / "original.keras").write_bytes(b"PK")
    with pytest.raises(ModelError, match=r"original\.keras is no model that can be loaded"):
        server_lane.load(folder, LANE)


def test_the_reference_is_said_with_the_keras_that_answers():
    assert server_lane.described(LANE).startswith("keras @ keras3 (Keras 3.")
    assert server_lane.described(REFERENCE).startswith("keras @ tensorflow (tf_keras 2.")
    graph = server_lane.described(Lane("graph", "tensorflow"))
    assert graph.startswith("graph @ tensorflow (TensorFlow 2.")
