"""What a model takes and gives, as both Keras say it, and what no gate compares."""

from __future__ import annotations

from pathlib import Path

import keras
import pytest
import tf_keras

from models.convert import keras_tensors
from models.errors import ModelError
from models.formats.tensors import Tensor

BOTH = pytest.mark.parametrize("library", [tf_keras, keras], ids=["keras2", "keras3"])
FILE = Path("model.h5")


@BOTH
def test_inputs_have_the_names_the_shapes_and_the_types_of_the_model(library):
    layers = library.layers
    picture = layers.Input((8, 8, 3), name="picture", dtype="uint8")
    values = layers.Input((None, 4), name="values")
    one = layers.Dense(2)(layers.Flatten()(layers.Rescaling(1 / 255)(picture)))
    model = library.Model([values, picture], [layers.Dense(3, name="steps")(values), one])
    assert keras_tensors.takes(model, FILE) == (
        Tensor("values", (None, 4)),
        Tensor("picture", (8, 8, 3), "uint8"),
    )
    assert [each.shape for each in keras_tensors.gives(model, FILE)] == [(None, 3), (2,)]


@BOTH
def test_a_fixed_batch_is_kept(library):
    layers = library.layers
    model = library.Sequential([layers.Input((4,), batch_size=2), layers.Dense(3)])
    (taken,) = keras_tensors.takes(model, FILE)
    assert (taken.shape, taken.batch) == ((4,), 2)


@BOTH
@pytest.mark.parametrize("inside", [False, True], ids=["direct", "inside a model"])
def test_an_embedding_says_how_many_words_there_are(library, inside):
    layers = library.layers
    words = library.Sequential([layers.Input((6,), dtype="int32"), layers.Embedding(50, 4)])
    table = words if inside else layers.Embedding(50, 4)
    first, other = layers.Input((6,), dtype="int32", name="words"), layers.Input((4,), name="more")
    both = layers.Concatenate()([layers.Flatten()(table(first)), other])
    model = library.Model([other, first], layers.Dense(2)(both))
    assert [each.values for each in keras_tensors.takes(model, FILE)] == [None, 50]


def test_outputs_of_one_layer_have_a_name_each():
    pixels = tf_keras.layers.Input((6,))
    dense = tf_keras.layers.Dense(6, name="d")
    once = dense(pixels)
    model = tf_keras.Model(pixels, [dense(once), once])
    assert [each.name for each in keras_tensors.gives(model, FILE)] == ["d", "d_1"]


def text(layers):
    return layers.Input((1,), dtype="string", name="words")


def ragged(layers):
    return layers.Input((None,), ragged=True, name="words")


def sparse(layers):
    return layers.Input((9,), sparse=True, name="words")


@pytest.mark.parametrize(
    "taken, sentence",
    [
        (text, "model.h5 takes words, a text. Only numbers can be compared"),
        (ragged, "model.h5 takes words, a ragged tensor, which TensorFlow.js does not have."),
        (sparse, "model.h5 takes words, a sparse tensor, which TensorFlow.js does not have."),
    ],
)
def test_what_is_no_array_of_numbers_is_refused_with_a_way_out(taken, sentence):
    model = tf_keras.Model(start := taken(tf_keras.layers), start)
    with pytest.raises(ModelError) as refused:
        keras_tensors.takes(model, FILE)
    assert str(refused.value).startswith(sentence)
    assert "save" in str(refused.value)


def test_a_sparse_input_of_keras_3_is_refused(monkeypatch):
    start = keras.layers.Input((9,), sparse=True, name="words")
    with pytest.raises(ModelError, match="takes words, a sparse tensor"):
        keras_tensors.takes(keras.Model(start, keras.layers.Dense(2)(start)), FILE)


def test_the_ways_out_lead_on():
    """What the sentences say to do gives a model that is taken."""
    layers = tf_keras.layers
    lookup = layers.StringLookup(vocabulary=["a", "b"])
    whole = tf_keras.Sequential([text(layers), lookup, layers.Embedding(4, 2), layers.Flatten()])
    with pytest.raises(ModelError, match="save the model that begins behind them"):
        keras_tensors.takes(whole, FILE)
    numbers = layers.Input((1,), dtype="int64")
    behind = tf_keras.Model(numbers, tf_keras.Sequential(whole.layers[1:])(numbers))
    assert [each.dtype for each in keras_tensors.takes(behind, FILE)] == ["int64"]
    uneven = tf_keras.Sequential([ragged(layers), layers.Embedding(4, 2)])
    with pytest.raises(ModelError, match="Build the model with a dense Input"):
        keras_tensors.takes(uneven, FILE)
    dense = tf_keras.Sequential([layers.Input((None,)), *uneven.layers])
    assert keras_tensors.takes(dense, FILE)[0].shape == (None,)


def test_a_model_that_was_never_built_is_refused():
    with pytest.raises(ModelError, match="does not say what it takes"):
        keras_tensors.takes(tf_keras.Sequential([tf_keras.layers.Dense(2)]), FILE)


def test_more_than_memory_has_is_refused():
    layers = tf_keras.layers
    wide = tf_keras.Sequential([layers.Input((8192, 4096)), layers.GlobalAveragePooling1D()])
    with pytest.raises(ModelError, match="of 33,554,432 values; 16,777,216 is the most"):
        keras_tensors.takes(wide, FILE)
