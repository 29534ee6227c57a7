"""Exact arithmetic: float64 throughout, or a refusal that names the layer."""

from __future__ import annotations

import json

import numpy as np
import pytest
import tf_keras
from tf_keras import layers

from models.errors import ModelError
from models.formats import manifest as manifests
from models.runtimes.keras import exact

PIXELS = np.random.default_rng(1).random((8, 28, 28, 1), np.float32)


def seeded(model):
    """The model with weights of its own in every place, the same every time."""
    rng = np.random.default_rng(3)
    model.set_weights(
        [
            (rng.uniform(0.3, 1, each.shape) if each.ndim == 1 else rng.normal(0, 0.1, each.shape))
            if each.dtype.kind == "f"
            else each
            for each in model.get_weights()
        ]
    )
    return model


def small(keras=tf_keras):
    """Two Dense layers behind a Rescaling."""
    steps = keras.layers
    return seeded(
        keras.Sequential(
            [
                steps.Input((28, 28, 1)),
                steps.Rescaling(1 / 3, offset=-0.1),
                steps.Flatten(),
                steps.Dense(16, activation="tanh"),
                steps.Dense(5, activation="softmax"),
            ]
        )
    )


def by_hand(model):
    """What ``small`` computes, in float64 and without Keras. Settings are numbers of float32."""
    first, first_bias, last, last_bias = (each.astype(np.float64) for each in model.get_weights())
    factor, offset = map(float, np.array([1 / 3, -0.1], np.float32))
    scaled = PIXELS.astype(np.float64).reshape(len(PIXELS), -1) * factor + offset
    logits = np.tanh(scaled @ first + first_bias) @ last + last_bias
    powers = np.exp(logits - logits.max(axis=1, keepdims=True))
    return powers / powers.sum(axis=1, keepdims=True)


@pytest.mark.parametrize("library", ["tf_keras", "keras"])
def test_it_is_the_same_formula_in_float64(library):
    keras = pytest.importorskip(library)
    model = small(keras)
    answers, expected = exact.answers(model, (PIXELS,), keras)[0], by_hand(model)
    np.testing.assert_allclose(answers, expected, rtol=0, atol=1e-12)
    rounded = np.asarray(model(PIXELS, training=False), np.float64)
    assert 1e-9 < np.abs(answers - rounded).max() < 1e-6, "float32 rounds"
    assert keras.backend.floatx() == "float32", "what is built next is of float32 again"


def deep():
    """Layers with a dtype in an odd place: a cell, a wrapped layer, a nested model, a policy."""
    pixels = layers.Input((28, 28, 1))
    inner = tf_keras.Sequential([layers.Input((28, 28, 1)), layers.Conv2D(3, 3), layers.ReLU(6)])
    x = layers.BatchNormalization()(inner(pixels))
    x = layers.LayerNormalization()(x)
    x = layers.Reshape((26, 78))(x)
    x = layers.Bidirectional(layers.LSTM(4, return_sequences=True))(x)
    x = layers.TimeDistributed(layers.Dense(3, dtype=tf_keras.mixed_precision.Policy("float32")))(x)
    shared = layers.Dense(3)
    x = layers.Add()([shared(x), shared(shared(x))])
    return seeded(
        tf_keras.Model(pixels, layers.Dense(4, activation="softmax")(layers.Flatten()(x)))
    )


def test_no_layer_is_left_in_float32():
    model = deep()
    twin = exact.as_dtype(model, "float64", tf_keras)
    assert {each.dtype.name for each in twin.weights} == {"float64"}
    text = json.dumps(twin.get_config(), default=str)
    assert "float32" not in text and "float64" in text
    answers = exact.answers(model, (PIXELS,), tf_keras)[0]
    rounded = np.asarray(model(PIXELS, training=False))
    assert 0 < np.abs(answers - rounded).max() < 1e-5
    assert exact.is_float32(model)


def test_a_model_of_float16_is_computed_in_float64_too():
    tf_keras.mixed_precision.set_global_policy("mixed_float16")
    try:
        model = small()
    finally:
        tf_keras.mixed_precision.set_global_policy("float32")
    assert not exact.is_float32(model)
    np.testing.assert_allclose(
        exact.answers(model, (PIXELS,), tf_keras)[0], by_hand(model), rtol=0, atol=1e-12
    )
    plain = exact.as_dtype(model, "float32", tf_keras)
    assert exact.is_float32(plain)
    apart = np.abs(exact.predict(plain, (PIXELS,), "float32")[0] - by_hand(model)).max()
    assert 1e-9 < apart < 1e-6


def test_a_layer_that_rounds_is_named():
    steps = [layers.Input((28, 28, 1)), layers.UpSampling2D(interpolation="bilinear", name="twice")]
    head = [layers.Flatten(), layers.Dense(3)]
    model = tf_keras.Sequential([*steps, *head])
    with pytest.raises(ModelError, match="The layer twice cannot compute in float64"):
        exact.answers(model, (PIXELS,), tf_keras)[0]
    inner = tf_keras.Sequential(steps, name="inside")
    outer = tf_keras.Sequential([layers.Input((28, 28, 1)), inner, *head])
    with pytest.raises(ModelError, match="The layer inside/twice cannot compute in float64"):
        exact.answers(outer, PIXELS, tf_keras)


def test_a_model_of_models_that_has_no_input_of_its_own_is_built_too(tmp_path):
    steps = [layers.Conv2D(2, 3, input_shape=(28, 28, 1)), layers.Flatten()]
    head = [layers.Dense(3, input_shape=(1352,))]
    seeded(tf_keras.Sequential([tf_keras.Sequential(steps), tf_keras.Sequential(head)])).save(
        tmp_path / "model.h5"
    )
    model = tf_keras.models.load_model(tmp_path / "model.h5", compile=False)
    apart = np.abs(exact.answers(model, (PIXELS,), tf_keras)[0] - np.asarray(model(PIXELS))).max()
    assert 0 < apart < 1e-5


def test_a_model_that_cannot_be_built_again_says_so():
    class Unknown(layers.Layer):
        def get_config(self):
            raise NotImplementedError("no description")

    model = tf_keras.Sequential([layers.Input((28, 28, 1)), Unknown(), layers.Flatten()])
    with pytest.raises(ModelError, match="cannot be built in float64"):
        exact.answers(model, PIXELS, tf_keras)


def test_it_is_given_what_the_lanes_are_given(small_model):
    manifest = manifests.read(small_model)
    given = (manifest.pictures().tensor(PIXELS[..., 0]),)
    assert given[0].shape == (8, 28, 28, 1) and given[0].dtype == np.float32
    model, library = exact.reference_model(manifest, small_model)
    assert library is tf_keras and exact.answers(model, given, library)[0].shape == (8, 10)


def test_a_graph_alone_has_no_layers_to_build(small_model):
    from dataclasses import replace

    manifest = manifests.read(small_model)
    alone = replace(manifest, lanes={"graph": manifest.lanes["graph"]})
    with pytest.raises(ModelError, match="A graph model has no layers"):
        exact.reference_model(alone, small_model)


def test_what_is_no_number_is_not_exact():
    model = small()
    weights = model.get_weights()
    weights[-1][0] = np.nan
    model.set_weights(weights)
    with pytest.raises(ModelError, match="gives NaN"):
        exact.answers(model, (PIXELS,), tf_keras)[0]
