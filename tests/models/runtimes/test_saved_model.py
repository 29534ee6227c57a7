"""A SavedModel that has a graph alone runs on TensorFlow as what wrote it does."""

from __future__ import annotations

import keras
import numpy as np
import pytest
import tensorflow as tf

from models.errors import ModelError
from models.formats import anatomy
from models.formats.tensors import Tensor
from models.runtimes import saved_model
from models.runtimes.keras import keras2

NOISE = np.random.default_rng(4).normal(size=(9, 6)).astype(np.float32)


@pytest.fixture(scope="module")
def exported(tmp_path_factory):
    """What Keras 3 exports of a model of two inputs and two outputs of one shape, and the model."""
    zeta, alpha = (keras.layers.Input((6,), name=name) for name in ("zeta", "alpha"))
    gives = {"kind": keras.layers.Dense(3)(zeta), "age": keras.layers.Dense(3)(alpha)}
    model = keras.Model([zeta, alpha], gives)
    folder = tmp_path_factory.mktemp("exported") / "model"
    model.export(folder, verbose=False)
    return folder, model


def test_it_is_told_from_what_keras_saves(exported, tmp_path):
    import tf_keras

    tf_keras.Sequential([tf_keras.layers.Dense(2, input_shape=(3,))]).save(tmp_path / "kept")
    assert saved_model.is_exported(exported[0])
    assert not saved_model.is_exported(tmp_path / "kept")
    assert not saved_model.is_exported(tmp_path)


def test_every_output_is_as_in_keras_by_its_name(exported):
    folder, model = exported
    found = saved_model.read(folder)
    assert [each.name for each in found.takes] == ["alpha", "zeta"]
    assert found.gives == (Tensor("age", (3,)), Tensor("kind", (3,)))
    age, kind = saved_model.session(folder, found.takes).call((NOISE, NOISE + 1))
    wanted = model([NOISE + 1, NOISE])
    np.testing.assert_allclose(age, wanted["age"], atol=1e-6)
    np.testing.assert_allclose(kind, wanted["kind"], atol=1e-6)


def test_its_layers_cannot_be_asked_for(exported):
    with pytest.raises(ModelError, match="was exported: it has a graph, and no layers to load"):
        keras2.read(exported[0])
    with pytest.raises(ModelError, match="was exported: it has a graph, and no layers to take"):
        anatomy.read_keras(exported[0])


def test_only_its_own_files_are_copied(exported, tmp_path):
    saved_model.copy(exported[0], tmp_path / "copy")
    copied = {each.name for each in (tmp_path / "copy").rglob("*") if each.is_file()}
    assert copied == {"saved_model.pb", "variables.index", "variables.data-00000-of-00001"}
    assert saved_model.read(tmp_path / "copy").takes == saved_model.read(exported[0]).takes


def test_one_with_other_signatures_alone_is_refused_and_the_way_out_leads_on(tmp_path):
    module = tf.Module()
    double = tf.function(lambda x: 2 * x, input_signature=[tf.TensorSpec((None, 2), name="x")])
    module.call = double
    tf.saved_model.save(module, str(tmp_path / "other"), signatures={"other": double})
    with pytest.raises(ModelError, match=r"no signature serving_default \(it has: 'other'\)"):
        saved_model.read(tmp_path / "other")
    tf.saved_model.save(module, str(tmp_path / "one"), signatures={saved_model.SERVING: double})
    assert saved_model.read(tmp_path / "one").takes == (Tensor("x", (2,)),)


def test_texts_are_refused(tmp_path):
    module = tf.Module()
    length = tf.function(tf.strings.length, input_signature=[tf.TensorSpec((None,), tf.string)])
    module.call = length
    tf.saved_model.save(module, str(tmp_path / "m"), signatures={saved_model.SERVING: length})
    with pytest.raises(ModelError, match="string"):
        saved_model.read(tmp_path / "m")


@pytest.mark.parametrize(
    "use", [saved_model.read, lambda at: saved_model.copy(at, at.parent / "copy")]
)
def test_one_that_writes_files_is_refused_before_it_is_loaded(use, tmp_path, monkeypatch):
    module, written = tf.Module(), str(tmp_path / "written")

    @tf.function(input_signature=[tf.TensorSpec((None, 2))])
    def evil(x):
        tf.io.write_file(written, "evil")
        return x

    module.call = evil
    tf.saved_model.save(module, str(tmp_path / "m"), signatures={saved_model.SERVING: evil})
    monkeypatch.setattr(tf.saved_model, "load", lambda *_: pytest.fail("it was loaded"))
    with pytest.raises(ModelError, match="has the operation 'WriteFile'"):
        use(tmp_path / "m")
    assert not (tmp_path / "copy").exists()
