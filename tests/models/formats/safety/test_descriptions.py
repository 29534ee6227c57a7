"""Which classes a description may name, wherever it names them."""

from __future__ import annotations

import copy
import inspect
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from models.formats.safety.descriptions import ACTIVATIONS, CLASSES, CODE, check
from tests.support.model_files import layer, plain, sequential

HOLD_CODE = (*CODE, "TFSMLayer", "TorchModuleWrapper", "JaxLayer", "FlaxLayer", "TensorFlowOpLayer")
READ_FILES = ("StringLookup", "IntegerLookup", "TextVectorization", "DenseFeatures")


def keras_3(kind: str, name: str, **config: Any) -> dict[str, Any]:
    """A layer as Keras 3, and a .keras of tf_keras, stores it."""
    whole = {"module": "keras.layers", "registered_name": None, "build_config": {"input_shape": []}}
    return whole | layer(kind, name, **config)


def assert_allowed(model: Any) -> None:
    """It says in words why not."""
    check(model)


def in_a_model(inner: Any) -> dict[str, Any]:
    return sequential(layer("Dense", "a"), inner)


def in_a_nested_model(inner: Any) -> dict[str, Any]:
    return in_a_model(sequential(sequential(inner)))


def in_a_wrapper_in_a_nested_model(inner: Any) -> dict[str, Any]:
    return in_a_nested_model(layer("TimeDistributed", "t", layer=sequential(inner)))


def in_both_directions(inner: Any) -> dict[str, Any]:
    forward = layer("RNN", "f", cell=layer("StackedRNNCells", "s", cells=[layer("GRUCell", "g")]))
    return in_a_model(layer("Bidirectional", "b", layer=forward, backward_layer=inner))


def as_a_cell(inner: Any) -> dict[str, Any]:
    return in_a_model(layer("RNN", "r", cell=layer("StackedRNNCells", "s", cells=[inner])))


def as_an_initializer(inner: Any) -> dict[str, Any]:
    return in_a_model(layer("Dense", "a", kernel_initializer=inner))


def as_an_activation(inner: Any) -> dict[str, Any]:
    return in_a_model(layer("Activation", "a", activation=inner))


def as_an_argument_of_a_call(inner: Any) -> dict[str, Any]:
    node = {"args": [[inner]], "kwargs": {"x": inner}}
    return {
        "class_name": "Functional",
        "config": {"layers": [layer("Add", "a") | {"inbound_nodes": [node]}]},
    }


def as_a_policy(inner: Any) -> dict[str, Any]:
    return in_a_model(layer("Dense", "a", dtype=inner))


def beside_the_config(inner: Any) -> dict[str, Any]:
    return in_a_model(layer("Dense", "a") | {"build_config": {"x": [[inner]]}})


def as_how_a_nested_model_is_compiled(inner: Any) -> dict[str, Any]:
    return in_a_model(sequential() | {"compile_config": {"loss": inner}})


PLACES = (
    in_a_model,
    in_a_nested_model,
    in_a_wrapper_in_a_nested_model,
    in_both_directions,
    as_a_cell,
    as_an_initializer,
    as_an_activation,
    as_an_argument_of_a_call,
    as_a_policy,
    beside_the_config,
    as_how_a_nested_model_is_compiled,
)


@pytest.mark.parametrize("put", PLACES)
def test_a_layer_of_keras_is_allowed_in_every_place(put: Callable[[Any], Any]) -> None:
    assert_allowed(put(layer("Dense", "d")))
    assert_allowed(put(keras_3("Dense", "d")))


@pytest.mark.parametrize("put", PLACES)
@pytest.mark.parametrize("kind", HOLD_CODE)
def test_a_layer_that_holds_code_is_named_and_refused_in_every_place(put, kind) -> None:
    for make in (layer, keras_3):
        with pytest.raises(ValueError, match=kind):
            check(put(make(kind, "l")))


