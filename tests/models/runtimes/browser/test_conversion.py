"""An original becomes a .tflite, always, and an .onnx where tf2onnx is installed, or a reason."""

from __future__ import annotations

import importlib
import json
import sys
from collections.abc import Callable, Collection
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
import tf_keras
from ai_edge_litert.interpreter import Interpreter

from models.formats import manifest as manifests
from models.formats.manifest import Manifest
from models.formats.tensors import Tensor
from models.runtimes.browser import conversion
from models.runtimes.browser.conversion import Made
from models.runtimes.keras import calling
from models.runtimes.process import trials
from models.tfjs.alternatives import packages


def stored(model: tf_keras.Model, folder: Path, *takes: Tensor) -> Manifest:
    """The manifest of a model that was saved into ``folder``."""
    model.save(folder / "model.h5")
    record = {"model.h5": manifests.record(folder / "model.h5")}
    return Manifest("tried", "Tried", (), {"keras": "model.h5"}, record, None, tensors=takes)


def two_outputs() -> tf_keras.Model:
    """The second of its names comes first, and its outputs differ in shape."""
    one, two = tf_keras.Input((3,), name="z"), tf_keras.Input((2,), name="a")
    joined = tf_keras.layers.Concatenate()([one, two])
    outputs = [tf_keras.layers.Dense(4, name="y")(joined), tf_keras.layers.Dense(1, name="b")(two)]
    return tf_keras.Model([one, two], outputs)


def answers(path: Path, inputs: list[np.ndarray]) -> list[np.ndarray]:
    """What LiteRT gives for one input, by the names that the file has."""
    interpreter = Interpreter(model_path=str(path))
    given = {f"input_{at:02}": each for at, each in enumerate(inputs)}
    outputs = interpreter.get_signature_runner()(**given)
    return [outputs[name] for name in sorted(outputs)]


def test_several_inputs_and_outputs_keep_their_order_by_their_names(tmp_path) -> None:
    model = two_outputs()
    manifest = stored(model, tmp_path, Tensor("z", (3,)), Tensor("a", (2,)))
    (made,) = conversion.convert(manifest, tmp_path, tmp_path, ["tflite"])
    assert made.path is not None, made.reason
    inputs = [np.float32([[1, 2, 3]]), np.float32([[4, 5]])]
    found = answers(made.path, inputs)
    assert [each.shape for each in found] == [(1, 4), (1, 1)]
    for one, other in zip(found, model(inputs), strict=True):
        np.testing.assert_allclose(one, other, rtol=1e-5, atol=1e-5)


def test_a_model_of_keras_3_keeps_its_weights(tmp_path) -> None:
    import keras

    model = keras.Sequential([keras.layers.Input((3,)), keras.layers.Dense(4, name="d")])
    model.save(tmp_path / "model.keras")
    record = {"model.keras": manifests.record(tmp_path / "model.keras")}
    lanes = {"keras": "model.keras"}
    manifest = Manifest("tried", "Tried", (), lanes, record, None, tensors=(Tensor("x", (3,)),))
    manifest = replace(manifest, original="model.keras")
    (made,) = conversion.convert(manifest, tmp_path, tmp_path, ["tflite"])
    assert made.path is not None, made.reason
    given = np.float32([[1, -2, 3]])
    np.testing.assert_allclose(answers(made.path, [given])[0], model(given), rtol=1e-5, atol=1e-5)


def test_an_operation_that_a_converter_lacks_is_named_and_the_other_goes_on(
    tmp_path, monkeypatch
) -> None:
    model = tf_keras.Sequential([tf_keras.layers.AveragePooling3D(2, input_shape=(4, 4, 4, 1))])
    manifest = stored(model, tmp_path, Tensor("", (4, 4, 4, 1)))
    monkeypatch.setattr(packages, "tf2onnx", lambda: tf2onnx(b"an onnx"))
    monkeypatch.setattr(conversion, "unknown", lambda _: set())
    lite, onnx = conversion.convert(manifest, tmp_path, tmp_path)
    assert lite == Made(
        "tflite", reason="The LiteRT converter cannot make it: it has no operation AvgPool3D."
    )
    assert onnx.path is not None and onnx.path.read_bytes() == b"an onnx"


def tf2onnx(content: bytes | Exception | Callable[[], object]) -> SimpleNamespace:
    """A stand-in that gives ``content``, raises it, or calls it."""

    def from_graph_def(*_, **__):
        if isinstance(content, Exception):
            raise content
        made = content if isinstance(content, bytes) else content()
        return SimpleNamespace(SerializeToString=lambda: made), None

    return SimpleNamespace(convert=SimpleNamespace(from_graph_def=from_graph_def))


@pytest.mark.parametrize(
    ("error", "why"),
    [
        (ValueError("one\ntwo\x1b[2J" + "x" * 10_000), "one two\\x1b[2J" + "x" * 186 + " …"),
        (KeyError(), "KeyError."),
    ],
)
def test_what_tf2onnx_says_becomes_one_line(tmp_path, stand_in, error, why) -> None:
    made = stand_in(error)
    assert made.path is None and not (tmp_path / "model.onnx").exists()
    assert made.reason == f"tf2onnx cannot make it: {why}"


@pytest.fixture
def stand_in(tmp_path, monkeypatch) -> Callable[..., Made]:
    """What is made of a model where tf2onnx is a stand-in for ``content``."""

    def made(content, unknown: Collection[str] = ()) -> Made:
        monkeypatch.setattr(packages, "tf2onnx", lambda: tf2onnx(content))
        monkeypatch.setattr(conversion, "unknown", lambda _: set(unknown))
        manifest = stored(two_outputs(), tmp_path, Tensor("z", (3,)), Tensor("a", (2,)))
        (found,) = conversion.convert(manifest, tmp_path, tmp_path, ["onnx"])
        return found

    return made


