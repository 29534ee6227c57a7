"""Models on disk: which are loaded, and which are refused before their code runs."""

from __future__ import annotations

import numpy as np
import pytest

from models.convert import keras3, keras_source
from models.errors import ModelError

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
    np.testing.assert_allclose(read(NOISE), model(NOISE), atol=1e-7)


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


def test_a_bare_function_of_tensorflow_is_refused(tmp_path):
    from tf_keras import Model, layers

    pixels = layers.Input((28, 28, 1))
    Model(pixels, classifier()(pixels * 2.0)).save(tmp_path / "model.h5")
    with pytest.raises(ModelError, match="TFOpLambda layer"):
        keras_source.load(tmp_path / "model.h5")


def test_two_inputs_and_two_outputs_are_refused(tmp_path):
    from tf_keras import Model, layers

    one, other = layers.Input((28, 28, 1), name="one"), layers.Input((28, 28, 1), name="other")
    model = classifier()
    Model([one, other], model(layers.Add()([one, other]))).save(tmp_path / "in.h5")
    with pytest.raises(ModelError, match=r"2 inputs: one .*, other .*Expected one input"):
        keras_source.load(tmp_path / "in.h5")
    Model(one, [model(one), layers.Flatten()(one)]).save(tmp_path / "out.h5")
    with pytest.raises(ModelError, match="2 outputs"):
        keras_source.load(tmp_path / "out.h5")


@pytest.mark.parametrize(
    "shape, words",
    [
        ((32, 32, 1), r"maps \(None, 32, 32, 1\) to \(None, 3\)\. Expected \(None, 28, 28, 1\)"),
        ((28, 28, 3), r"maps \(None, 28, 28, 3\)"),
        ((784,), r"Reshape\(\(784,\)\)"),
        ((28, 28), r"Reshape\(\(28, 28\)\)"),
    ],
)
def test_other_shapes_are_refused_with_a_way_out_where_there_is_one(shape, words, tmp_path):
    classifier(shape).save(tmp_path / "model.h5")
    with pytest.raises(ModelError, match=words):
        keras_source.load(tmp_path / "model.h5")


def test_a_file_that_is_no_model_is_refused(tmp_path, small_model):
    (tmp_path / "text.h5").write_text("text")
    classifier().save_weights(tmp_path / "weights.h5")
    (tmp_path / "folder").mkdir()
    for path, words in {
        tmp_path / "none.h5": "nothing at",
        tmp_path / "text.h5": "no model that Keras saved",
        tmp_path / "weights.h5": "weights without a model",
        tmp_path / "folder": "does not say which layers",
        small_model / "model_graph": "already converted",
    }.items():
        with pytest.raises(ModelError, match=words):
            keras_source.load(path)


def of_keras_3():
    from keras import Model, layers

    pixels = layers.Input((28, 28, 1))
    x = layers.Conv2D(4, 3, strides=2, padding="same", use_bias=False)(pixels)
    x = layers.BatchNormalization()(x)
    y = layers.LeakyReLU(0.2)(x)
    y = layers.SeparableConv2D(4, 3, padding="same", activation="relu")(y)
    x = layers.PReLU(shared_axes=[1, 2])(layers.Add()([x, y]))
    x = layers.Dropout(0.4)(layers.ReLU(6.0)(x))
    x = layers.GlobalAveragePooling2D()(x)
    model = Model(pixels, layers.Dense(3, activation="softmax")(x))
    rng = np.random.default_rng(7)
    model.set_weights([each + rng.uniform(0.1, 0.4, each.shape) for each in model.get_weights()])
    return model


@pytest.mark.filterwarnings("ignore:You are saving")
@pytest.mark.parametrize("name", ["model.keras", "model.h5"])
def test_a_model_of_keras_3_is_built_again_in_tf_keras(name, tmp_path):
    import tf_keras

    model = of_keras_3()
    model.save(tmp_path / name)
    read = keras_source.load(tmp_path / name)
    assert isinstance(read, tf_keras.Model)
    np.testing.assert_allclose(read(NOISE), model(NOISE), atol=1e-6)
    read.save(tmp_path / "again.h5")
    np.testing.assert_allclose(
        keras_source.load(tmp_path / "again.h5")(NOISE), model(NOISE), atol=1e-6
    )


def test_a_sequential_model_of_keras_3_too(tmp_path):
    from keras import Sequential, layers

    head = layers.Dense(3, activation="softmax")
    model = Sequential([layers.Input((28, 28, 1)), layers.Rescaling(2.0), layers.Flatten(), head])
    model.save(tmp_path / "model.keras")
    np.testing.assert_allclose(
        keras_source.load(tmp_path / "model.keras")(NOISE), model(NOISE), atol=1e-6
    )


def test_a_layer_that_tf_keras_lacks_is_refused_with_the_way_out(tmp_path):
    from keras import Sequential, layers

    head = layers.Dense(3, activation="softmax")
    layer = layers.RMSNormalization()
    Sequential([layers.Input((28, 28, 1)), layers.Flatten(), layer, head]).save(
        tmp_path / "model.keras"
    )
    with pytest.raises(ModelError, match=r"no layer RMSNormalization.*set_weights"):
        keras_source.load(tmp_path / "model.keras")


def test_a_rebuilt_model_that_answers_otherwise_is_refused(tmp_path, monkeypatch):
    of_keras_3().save(tmp_path / "model.keras")
    settings = keras3._settings

    def another_slope(config):
        changed = {"negative_slope": 0.7} if "negative_slope" in config else {}
        return {**dict(settings(config)), **changed}

    monkeypatch.setattr(keras3, "_settings", another_slope)
    with pytest.raises(ModelError, match="do not give the same answers"):
        keras_source.load(tmp_path / "model.keras")
