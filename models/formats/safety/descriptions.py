"""Which classes a Keras model's description may name.

Keras makes an object of every ``{"class_name": …, "config": …}``, wherever that stands: a layer, an
initializer, a layer in a wrapper in a model in a model. So everything is looked through, and what
names a class has to name one of Keras's own that holds no code and reads no file.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from models.formats import model_limits
from models.formats.architecture import tensorflow_functions
from models.storage.plain_files import is_line, shown

_NAMES: dict[str, list[str]] = json.loads(
    Path(__file__).with_name("keras_classes.json").read_text("utf-8")
)
CLASSES = frozenset(
    name for group, names in _NAMES.items() if group != "activations" for name in names
)
ACTIVATIONS = frozenset(_NAMES["activations"])
CODE = ("Lambda",)  # layers that stand for a function of the file's own
_OF_TEXTS = ("StringLookup", "TextVectorization")  # by a table, which may be a file elsewhere
# What Keras writes in place of values that JSON does not have.
_VALUES = frozenset(
    {
        "__ellipsis__",
        "__keras_tensor__",
        "__slice__",
        "__tuple__",
        "InputSpec",
        "SeedGenerator",
        "TensorShape",
    }
)
_MODULE = re.compile(r"(tf_keras|keras)(\.\w+)*", re.ASCII)
_LARGEST = 1 << 20  # of a layer's sizes: an array of that many numbers is made at once
_BATCH = 4_096  # a recurrent layer that keeps its state makes one for each
_BATCHES = ("batch_input_shape", "batch_shape")
_NO_SIZE = frozenset({"seed", "salt", "shared_object_id", "input_dim", "value", "mask_value"})
_STEPS = frozenset(
    {"boundaries", "decay_steps", "first_decay_steps", "warmup_steps"}
)  # of training
# Arrays in a functional model of Keras 3, `(x - mean) / deviation`: with all their numbers. Other
# dtypes can say how long each of these is.
_ARRAYS = frozenset({"__numpy__", "__tensor__"})
_NUMBERS = re.compile(r"(float|int|uint)(8|16|32|64)|bfloat16|bool", re.ASCII)


_GRAPH_ALONE = (
    "Or have a graph model alone: load the model where its code is, model.export('folder'), and "
    "give that folder."
)


class CodeError(ValueError):
    """A description names code. ``kind`` is the class, ``what`` how it is called."""

    def __init__(self, kind: str) -> None:
        self.what = f"a {kind} layer"
        super().__init__(
            f"has a {kind} layer: Python code, which TensorFlow.js cannot run, and which is not "
            "run here either. Build the model from Keras's own layers (Rescaling, Reshape, Add, "
            f"Multiply, …), load the weights into it and save that. {_GRAPH_ALONE}"
        )


class ClassError(ValueError):
    """A description names ``what`` is not on the list."""

    def __init__(self, what: str) -> None:
        self.what = what
        super().__init__(
            f"has {what}, which is not on the list of Keras's own that hold no code and read no "
            "file, so nothing of it is loaded. Build the model from Keras's own layers, load the "
            f"weights into it and save that. {_GRAPH_ALONE}"
        )


_PARTS_OF_A_LAYER = 8  # objects in its description: its initializers, its dtype


class TextsError(ValueError):
    """A description names a layer that makes numbers of texts. ``kind`` is the class."""

    def __init__(self, kind: str) -> None:
        super().__init__(
            f"has a {kind} layer, which makes numbers of texts by a table that may be a file, so "
            "nothing of it is loaded. Leave it outside, and save the model that begins behind it, "
            "Model(numbers, outputs)."
        )


def check(model: Any) -> None:
    """Look through a description. Raises ValueError, in words."""
    for count, each in enumerate(_mappings(model)):
        model_limits.check_parts(count // _PARTS_OF_A_LAYER)
        if "class_name" in each:
            _check_class(each)


def _mappings(value: Any) -> Iterator[Mapping[str, Any]]:
    """Every object in it. Sizes are checked on the way."""
    waiting: list[tuple[str, Any]] = [("", value)]
    while waiting:
        key, one = waiting.pop()
        if isinstance(one, Mapping):
            yield one
            waiting += one.items()
        elif isinstance(one, list):
            if key in _BATCHES and one and isinstance(one[0], int) and one[0] > _BATCH:
                raise ValueError(f"takes {one[0]:,} pictures at once; {_BATCH:,} is the most")
            waiting += ((key, inner) for inner in one)
        elif isinstance(one, str) and key == "name" and not is_line(one):
            raise ValueError(f"has the name {shown(one)}, which is no line that can be printed")
        elif isinstance(one, int) and abs(one) > _LARGEST and key not in _NO_SIZE | _STEPS:
            raise ValueError(
                f"has {shown(key)} of {one:,} in its description; {_LARGEST:,} is the most"
            )


def _check_class(stored: Mapping[str, Any]) -> None:
    kind = stored["class_name"]
    if not isinstance(kind, str):
        raise ClassError("a class_name that is no text")
    if kind == "function":
        _check_function(stored)
        return
    if kind in CODE:
        raise CodeError(kind)
    if kind in _OF_TEXTS:
        raise TextsError(kind)
    if kind in tensorflow_functions.CLASSES:
        tensorflow_functions.check(stored)
        _check_origin(stored)
        return
    if kind in _ARRAYS:
        _check_array(stored)
        return
    if kind == "TypeSpec" and stored.get("type_spec") == "tf.TensorSpec":
        return  # the shape and dtype that a SavedModel was saved for
    if kind not in CLASSES | _VALUES:
        raise ClassError(f"the class {shown(kind)}")
    _check_origin(stored)


def _check_array(stored: Mapping[str, Any]) -> None:
    config = stored.get("config")
    dtype = config.get("dtype") if isinstance(config, Mapping) else None
    if not isinstance(dtype, str) or not _NUMBERS.fullmatch(dtype):
        raise ClassError(f"the class {shown(stored['class_name'])} of {shown(dtype)}")


def _check_origin(stored: Mapping[str, Any]) -> None:
    if stored.get("registered_name") not in (None, stored["class_name"]):
        raise ClassError(f"the registered class {shown(stored['registered_name'])}")
    _check_module(stored)


def _check_function(stored: Mapping[str, Any]) -> None:
    """Keras stores an activation by its name, or, since 2.13, as a function of its own."""
    name, registered = stored.get("config"), stored.get("registered_name")
    if not isinstance(name, str) or name not in ACTIVATIONS or registered not in (None, name):
        raise ClassError(
            f"the function {shown(name if registered in (None, name) else registered)}"
        )
    if stored.get("module") != "builtins":
        _check_module(stored)


def _check_module(stored: Mapping[str, Any]) -> None:
    module = stored.get("module")
    if module is not None and not (isinstance(module, str) and _MODULE.fullmatch(module)):
        raise ClassError(f"{shown(stored.get('class_name'))} of the module {shown(module)}")