def test_what_tf2onnx_leaves_as_tensorflow_has_it_is_named(stand_in) -> None:
    made = stand_in(b"an onnx", unknown={"Hash", "Bag"})
    assert made.reason == "tf2onnx cannot make it: it has no operation Bag, Hash."


@pytest.mark.skipif(sys.platform != "linux", reason="no other system holds the limit")
def test_a_converter_that_takes_too_much_memory_is_a_line(stand_in, monkeypatch) -> None:
    monkeypatch.setattr(conversion, "_MEMORY", 64 << 20)
    made = stand_in(lambda: bytearray(1 << 30))
    assert made.reason == "tf2onnx cannot make it: it takes more than 64 MB of memory."
    assert len(bytearray(1 << 30)) == 1 << 30, "afterwards there is no limit"


def test_a_file_that_no_page_loads_is_not_written(tmp_path, stand_in, monkeypatch) -> None:
    monkeypatch.setattr(conversion, "_MOST", 2 << 20)
    made = stand_in(bytes(3 << 20))
    assert made.reason == "tf2onnx makes a file of 3 MB, which no page loads."
    assert not (tmp_path / "model.onnx").exists()


def test_a_converter_that_ended_the_process_before_is_not_tried_again(
    stand_in, monkeypatch
) -> None:
    """``command_line.apart`` ends one that gets nowhere, and runs the rest again."""
    why = "It gave no answer within 120 s, and was ended."
    monkeypatch.setenv(trials.ENDED, json.dumps({"conversion to onnx": why}))
    assert stand_in(AssertionError("asked")).reason == why


def test_without_tf2onnx_the_line_says_how_to_get_it(tmp_path, monkeypatch) -> None:
    monkeypatch.setattr(packages, "folder", lambda: tmp_path / "nothing")
    manifest = stored(two_outputs(), tmp_path, Tensor("z", (3,)), Tensor("a", (2,)))
    (made,) = conversion.convert(manifest, tmp_path, tmp_path, ["onnx"])
    assert made.reason is not None and "`digit-parity setup alternatives`" in made.reason


def test_what_has_no_layers_and_what_takes_many_at_once_say_so(tmp_path) -> None:
    many = Manifest("m", "M", (), {}, {}, None, tensors=(Tensor("x", (2,), batch=8),))
    made = conversion.convert(many, tmp_path, tmp_path)
    assert {each.reason for each in made} == {"It takes 8 inputs at once, and a page gives one."}
    graph = Manifest("m", "M", (), {"graph": "model_graph/model.json"}, {}, None)
    made = conversion.convert(graph, tmp_path, tmp_path)
    assert {each.reason for each in made} == {"It is a graph, and has no layers to convert."}


def test_a_model_that_cannot_be_called_is_a_line(tmp_path, monkeypatch) -> None:
    def breaks(*_):
        raise ValueError("No.")

    monkeypatch.setattr(calling, "outputs", breaks)
    manifest = stored(two_outputs(), tmp_path, Tensor("z", (3,)), Tensor("a", (2,)))
    made = conversion.convert(manifest, tmp_path, tmp_path)
    assert {each.reason for each in made} == {"It cannot be called with one input: ValueError: No."}


@pytest.fixture
def onnx():
    """The package onnx, where it is installed."""
    if why := packages.missing():
        pytest.skip(why)
    packages.tf2onnx()
    return importlib.import_module("onnx")


def graph_of(onnx, model: tf_keras.Model, folder: Path, *takes: Tensor):
    """The graph of what tf2onnx makes of a model."""
    manifest = stored(model, folder, *takes)
    (made,) = conversion.convert(manifest, folder, folder, ["onnx"])
    assert made.path is not None, made.reason
    return onnx.load(made.path).graph


def test_tf2onnx_makes_an_onnx_with_the_same_names(tmp_path, onnx) -> None:
    graph = graph_of(onnx, two_outputs(), tmp_path, Tensor("z", (3,)), Tensor("a", (2,)))
    assert [each.name for each in graph.input] == ["input_00", "input_01"]
    assert [each.name for each in graph.output] == ["output_00", "output_01"]


def test_what_a_layer_holds_is_no_input_and_groups_and_gelu_are_made(tmp_path, onnx) -> None:
    layers = tf_keras.layers
    held = layers.Normalization(axis=None, mean=0.5, variance=2.0)
    large = layers.Normalization(
        axis=(1, 2, 3), mean=np.full((8, 8, 4), 0.5), variance=np.full((8, 8, 4), 2.0)
    )
    grouped = layers.Conv2D(4, 3, groups=2, activation="gelu")
    model = tf_keras.Sequential([layers.Input((8, 8, 4)), held, large, grouped, layers.Flatten()])
    graph = graph_of(onnx, model, tmp_path, Tensor("", (8, 8, 4)))
    assert [each.name for each in graph.input] == ["input_00"]
    assert {"Conv", "Erf"} <= {each.op_type for each in graph.node}


def test_an_operation_that_onnx_lacks_is_found_also_within_a_loop(onnx) -> None:
    make = onnx.helper.make_node
    inner = onnx.helper.make_graph([make("Hash", ["x"], ["y"])], "inner", [], [])
    nodes = [make("Relu", ["x"], ["y"]), make("Loop", [], ["z"], body=inner)]
    outer = onnx.helper.make_graph(nodes, "outer", [], [])
    assert conversion.unknown(SimpleNamespace(graph=outer)) == {"Hash"}
