"""A frozen graph in a session answers as Keras does, whatever the network and the batch."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
import tensorflow as tf
import tf_keras
from tf_keras import layers

from models.formats.tensors import Tensor
from models.runtimes import tf_session

TAKES = (Tensor("pixels", (28, 28, 1)),)
SPEC = tf_session.specification(*TAKES)
DIGITS = np.random.default_rng(0).random((33, 28, 28, 1), np.float32)


def network(*middle):
    return tf_keras.Sequential(
        [layers.Input((28, 28, 1)), *middle, layers.Dense(10, activation="softmax")]
    )


def frozen(model):
    def infer(pixels):
        return [model(pixels, training=False)]

    concrete = tf.function(infer, input_signature=[SPEC]).get_concrete_function()
    return tf_session.frozen(concrete)


NETWORKS = {
    "recurrent, with a loop in its graph": lambda: (
        layers.Reshape((28, 28)),
        layers.Bidirectional(layers.LSTM(4)),
    ),
    "random while it learns": lambda: (
        layers.RandomRotation(0.3),
        layers.GaussianNoise(0.5),
        layers.Dropout(0.5),
        layers.Flatten(),
    ),
    "normalised": lambda: (
        layers.Conv2D(4, 3),
        layers.BatchNormalization(),
        layers.ReLU(),
        layers.GlobalAveragePooling2D(),
    ),
}


@pytest.mark.parametrize("kind", NETWORKS)
def test_every_kind_of_network_answers_as_keras_does(kind):
    model = network(*NETWORKS[kind]())
    started = tf_session.start(*frozen(model), TAKES)
    assert started.outputs[0].shape.as_list() == [None, 10]
    for size in (1, len(DIGITS)):
        wanted = model(DIGITS[:size], training=False).numpy()
        np.testing.assert_allclose(*started.call((DIGITS[:size],)), wanted, atol=1e-6)


def test_threads_share_a_session():
    model = network(layers.Conv2D(4, 3), layers.Flatten())
    started = tf_session.start(*frozen(model), TAKES)
    wanted = model(DIGITS).numpy()
    with ThreadPoolExecutor(4) as pool:
        for number, found in enumerate(pool.map(started.call, zip(DIGITS[:, None]))):
            np.testing.assert_allclose(found[0][0], wanted[number], atol=1e-6)


def test_an_answer_stays_as_it_is_when_the_next_one_comes():
    started = tf_session.start(*frozen(network(layers.Flatten())), TAKES)
    (first,) = started.call((DIGITS[:1],))
    kept = first.copy()
    started.call((DIGITS[1:2],))
    np.testing.assert_array_equal(first, kept)


def test_batches_that_the_graph_cannot_take_are_refused_before_any_comes():
    graph = frozen(network(layers.Conv2D(4, 3), layers.Flatten()))
    with pytest.raises(ValueError, match=r"[Dd]imension|[Dd]epth"):
        tf_session.start(*graph, (Tensor("pixels", (28, 28, 3)),))
