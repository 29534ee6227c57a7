"""Stored models are read as the runtimes read them, and unreadable ones are refused in words."""

from __future__ import annotations

import json
import shutil

import numpy as np
import pytest

from models.errors import ModelError
from models.formats import anatomy, manifest
from models.formats.anatomy.layers import is_idle
from models.formats.store import SHIPPED

MANIFEST = manifest.read(SHIPPED)
CONVERTED = [key for key in MANIFEST.lanes if key != "keras"]


def opened(key: str) -> anatomy.Anatomy:
    form, _, weights = key.partition(" ")
    return anatomy.read(SHIPPED, form, weights or "float32")


@pytest.mark.parametrize("key", CONVERTED)
def test_weights_are_what_the_official_reader_makes_of_them(key):
    from tests.support.official import read_weights

    path = SHIPPED / MANIFEST.lanes[key]
    entries = json.loads(path.read_text())["weightsManifest"]
    expected = {e["name"]: e["data"] for e in read_weights.read_weights(entries, path.parent, True)}
    found = {weight.name: weight for part in opened(key) for weight in part.weights}
    assert set(found) == set(expected)
    for name, weight in found.items():
        assert weight.value.dtype == expected[name].dtype
        np.testing.assert_array_equal(weight.value, expected[name])
        assert weight.bytes == weight.value.size * np.dtype(weight.stored).itemsize


def test_layers_and_parameters_are_keras_s_own():
    from models.runtimes.keras import keras2

    model = keras2.read(SHIPPED / "mnist_model.h5")
    for key in ("keras", "layers"):
        found = opened(key)
        *others, last = [part for part in found if not part.step_of]
        assert [*(part.name for part in others), last.name] == [each.name for each in model.layers]
        assert [part.kind for part in others] == [type(each).__name__ for each in model.layers[:-1]]
        counts = {part.step_of or part.name: part.parameters for part in others}
        assert counts == {each.name: each.count_params() for each in model.layers[:-1]}
        (first,) = [part for part in found if part.step_of]
        assert (first.step_of, first.kind, last.kind) == (last.name, "Dense", "Activation")
        assert first.parameters == model.layers[-1].count_params() and not last.parameters
        assert found.outputs == ("probabilities",)
    np.testing.assert_array_equal(
        opened("keras")["conv3"].weights[0].value, model.get_layer("conv3").get_weights()[0]
    )


def test_a_graph_s_constants_belong_to_what_takes_them():
    graph = opened("graph")
    assert [part.kind for part in graph].count("_FusedConv2D") == 8
    last = graph[graph.outputs[0]]
    assert last.kind == "Softmax" and last.inputs[0].endswith("probabilities/BiasAdd")
    dense = graph[last.inputs[0]]
    assert dense.parameters == 64 * 10 + 10
    assert dense.settings["fused_ops"] == ("BiasAdd",)
    mean = next(part for part in graph if part.kind == "Mean")
    assert mean.parameters == 0 and mean.weights[0].value.tolist() == [1, 2]


def test_each_part_comes_after_its_inputs(hard):
    for form in ("keras", "layers", "graph"):
        found = anatomy.read(hard, form)
        assert all(
            found.order[before] < found.order[part.name] for part in found for before in part.inputs
        )


def test_what_only_training_uses_is_idle(hard):
    layers = anatomy.read(hard, "layers")
    assert [part.name for part in layers if is_idle(part)] == ["pixels", "dropped"]


def test_a_model_within_the_model_is_its_layers_with_their_own_weights(tmp_path):
    from tf_keras import Input, Model, Sequential, layers

    from tests.support import weight_faults as faults

    inner = Sequential(
        [layers.Conv2D(4, 3), layers.BatchNormalization(name="norm1"), layers.ReLU()], "inner"
    )
    outer = [inner, layers.Flatten(name="flat"), layers.Dense(10, name="dense")]
    chain = Sequential([layers.Input((28, 28, 1)), *outer])
    start = Input((28, 28, 1))
    half = Sequential([layers.MaxPooling2D(name="pool"), layers.Conv2D(1, 1, name="one")], "half")
    x = layers.Add(name="sum")([half(start), half(start)])
    functional = Model(start, layers.Dense(10, name="dense")(layers.Flatten()(half(x))))
    for name, model in (("chain", chain), ("functional", functional)):
        folder = faults.convert(faults.scattered(model), tmp_path / name)
        for form in ("keras", "layers"):
            found = anatomy.read(folder, form)
            assert found.parameters == model.count_params()
            if model is chain:
                (conv,) = [part for part in found if part.kind == "Conv2D"]
                assert conv.name == f"inner/{inner.layers[0].name}" and conv.parameters == 40
            else:
                assert found["half (call 3)/pool"].inputs == ("sum",)
                assert found["sum"].inputs == ("half/one", "half (call 2)/one")
        pairing = anatomy.pair(anatomy.read(folder, "keras"), anatomy.read(folder, "graph"))
        assert not pairing.unmatched and pairing.pairs[-1][0] == "dense"
        assert all(each.equal for each in pairing.weights)


