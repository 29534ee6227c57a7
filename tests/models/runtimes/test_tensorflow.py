"""A lane of TensorFlow answers as Keras does, or says in a sentence why it cannot."""

from __future__ import annotations

import json
import shutil
import sys

import numpy as np
import pytest

from models.errors import ModelError
from models.formats.store import SHIPPED
from models.lanes import FORMATS
from models.runtimes import activations, tensorflow
from tests.support import weight_faults as faults

DIGITS = np.random.default_rng(0).random((5, 28, 28), np.float32)


@pytest.mark.parametrize("form", FORMATS)
@pytest.mark.parametrize("missing", ["tensorflow", "tf_keras"])
def test_a_server_without_tensorflow_says_so(form, missing, monkeypatch):
    monkeypatch.setitem(sys.modules, missing, None)
    sentence = f"^The package {missing} is not installed here, so nothing can run on TensorFlow.$"
    with pytest.raises(ModelError, match=sentence):
        tensorflow.load(SHIPPED, form)


@pytest.mark.parametrize("stored", ["looped", "looped_by_functions"])
def test_a_graph_with_a_branch_and_a_loop_answers_as_keras(stored, request):
    folder = request.getfixturevalue(stored)
    wanted, found = (tensorflow.load(folder, form).predict(DIGITS) for form in ("keras", "graph"))
    np.testing.assert_allclose(found, wanted, rtol=0, atol=1e-6)


def test_a_sum_of_two_products_that_the_converter_fused_is_computed(tmp_path):
    from tf_keras import Sequential, layers

    stack = [layers.Reshape((28, 28)), layers.LSTM(4), layers.Dense(10, activation="softmax")]
    model = faults.scattered(Sequential([layers.Input((28, 28, 1)), *stack]))
    folder = faults.convert(model, tmp_path / "lstm")
    wanted, found = (tensorflow.load(folder, form).predict(DIGITS) for form in ("keras", "graph"))
    np.testing.assert_allclose(found, wanted, rtol=0, atol=1e-6)


def test_constants_that_wait_for_the_input_keep_nothing_waiting(tmp_path):
    shutil.copytree(SHIPPED, tmp_path / "mnist")
    path = tmp_path / "mnist" / "model_graph" / "model.json"
    stored = json.loads(path.read_text("utf-8"))
    nodes = stored["modelTopology"]["node"]
    (pixels,) = (node["name"] for node in nodes if node["op"] == "Placeholder")
    for node in nodes:
        if node["op"] == "Const":  # as converters up to 2.0 wrote them
            node["input"] = [f"^{pixels}"]
    path.write_text(json.dumps(stored), "utf-8")
    wanted, found = (
        tensorflow.load(folder, "graph").predict(DIGITS) for folder in (SHIPPED, path.parents[1])
    )
    np.testing.assert_array_equal(found, wanted)
    assert activations.load(path.parents[1], "graph").trace((DIGITS[..., None],)).outputs


def test_an_operation_that_tensorflow_lacks_is_named(tmp_path):
    shutil.copytree(SHIPPED, tmp_path / "mnist")
    path = tmp_path / "mnist" / "model_graph" / "model.json"
    faults.change_node(path, "probabilities/Softmax", "UnheardOf")
    with pytest.raises(ModelError, match=r": it has no operation UnheardOf\. TensorFlow\.js,"):
        tensorflow.load(tmp_path / "mnist", "graph")
