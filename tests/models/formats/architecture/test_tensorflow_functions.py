"""Which functions of TensorFlow a model may name."""

from __future__ import annotations

import pytest

from models.formats.architecture import tensorflow_functions
from models.formats.architecture.tensorflow_functions import (
    CLASSES,
    PERMITTED,
    FunctionError,
    check,
)


def calling(function: object, kind: str = "TFOpLambda") -> dict[str, object]:
    """Such a layer."""
    return {"class_name": kind, "config": {"name": "it", "function": function}}


@pytest.mark.parametrize("kind", sorted(CLASSES))
@pytest.mark.parametrize("function", ["nn.relu", "__operators__.getitem", "reshape"])
def test_what_only_computes_is_permitted(function, kind):
    assert check(calling(function, kind)) is None


@pytest.mark.parametrize(
    "function",
    [
        *("io.write_file", "io.read_file", "py_function", "numpy_function", "compat.v1.py_func"),
        *("print", "load_op_library", "keras.utils.get_file", "saved_model.load", "map_fn"),
        *("audio.decode_wav", "nn.relu ", "NN.relu", "nn", "", "keras.models.load_model"),
        *("while_loop", "raw_ops.WriteFile", "compat.v1.get_variable", "random.normal"),
    ],
)
def test_every_other_name_is_refused_and_said(function):
    with pytest.raises(FunctionError) as error:
        check(calling(function))
    assert f"tf.{function}" in str(error.value)


@pytest.mark.parametrize("function", [None, 3, ["nn.relu"], {"nn.relu": 1}])
def test_what_is_no_name_is_refused(function):
    with pytest.raises(FunctionError, match="no function that has a name"):
        check(calling(function))


@pytest.mark.parametrize(
    "node",
    [
        ["conv", 0, 0, {"y": [0.5], "name": None}],
        ["_CONSTANT_VALUE", -1, 1, {"y": ["conv", 0, 0]}],
        [["conv", 0, 0, {"axis": -1}], ["_CONSTANT_VALUE", -1, 2.0, {}]],
    ],
)
def test_a_call_of_what_a_layer_gives_is_permitted(node):
    assert check(calling("math.subtract") | {"inbound_nodes": [node]}) is None


@pytest.mark.parametrize(
    "node", [["_CONSTANT_VALUE", -1, [60_000, 50_000], {"value": 1}], [], {}, 7, ["fill", 0.0, 0]]
)
def test_a_call_with_numbers_alone_would_run_at_once_and_is_refused(node):
    with pytest.raises(ValueError, match=r"calls 'tf\.fill' on numbers alone"):
        check(calling("fill") | {"inbound_nodes": [["conv", 0, 0, {}], node]})


def test_a_name_cannot_fool_a_terminal():
    with pytest.raises(FunctionError) as error:
        check(calling("\x1b[2J" + "x" * 400))
    assert "\x1b" not in str(error.value) and "x" * 300 not in str(error.value)


def test_each_permitted_name_is_one_that_tf_keras_stores():
    import tensorflow  # noqa: F401
    import tf_keras  # noqa: F401
    from tensorflow.python.util import tf_export

    known = {name for name in PERMITTED if tf_export.get_symbol_from_name(name) is not None}
    assert known == PERMITTED and len(PERMITTED) == sum(
        len(names.split()) for names in tensorflow_functions._BY_PREFIX.values()
    )