ALIEN: dict[str, Any] = {
    "Custom>Mine": layer("Custom>Mine", "m"),
    "Mine": keras_3("Dense", "m") | {"registered_name": "Mine"},
    "of the module 'os'": keras_3("Dense", "m") | {"module": "os"},
    "'kerasx.layers'": keras_3("Dense", "m") | {"module": "kerasx.layers"},
    "'tensorflow.keras'": keras_3("Dense", "m") | {"module": "tensorflow.keras"},
    "of the module 7": keras_3("Dense", "m") | {"module": 7},
    "no text": layer("Dense", "m") | {"class_name": ["Dense"]},
    "__lambda__": {"class_name": "__lambda__", "config": {"value": "4w=="}},
    "__typespec__": {"class_name": "__typespec__", "spec_name": "x", "module": "os", "config": []},
    "TypeSpec": {"class_name": "TypeSpec", "type_spec": "mine.Spec", "serialized": []},
    "__tensor__": {"class_name": "__tensor__", "config": {"value": [1], "dtype": "string"}},
    "'S1000000000'": {
        "class_name": "__numpy__",
        "config": {"value": [1], "dtype": "S1000000000"},
    },
    "__numpy__": {"class_name": "__numpy__", "config": {"value": [1], "dtype": "object"}},
    "CompositeTensor": {"class_name": "CompositeTensor", "spec": {}, "tensors": []},
    "the function 'system'": {
        "class_name": "function",
        "config": "system",
        "module": "os",
        "registered_name": "system",
    },
    "the function 'get_file'": {
        "class_name": "function",
        "config": "get_file",
        "module": "keras.utils",
        "registered_name": "get_file",
    },
    "the function 'Custom>relu'": {
        "class_name": "function",
        "config": "relu",
        "module": "builtins",
        "registered_name": "Custom>relu",
    },
    "'function' of the module 'os'": {"class_name": "function", "config": "relu", "module": "os"},
}


@pytest.mark.parametrize("words", ALIEN)
@pytest.mark.parametrize("put", PLACES)
def test_what_is_not_kerass_own_is_named_and_refused_in_every_place(put, words) -> None:
    with pytest.raises(ValueError, match=words):
        check(put(ALIEN[words]))


@pytest.mark.parametrize("kind", READ_FILES)
def test_a_layer_that_reads_a_file_is_refused(kind: str) -> None:
    with pytest.raises(ValueError, match=kind):
        check(in_a_model(layer(kind, "l", vocabulary="/etc/passwd")))


def test_an_activation_may_be_stored_as_a_function() -> None:
    for module in ("builtins", "keras.activations"):
        relu = {"class_name": "function", "config": "relu", "module": module}
        assert_allowed(as_an_activation(relu | {"registered_name": "relu"}))


@pytest.mark.parametrize("kind", ["__numpy__", "__tensor__"])
def test_an_array_of_numbers_may_be_an_argument_of_a_call(kind: str) -> None:
    array = {"class_name": kind, "config": {"value": [[0.5, 2**24]], "dtype": "float32"}}
    assert_allowed(as_an_argument_of_a_call(array))


def test_a_nested_model_may_say_how_it_was_trained() -> None:
    """Keras 3 keeps that of a model in a model, which was trained before the outer one."""
    rate = keras_3("ExponentialDecay", "r", decay_steps=2_000_000)
    training = {
        "optimizer": keras_3("Adam", "o", learning_rate=rate),
        "loss": keras_3("CategoricalFocalCrossentropy", "l"),
        "metrics": [keras_3("AUC", "m"), "accuracy"],
    }
    assert_allowed(in_a_model(sequential() | {"compile_config": training}))


def test_a_class_with_a_terminals_letters_is_shown_escaped() -> None:
    with pytest.raises(ValueError, match=r"\\x1b") as refused:
        check(in_a_model(layer("\x1b[2J" + "x" * 900, "l")))
    assert str(refused.value).isprintable() and len(str(refused.value)) < 400