def test_each_call_of_a_layer_and_each_step_of_it_is_found_in_the_graph(tmp_path):
    from tf_keras import Input, Model, layers

    from tests.support import weight_faults as faults

    again = layers.Conv2D(1, 3, padding="same", activation="tanh", name="block/again")
    start = Input((28, 28, 1))
    flat = layers.Flatten(name="flat")(again(again(start)))
    model = Model(start, layers.Dense(10, activation="softmax", name="out")(flat))
    folder = faults.convert(faults.scattered(model), tmp_path / "shared")
    for form in ("graph", "layers"):
        pairing = anatomy.pair(anatomy.read(folder, "keras"), anatomy.read(folder, form))
        assert [layer for layer, _ in pairing.pairs][1:] == [
            "block/again before tanh",
            "block/again",
            "block/again (call 2) before tanh",
            "block/again (call 2)",
            "flat",
            "out before softmax",
            "out",
        ]
        assert len({part for _, part in pairing.pairs}) == len(pairing.pairs)
        assert all(each.equal for each in pairing.weights)


@pytest.mark.parametrize("key", MANIFEST.lanes)
def test_sizes_are_the_files_and_gzip_gains(key):
    form, _, weights = key.partition(" ")
    found = anatomy.size(SHIPPED, MANIFEST, form, weights or "float32")
    assert found.bytes == MANIFEST.size(form, weights or "float32")
    assert 0.5 * found.bytes < found.gzip < found.bytes


def test_files_that_do_not_hold_a_model_are_refused_in_words(tmp_path):
    for form, path in (("layers", "model_layers/model.json"), ("graph", "model_graph/model.json")):
        folder = tmp_path / form
        shutil.copytree(SHIPPED, folder)
        shard = next((folder / path).parent.glob("*.bin"))
        shard.write_bytes(shard.read_bytes()[:-4])
        with pytest.raises(ModelError, match="files end before the weights of"):
            anatomy.read(folder, form)
        shard.unlink()
        with pytest.raises(ModelError, match="cannot be read"):
            anatomy.read(folder, form)
        (folder / path).write_text("[]")
        with pytest.raises(ModelError, match="no model that can be loaded"):
            anatomy.read(folder, form)
    (folder / "mnist_model.h5").write_bytes(b"no HDF5")
    with pytest.raises(ModelError, match="no model that can be loaded"):
        anatomy.read(folder, "keras")


def test_one_format_is_not_taken_for_the_other():
    with pytest.raises(ModelError):
        anatomy.read_layers(SHIPPED / "model_graph" / "model.json")
    with pytest.raises(ModelError):
        anatomy.read_graph(SHIPPED / "model_layers" / "model.json")


def edited(folder, form, change):
    """A copy's model.json after ``change``; returns its path."""
    path = folder / f"model_{form}" / "model.json"
    stored = json.loads(path.read_text())
    change(stored)
    path.write_text(json.dumps(stored))
    return path


@pytest.fixture
def copy(tmp_path):
    shutil.copytree(SHIPPED, tmp_path / "mnist")
    return tmp_path / "mnist"


def test_weights_may_lie_in_many_shards(copy):
    folder = copy / "model_layers"
    (shard,) = folder.glob("*.bin")
    content = shard.read_bytes()
    names = ["one.bin", "two.bin", "three.bin"]
    for name, start, end in zip(names, (0, 10_001, 20_002), (10_001, 20_002, None), strict=True):
        (folder / name).write_bytes(content[start:end])
    path = edited(copy, "layers", lambda stored: stored["weightsManifest"][0].update(paths=names))
    found, expected = anatomy.read_layers(path), opened("layers")
    for one, other in zip(found, expected, strict=True):
        for mine, theirs in zip(one.weights, other.weights, strict=True):
            np.testing.assert_array_equal(mine.value, theirs.value)


def test_a_graph_of_an_old_converter_has_no_signature(copy):
    path = edited(copy, "graph", lambda stored: stored.pop("signature"))
    assert anatomy.read_graph(path).outputs == opened("graph").outputs


def test_an_old_sequential_lists_its_layers_bare(copy):
    def bare(stored):
        config = stored["modelTopology"]["model_config"]
        for layer in config["config"]["layers"]:
            del layer["name"], layer["inbound_nodes"]
        config.update(class_name="Sequential", config=config["config"]["layers"])

    found = anatomy.read_layers(edited(copy, "layers", bare))
    assert [part.name for part in found] == [part.name for part in opened("layers")]
    assert found["conv2"].inputs == ("relu1",) and found.parameters == 117_274
    assert [each.role for each in anatomy.match(found, opened("graph")).matches] == [
        each.role for each in anatomy.match(opened("layers"), opened("graph")).matches
    ]


def test_a_graph_whose_operations_go_round_is_refused(copy):
    def tie(stored):
        nodes = {node["name"]: node for node in stored["modelTopology"]["node"]}
        first = next(name for name in nodes if name.endswith("relu1/Relu"))
        nodes[first]["input"][0] = next(name for name in nodes if name.endswith("relu6/Relu"))

    with pytest.raises(ModelError, match="never computed"):
        anatomy.read_graph(edited(copy, "graph", tie))


def test_an_unknown_kind_of_weights_is_named(copy):
    def change(stored):
        stored["weightsManifest"][0]["weights"][0]["dtype"] = "complex64"

    with pytest.raises(ModelError, match="complex64"):
        anatomy.read_layers(edited(copy, "layers", change))
