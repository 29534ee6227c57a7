"""What a user has, made a model's folder: one format alone is enough."""

from __future__ import annotations

import shutil
from pathlib import Path

import numpy as np
import pytest

from models.convert import building, runs
from models.convert.intake.given import EXPORTED_FOLDER, KERAS_FILE, Given
from models.dataset import sample_inputs
from models.errors import ModelError
from models.formats import manifest as manifests
from models.formats import safety
from models.formats.manifest import Manifest
from models.formats.tensors import Tensor
from models.lanes import WEIGHTS, Lane
from models.runtimes import server_lane, tensorflow
from tests.support import model_files
from tests.support.model_files import layer, sequential


@pytest.fixture(scope="module")
def two(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with model.h5, of two inputs and two outputs of one shape, and both conversions."""
    from tf_keras import Model, layers

    folder = tmp_path_factory.mktemp("two")
    picture, values = layers.Input((8, 8, 1), name="picture"), layers.Input((4,), name="values")
    both = layers.Concatenate()([layers.Flatten()(picture), values])
    outputs = [layers.Dense(3, name="z")(both), layers.Dense(3, name="a")(both)]
    Model([picture, values], outputs).save(folder / "model.h5")
    for each in runs.CONVERSIONS[:2]:
        runs.run(each, folder / "model.h5", folder)
    return folder


def built(files: Given, folder: Path) -> tuple[Manifest, dict[str, str]]:
    folder.mkdir()
    found = building.build(files, folder)
    assert found.manifest == manifests.read(folder)
    assert not manifests.changed(found.manifest, folder)
    safety.check_model(folder, found.manifest)
    return found.manifest, dict(found.unmade)


def assert_all_lanes_alike(manifest: Manifest, folder: Path) -> None:
    inputs = sample_inputs.generated(manifest.takes, 7)
    wanted = tensorflow.load(folder, manifest.reference.format).run(inputs)
    for lane in manifest.server_lanes[1:]:
        for one, other in zip(
            tensorflow.load(folder, lane.format).run(inputs), wanted, strict=True
        ):
            np.testing.assert_allclose(one, other, atol=1e-5)


def test_layers_alone_are_the_reference_of_a_graph_that_is_made_of_them(two, tmp_path):
    manifest, unmade = built(Given(layers=two / "model_layers"), tmp_path / "m")
    assert set(manifest.lanes) == {"graph", "layers"} and not unmade
    assert str(manifest.reference) == "layers @ tensorflow"
    assert manifest.tensors == (Tensor("picture", (8, 8, 1)), Tensor("values", (4,)))
    assert [each.name for each in manifest.outputs] == ["z", "a"]
    assert not (tmp_path / "m" / KERAS_FILE).exists()
    assert_all_lanes_alike(manifest, tmp_path / "m")


def test_a_graph_alone_is_kept_and_nothing_is_converted(two, tmp_path, monkeypatch):
    monkeypatch.setattr(runs, "run", lambda *_: pytest.fail("it converts"))
    manifest, unmade = built(Given(graph=two / "model_graph"), tmp_path / "m")
    assert set(manifest.lanes) == {"graph"} and not unmade
    assert str(manifest.reference) == "graph @ tensorflow"
    assert {each.shape for each in manifest.tensors} == {(8, 8, 1), (4,)}
    inputs = sample_inputs.generated(manifest.takes, 7)
    assert len(tensorflow.load(tmp_path / "m", "graph").run(inputs)) == 2


def test_both_formats_without_an_original_are_alike_by_the_names_of_their_outputs(two, tmp_path):
    files = Given(graph=two / "model_graph", layers=two / "model_layers")
    manifest, _ = built(files, tmp_path / "m")
    assert_all_lanes_alike(manifest, tmp_path / "m")


def test_an_exported_saved_model_is_the_original_of_a_graph(tmp_path):
    import keras

    zeta, alpha = (keras.layers.Input((6,), name=name) for name in ("zeta", "alpha"))
    outputs = {"kind": keras.layers.Dense(3)(zeta), "age": keras.layers.Dense(3)(alpha)}
    keras.Model([zeta, alpha], outputs).export(tmp_path / "exported", verbose=False)
    manifest, unmade = built(Given(original=tmp_path / "exported"), tmp_path / "m")
    assert set(manifest.lanes) == {"keras", "graph"}
    assert str(manifest.reference) == "keras @ tensorflow"
    assert "has a graph and no layers" in unmade["layers"]
    assert [each.name for each in manifest.tensors] == ["alpha", "zeta"]
    assert [each.name for each in manifest.outputs] == ["age", "kind"]
    assert_all_lanes_alike(manifest, tmp_path / "m")


def test_a_model_of_keras_3_that_tf_keras_cannot_express_gets_its_graph_from_what_keras_3_exports(
    tmp_path,
):
    import keras

    start = keras.layers.Input((28, 28))
    means = keras.ops.mean(keras.ops.expand_dims(start, -1), axis=1)  # no layer computes these
    model = keras.Model(start, keras.layers.Dense(10, "softmax")(keras.layers.Flatten()(means)))
    model.save(tmp_path / "mine.keras")
    manifest, unmade = built(Given(original=tmp_path / "mine.keras"), tmp_path / "m")
    assert set(manifest.lanes) == {"keras", "graph"} and manifest.exported
    assert "no layer of tf_keras computes what the operation ExpandDims does" in unmade["layers"]
    assert "The graph model is made of what Keras 3 exports" in unmade["layers"]
    noise = np.random.default_rng(5).random((4, 28, 28), np.float32)
    for form in manifest.lanes:
        answers = tensorflow.load(tmp_path / "m", form).run((noise,))[0]
        np.testing.assert_allclose(answers, model(noise), atol=1e-6)


def test_an_exported_saved_model_has_graphs_of_every_kind_of_weights_if_they_are_wanted(tmp_path):
    import keras

    start = keras.layers.Input((64,))
    keras.Model(start, keras.layers.Dense(32)(start)).export(tmp_path / "exported", verbose=False)
    (folder := tmp_path / "m").mkdir()
    found = building.build(Given(original=tmp_path / "exported"), folder, kept=True)
    manifest = manifests.read(folder)
    assert set(manifest.lanes) == {"keras", "graph", "graph float16", "graph uint8"}
    assert set(found.unmade) == {"layers"} and not manifests.changed(manifest, folder)
    inputs = sample_inputs.generated(manifest.takes, 7)
    wanted = server_lane.load(folder, manifest.reference).run(inputs)[0]
    far = []
    for weights in WEIGHTS:
        answers = server_lane.load(folder, Lane("graph", "tensorflow", weights)).run(inputs)[0]
        far.append(float(np.abs(answers - wanted).max()))
    assert far[0] < 1e-5 < far[1] < far[2] < 0.1, "rounded on purpose, each to fewer steps"


def test_an_exported_saved_model_that_became_a_link_is_refused(tmp_path):
    import keras

    steps = [keras.layers.Input((6,)), keras.layers.Dense(3)]
    keras.Sequential(steps).export(tmp_path / "exported", verbose=False)
    manifest, _ = built(Given(original=tmp_path / "exported"), tmp_path / "m")
    shutil.rmtree(tmp_path / "m" / EXPORTED_FOLDER)
    (tmp_path / "m" / EXPORTED_FOLDER).symlink_to(tmp_path / "exported")
    with pytest.raises(ModelError, match="is a link"):
        safety.check_files(tmp_path / "m", manifest)


def of_keras_3(folder: Path) -> Path:
    """A layers model as the converter makes it of a model of Keras 3: nothing loads it."""
    first = layer("InputLayer", "in", batch_shape=[None, 2], dtype="float32")
    dense = layer("Dense", "dense", units=3, use_bias=False, activation="softmax")
    return model_files.layers(folder, sequential(first, dense))


def test_layers_of_keras_3_alone_are_refused_with_the_way_out(tmp_path: Path) -> None:
    layers = of_keras_3(tmp_path / "layers")
    with pytest.raises(ModelError) as refused:
        building.build(Given(layers=layers), tmp_path)
    said = str(refused.value)
    assert said.startswith(f"{layers} was converted from a model of Keras 3")
    assert "Or give the original, too, or the graph model." in said


def test_beside_layers_of_keras_3_a_graph_is_judged_by_itself(two, tmp_path: Path) -> None:
    files = Given(graph=two / "model_graph", layers=of_keras_3(tmp_path / "layers"))
    manifest, _ = built(files, tmp_path / "m")
    assert set(manifest.lanes) == {"graph", "layers"}
    assert str(manifest.reference) == "graph @ tensorflow"
    with pytest.raises(ModelError, match="cannot be read"):
        tensorflow.load(tmp_path / "m", "layers")
