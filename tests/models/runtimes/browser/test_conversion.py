"""An original becomes a .tflite, always, and an .onnx where tf2onnx is installed, or a reason."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
import tf_keras
from ai_edge_litert.interpreter import Interpreter

from models.errors import ModelError
from models.formats import manifest as manifests
from models.formats.manifest import Manifest
from models.formats.tensors import Tensor
from models.runtimes.browser import conversion
from models.runtimes.browser.conversion import Made
from models.runtimes.keras import exact
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


def test_an_operation_that_a_converter_lacks_is_named_and_the_other_goes_on(
    tmp_path, monkeypatch
) -> None:
    model = tf_keras.Sequential([tf_keras.layers.AveragePooling3D(2, input_shape=(4, 4, 4, 1))])
    manifest = stored(model, tmp_path, Tensor("", (4, 4, 4, 1)))
    monkeypatch.setattr(packages, "tf2onnx", lambda: tf2onnx(b"an onnx"))
    lite, onnx = conversion.convert(manifest, tmp_path, tmp_path)
    assert lite == Made(
        "tflite", reason="The LiteRT converter cannot make it: it has no operation AvgPool3D."
    )
    assert onnx.path is not None and onnx.path.read_bytes() == b"an onnx"


def tf2onnx(content: bytes | Exception) -> SimpleNamespace:
    """A stand-in that gives ``content``, or raises it."""

    def from_function(*_, **__):
        if isinstance(content, Exception):
            raise content
        return SimpleNamespace(SerializeToString=lambda: content), None

    return SimpleNamespace(convert=SimpleNamespace(from_function=from_function))


@pytest.mark.parametrize(
    ("error", "why"),
    [
        (ValueError("Tensorflow op [x/y: Hash] is not supported\n"), "it has no operation Hash."),
        (ValueError("one\ntwo\x1b[2J" + "x" * 10_000), "one two\\x1b[2J" + "x" * 186 + " …"),
        (KeyError(), "KeyError."),
    ],
)
def test_what_tf2onnx_says_becomes_one_line(tmp_path, monkeypatch, error, why) -> None:
    monkeypatch.setattr(packages, "tf2onnx", lambda: tf2onnx(error))
    manifest = stored(two_outputs(), tmp_path, Tensor("z", (3,)), Tensor("a", (2,)))
    (made,) = conversion.convert(manifest, tmp_path, tmp_path, ["onnx"])
    assert made.path is None and not (tmp_path / "model.onnx").exists()
    assert made.reason == f"tf2onnx cannot make it: {why}"


def test_without_tf2onnx_the_line_says_how_to_get_it(tmp_path, monkeypatch) -> None:
    monkeypatch.setattr(packages, "folder", lambda: tmp_path / "nothing")
    manifest = stored(two_outputs(), tmp_path, Tensor("z", (3,)), Tensor("a", (2,)))
    (made,) = conversion.convert(manifest, tmp_path, tmp_path, ["onnx"])
    assert made.reason is not None and "`digit-parity setup alternatives`" in made.reason


def test_what_has_no_keras_model_and_what_takes_many_at_once_say_so(tmp_path, monkeypatch) -> None:
    def nothing(*_):
        raise ModelError("A graph model has no layers.")

    manifest = Manifest("m", "M", (), {}, {}, None, tensors=(Tensor("x", (2,), batch=8),))
    made = conversion.convert(manifest, tmp_path, tmp_path)
    assert {each.reason for each in made} == {"It takes 8 inputs at once, and a page gives one."}
    monkeypatch.setattr(exact, "reference_model", nothing)
    (made,) = conversion.convert(
        Manifest("m", "M", (), {}, {}, None), tmp_path, tmp_path, ["tflite"]
    )
    assert made.reason == "A graph model has no layers."


def test_tf2onnx_makes_an_onnx_with_the_same_names(tmp_path) -> None:
    if why := packages.missing():
        pytest.skip(why)
    manifest = stored(two_outputs(), tmp_path, Tensor("z", (3,)), Tensor("a", (2,)))
    (made,) = conversion.convert(manifest, tmp_path, tmp_path, ["onnx"])
    assert made.path is not None, made.reason
    import onnx

    graph = onnx.load(made.path).graph
    assert [each.name for each in graph.input] == ["input_00", "input_01"]
    assert [each.name for each in graph.output] == ["output_00", "output_01"]
