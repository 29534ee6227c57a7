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
