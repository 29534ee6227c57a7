"""Which functions of TensorFlow a model may name."""

from __future__ import annotations

import json

import pytest

from models.errors import ModelError
from models.formats.architecture import tensorflow_functions
from models.formats.architecture.tensorflow_functions import CLASSES, PERMITTED, refuse_others


def calling(function: object, kind: str = "TFOpLambda") -> dict[str, object]:
    """A description with one such layer, in a model within the model."""
    layer = {"class_name": kind, "config": {"name": "it", "function": function}}
    inner = {"class_name": "Functional", "config": {"layers": [layer]}}
    return {"class_name": "Functional", "config": {"layers": [inner]}}


@pytest.mark.parametrize("kind", sorted(CLASSES))
@pytest.mark.parametrize("function", ["nn.relu", "__operators__.getitem", "reshape"])
def test_what_only_computes_is_permitted(function, kind):
    assert refuse_others(calling(function, kind), "model.h5") is None


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
    with pytest.raises(ModelError, match=r"model\.h5 calls") as error:
        refuse_others(calling(function), "model.h5")
    assert f"tf.{function} of" in str(error.value)


def test_a_name_written_with_escapes_is_the_same_name():
    text = json.dumps(calling("io.write_file")).replace("TFOp", "T\\u0046Op")
    with pytest.raises(ModelError, match=r"tf\.io\.write_file"):
        refuse_others(json.loads(text), "model.h5")


@pytest.mark.parametrize("function", [None, 3, ["nn.relu"], {"nn.relu": 1}])
def test_what_is_no_name_is_refused(function):
    with pytest.raises(ModelError, match="no function that has a name"):
        refuse_others(calling(function), "model.h5")


def test_a_class_that_is_no_name_is_none_of_these():
    assert refuse_others({"class_name": ["TFOpLambda"], "config": {}}, "model.h5") is None


def test_a_name_cannot_fool_a_terminal():
    with pytest.raises(ModelError) as error:
        refuse_others(calling("\x1b[2J" + "x" * 200), "model.h5")
    assert "\x1b" not in str(error.value) and "x" * 100 not in str(error.value)


def test_each_permitted_name_is_one_that_tf_keras_stores():
    import tensorflow  # noqa: F401
    import tf_keras  # noqa: F401
    from tensorflow.python.util import tf_export

    known = {name for name in PERMITTED if tf_export.get_symbol_from_name(name) is not None}
    assert known == PERMITTED and len(PERMITTED) == sum(
        len(names.split()) for names in tensorflow_functions._BY_PREFIX.values()
    )
