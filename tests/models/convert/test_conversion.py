"""The official converter on a small network: which files it writes, and which models it refuses."""

from __future__ import annotations

import shutil

import numpy as np
import pytest

from models.convert import command, conversion, loadable, runs
from models.convert.official import converter
from models.dataset import sample_inputs
from models.errors import ModelError
from models.formats import manifest
from models.formats.tensors import Tensor
from models.lanes import Lane
from models.runtimes import node, tensorflow

needs_bundle = pytest.mark.skipif(not node.SCRIPT.is_file(), reason="`make install` bundles it")
DIGITS = np.random.default_rng(1).random((20, 28, 28), np.float32)


@pytest.fixture
def folder(small_model):
    return small_model


def test_both_formats_are_written_with_each_kind_of_weights(folder):
    lanes = manifest.read(folder).lanes
    assert set(lanes) == {"keras"} | {
        f"{form}{weights}" for form in ("graph", "layers") for weights in ("", " float16", " uint8")
    }
    assert lanes["graph"] == "model_graph/model.json"
    assert all((folder / path).is_file() for path in lanes.values())


def test_the_manifest_has_every_file_the_training_and_the_versions(folder):
    read = manifest.read(folder)
    assert manifest.changed(read, folder) == []
    assert read.title == "Small" and read.training == {"epochs": 3}
    assert read.accuracy == {"MNIST test": {"keras": 0.5}}
    assert read.versions["tensorflowjs"].startswith("4.")
    assert read.classes == tuple("0123456789")


def test_its_commands_are_the_official_converters(folder):
    commands = manifest.read(folder).commands
    assert len(commands) == 6
    assert commands[0] == (
        "tensorflowjs_converter --input_format=keras --output_format=tfjs_graph_model "
        "mnist_model.h5 model_graph"
    )
    assert any("--quantize_uint8" in each for each in commands)


@pytest.mark.parametrize("form", ["graph", "layers"])
def test_float32_formats_answer_like_keras(folder, form):
    expected = tensorflow.load(folder, "keras").predict(DIGITS)
    np.testing.assert_allclose(tensorflow.load(folder, form).predict(DIGITS), expected, atol=1e-5)


def test_quantised_weights_are_smaller(folder):
    for form in ("graph", "layers"):
        sizes = [
            sum(path.stat().st_size for path in (folder / name).glob("*.bin"))
            for name in (f"model_{form}", f"model_{form}_float16", f"model_{form}_uint8")
        ]
        assert sizes[0] > 1.8 * sizes[1] > 1.8 * sizes[2]


def test_converting_again_writes_equal_files(folder, tmp_path):
    again = tmp_path / "small"
    again.mkdir()
    for name in (conversion.KERAS_FILE, conversion.TRAINING_FILE):
        shutil.copy(folder / name, again / name)
    conversion.convert(again)
    assert manifest.read(again).files == manifest.read(folder).files


def test_when_a_conversion_fails_nothing_changes(folder, monkeypatch):
    before = {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}
    run, calls = converter.run, []

    def fails_at_the_last(arguments):
        calls.append(arguments)
        if len(calls) == len(runs.CONVERSIONS):
            raise RuntimeError("the disk is full")
        run(arguments)

    monkeypatch.setattr(converter, "run", fails_at_the_last)
    with pytest.raises(RuntimeError):
        conversion.convert(folder)
    assert before == {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_a_missing_or_broken_model_is_refused(tmp_path):
    with pytest.raises(ModelError, match=r"digit-parity train"):
        conversion.convert(tmp_path)
    (tmp_path / conversion.KERAS_FILE).write_bytes(b"no HDF5")
    with pytest.raises(ModelError, match="no model that can be loaded"):
        conversion.convert(tmp_path)


def test_a_model_of_other_shapes_is_converted_and_described(tmp_path):
    from tf_keras import Model, layers

    picture, values = layers.Input((8, 8, 3), name="picture"), layers.Input((4,), name="values")
    both = layers.Concatenate()([layers.Flatten()(picture), values])
    outputs = [layers.Dense(3, name="z")(both), layers.Dense(3, name="a")(both)]
    Model([picture, values], outputs).save(tmp_path / conversion.KERAS_FILE)
    found = conversion.convert_what_works(tmp_path).manifest
    assert manifest.read(tmp_path).outputs == found.outputs
    assert found.tensors == (Tensor("picture", (8, 8, 3)), Tensor("values", (4,)))
    assert [each.name for each in found.outputs] == ["z", "a"] and found.input is None
    given = sample_inputs.generated(found.takes, 5)
    wanted = tensorflow.load(tmp_path, "keras").run(given)
    for form in ("graph", "layers"):
        for one, other in zip(tensorflow.load(tmp_path, form).run(given), wanted, strict=True):
            np.testing.assert_allclose(one, other, atol=1e-5)


def test_an_exported_saved_model_becomes_a_graph_of_each_kind_of_weights(tmp_path):
    import keras

    layers = [keras.layers.Input((6,), name="values"), keras.layers.Dense(3)]
    keras.Sequential(layers).export(tmp_path / "exported", verbose=False)
    made = conversion.convert_what_works(tmp_path, source="exported")
    assert set(made.manifest.lanes) == {"keras", "graph", "graph float16", "graph uint8"}
    assert "has a graph and no layers" in made.unmade["layers"]
    assert "--input_format=tf_saved_model" in made.manifest.commands[0]
    assert made.manifest.size("keras") > 0 and not manifest.changed(made.manifest, tmp_path)


def test_the_command_says_what_is_wrong_and_ends_with_1(tmp_path, capsys):
    assert command.main([str(tmp_path)]) == 1
    assert "missing" in capsys.readouterr().err


@needs_bundle
def test_a_layers_model_loads_without_what_only_training_needs_and_tensorflow_js_lacks(tmp_path):
    from tf_keras import Sequential, layers, regularizers

    dense = layers.Dense(4, kernel_regularizer=regularizers.l2(0.01), activation="selu")
    steps = [layers.Input((28, 28)), layers.TimeDistributed(dense), layers.Flatten()]
    head = layers.Dense(10, "softmax", kernel_initializer="lecun_normal")
    Sequential([*steps, head]).save(tmp_path / conversion.KERAS_FILE)
    made = conversion.convert_what_works(tmp_path)
    assert made.changed == {"layers": loadable.LEFT_OUT}
    lane = Lane("layers", "tfjs/cpu")
    found = node.predict(tmp_path, [lane], (DIGITS,))[lane]
    assert found.error is None
    expected = tensorflow.load(tmp_path, "keras").predict(DIGITS)
    np.testing.assert_allclose(found.outputs[0], expected, atol=1e-5)