@pytest.mark.parametrize("size", [(1 << 20) + 1, -(10**30)])
def test_a_size_that_no_network_has_is_refused(size: int) -> None:
    for key in ("units", "size", "n", "padding"):
        with pytest.raises(ValueError, match=key):
            check(in_a_model(layer("Dense", "a", **{key: [[size]]})))
    check(in_a_model(layer("Dropout", "a", seed=2**32)))


def test_a_batch_that_no_machine_takes_is_refused() -> None:
    for key in ("batch_input_shape", "batch_shape"):
        with pytest.raises(ValueError, match="takes 1,000,000 pictures at once"):
            check(in_a_model(layer("InputLayer", "in", **{key: [1_000_000, 28, 28]})))
        assert_allowed(in_a_model(layer("InputLayer", "in", **{key: [32, 28, 28]})))


def test_too_many_parts_are_refused() -> None:
    with pytest.raises(ValueError, match="more than 20,000 layers"):
        check([{} for _ in range(20_001 * 8 + 2)])


def test_nothing_but_objects_is_looked_at() -> None:
    for value in (None, 7, "Lambda", ["Lambda"], {"config": "Lambda"}):
        assert_allowed(value)


def test_looking_changes_nothing() -> None:
    before = copy.deepcopy(plain())
    check(before)
    assert before == plain()


def classes() -> Iterator[tuple[str, Any]]:
    """What both Keras know by the names on the list."""
    import keras
    import tf_keras
    from keras.src.applications import convnext
    from keras.src.ops import nn, numpy
    from tf_keras.src.layers import serialization

    serialization.populate_deserializable_objects()
    rooms = [serialization.LOCAL.ALL_OBJECTS, vars(numpy), vars(nn)]
    rooms += [{"LayerScale": convnext.LayerScale}]  # that network's own
    for name in ("layers", "initializers", "regularizers", "constraints", "metrics", "losses"):
        rooms += [vars(getattr(keras, name)), vars(getattr(tf_keras, name))]
    for known in (keras.optimizers, tf_keras.optimizers):
        rooms += [vars(known), vars(known.schedules)]
    rooms += [vars(keras), vars(tf_keras), vars(keras.dtype_policies)]
    rooms += [vars(tf_keras.mixed_precision), vars(tf_keras.layers.experimental)]
    for name in sorted(CLASSES):
        known = [room[name] for room in rooms if name in room]
        assert known, f"neither Keras has {name}"
        yield from ((name, each) for each in known)


def test_every_class_on_the_list_is_one_of_kerass_own() -> None:
    for name, found in classes():
        assert inspect.isclass(found), name
        assert found.__module__.split(".")[0] in ("keras", "tf_keras"), name


# What makes code of a text, or reads what a setting names: a reason to take a class off the list.
RUNS = (
    "func_load",
    "python_utils",
    "eval(",
    "exec(",
    "marshal",
    "pickle",
    "gfile",
    "open(",
    "import_module",
)


def test_no_class_on_the_list_makes_code_of_its_settings() -> None:
    for name, found in classes():
        if name in ("Functional", "Model", "Sequential"):
            continue  # they make layers, which are on the list
        own = [each for each in found.__mro__ if each.__name__ not in ("Layer", "Module", "object")]
        for method in ("__init__", "from_config", "build"):
            source = "".join(
                inspect.getsource(m) for c in own if inspect.isfunction(m := vars(c).get(method))
            )
            assert not [word for word in RUNS if word in source], (name, method)


def test_every_activation_on_the_list_is_one() -> None:
    import keras
    import tf_keras

    known = vars(keras.activations) | vars(tf_keras.activations)
    assert all(callable(known[name]) for name in ACTIVATIONS)
    assert not ACTIVATIONS & {"get", "serialize", "deserialize"}


def test_a_layer_that_only_a_ready_network_of_keras_has_is_allowed() -> None:
    scale = layer("LayerScale", "l", init_values=1e-6, projection_dim=96)
    assert_allowed(sequential(scale | {"module": "keras.src.applications.convnext"}))
