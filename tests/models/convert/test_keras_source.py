"""Models on disk: which are loaded, and which are refused before their code runs."""

from __future__ import annotations

import numpy as np
import pytest

from models.convert import keras_source
from models.errors import ModelError
from models.formats.tensors import Tensor

NOISE = np.random.default_rng(5).normal(size=(8, 28, 28, 1)).astype(np.float32)


def classifier(shape=(28, 28, 1)):
    from tf_keras import Sequential, layers

    return Sequential(
        [layers.Input(shape), layers.Flatten(), layers.Dense(3, activation="softmax")]
    )


@pytest.mark.parametrize("name", ["model.h5", "model.keras", "model"])
def test_a_model_that_tf_keras_saved_is_loaded(name, tmp_path):
    model = classifier()
    model.save(tmp_path / name)
    read = keras_source.load(tmp_path / name)
    np.testing.assert_allclose(read.model(NOISE), model(NOISE), atol=1e-7)
    assert not read.original and not read.changes


@pytest.mark.parametrize("name", ["model.h5", "model.keras", "model"])
def test_a_lambda_layer_is_refused_and_its_code_not_run(name, tmp_path):
    from tf_keras import Sequential, layers

    trace = tmp_path / "trace"
    layer = layers.Lambda(lambda x, to=str(trace): (open(to, "w").close(), x)[1])  # noqa: PTH123
    Sequential([layers.Input((28, 28, 1)), layer, classifier()]).save(tmp_path / name)
    trace.unlink()
    with pytest.raises(ModelError, match="Lambda layer: Python code"):
        keras_source.load(tmp_path / name)
    assert not trace.exists()


@pytest.mark.parametrize("name", ["model.h5", "model.keras", "model"])
def test_functions_of_tensorflow_that_only_compute_are_loaded(name, tmp_path):
    import tensorflow as tf
    from tf_keras import Model, layers

    pixels = layers.Input((28, 28, 1))
    halved = tf.nn.relu(pixels * 2.0)[:, ::2, ::2] + 1.0
    model = Model(pixels, classifier((14, 14, 1))(halved))
    model.save(tmp_path / name)
    np.testing.assert_allclose(keras_source.load(tmp_path / name).model(NOISE), model(NOISE))


@pytest.mark.parametrize("name", ["model.h5", "model.keras", "model"])
def test_a_function_that_does_more_is_refused_by_its_name(name, tmp_path):
    import tensorflow as tf
    from tf_keras import Model, layers

    pixels = layers.Input((28, 28, 1))
    shown = tf.debugging.check_numerics(pixels, "bad")
    Model(pixels, classifier()(shown)).save(tmp_path / name)
    with pytest.raises(ModelError, match=r"calls 'tf\.debugging\.check_numerics' of TensorFlow"):
        keras_source.load(tmp_path / name)


def test_two_inputs_and_two_outputs_keep_their_order_and_names(tmp_path):
    from tf_keras import Model, layers

    one, other = layers.Input((28, 28, 1), name="one"), layers.Input((4,), name="an_other")
    model = classifier()
    Model([one, other], [model(one), layers.Dense(2, name="first")(other)]).save(tmp_path / "m.h5")
    read = keras_source.load(tmp_path / "m.h5")
    assert read.taken.tensors == (Tensor("one", (28, 28, 1)), Tensor("an_other", (4,)))
    assert read.taken.input is None
    assert [(each.name, each.shape) for each in read.gives] == [
        (model.name, (3,)),
        ("first", (2,)),
    ]


@pytest.mark.parametrize("shape", [(32, 32, 1), (28, 28, 3), (784,), (28, 28), (3, 32, 32), (4,)])
def test_a_model_of_any_shape_is_loaded_as_it_is(shape, tmp_path):
    classifier(shape).save(tmp_path / "model.h5")
    read = keras_source.load(tmp_path / "model.h5")
    assert read.model.input_shape == (None, *shape)
    assert [each.shape for each in read.taken.tensors] == [shape]
    assert (read.taken.input is None) == (shape not in {(784,), (28, 28)})


def test_a_file_that_is_no_model_is_refused(tmp_path, small_model):
    (tmp_path / "text.h5").write_text("text")
    classifier().save_weights(tmp_path / "weights.h5")
    (tmp_path / "folder").mkdir()
    for path, words in {
        tmp_path / "none.h5": "nothing at",
        tmp_path / "text.h5": "no model that can be loaded",
        tmp_path / "weights.h5": "weights without a model",
        tmp_path / "folder": "does not say which layers",
        small_model / "model_graph": "already converted",
    }.items():
        with pytest.raises(ModelError, match=words):
            keras_source.load(path)
