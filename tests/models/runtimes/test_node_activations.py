"""TensorFlow.js in Node shows every layer, and planted faults are named there too."""

from __future__ import annotations

import shutil
from dataclasses import replace

import numpy as np
import pytest

from models.bisect.bisection import bisect
from models.dataset.samples import of_tensors
from models.errors import InputError, ModelError
from models.formats import anatomy
from models.formats import manifest as manifests
from models.formats.store import SHIPPED
from models.formats.tensors import Tensor
from models.lanes import TENSORFLOW, Lane
from models.runtimes import activations, node, node_activations
from models.tfjs.bundle import PACKAGE
from tests.support.weight_faults import (
    change_layer,
    change_weight,
    convert,
    flipped,
    grown,
    scattered,
    shifted,
    sides_swapped,
    transposed,
)

pytestmark = pytest.mark.skipif(
    not (PACKAGE / "dist" / "node" / "cli.mjs").is_file(), reason="`make install` bundles it"
)
INPUT = {"shape": [28, 28, 1], "dtype": "float32"}
GRAPH, LAYERS = Lane("graph", "tfjs/wasm"), Lane("layers", "tfjs/wasm")


@pytest.fixture(scope="module")
def digits():
    with np.load(SHIPPED / "examples.npz") as file:
        return (file["x_test"][:3] / np.float32(255)).astype(np.float32)


@pytest.fixture(scope="module")
def reference():
    return activations.load(SHIPPED, "keras")


def find(folder, lane, digits, **settings):
    return bisect(folder, lane, of_tensors((digits[..., None],)), **settings)


@pytest.mark.parametrize("lane", [GRAPH, LAYERS, Lane("graph", "tfjs/cpu")], ids=str)
def test_every_layer_is_as_in_keras(lane, digits, reference):
    result = find(SHIPPED, lane, digits, reference=reference)
    assert result.error is None and result.first is None
    assert len(result.differences) == (30 if lane.format == "layers" else 14)
    assert result.smallest_rtol < 1e-5


def test_a_graph_that_is_hard_to_convert_shows_all_its_operations(hard, digits):
    trace = node_activations.trace(hard, GRAPH, (digits[..., None],))
    pairing = anatomy.pair(anatomy.read(hard, "keras"), anatomy.read(hard, "graph"))
    assert {part for _, part in pairing.pairs} <= set(trace.outputs)
    assert all(len(value) == 3 for value in trace.outputs.values())


@pytest.mark.parametrize(
    ("lane", "layer", "weight", "change"),
    [
        (GRAPH, "relu2", "conv2/Conv2D_weights", transposed),
        (GRAPH, "relu5", "conv5/Conv2D_bn_offset", shifted(3, 0.1)),
        (LAYERS, "conv3", "conv3/kernel", flipped),
        (LAYERS, "norm4", "norm4/moving_mean", shifted(3, 0.1)),
    ],
)
def test_a_planted_fault_is_named(lane, layer, weight, change, digits, reference, tmp_path):
    shutil.copytree(SHIPPED, tmp_path / "mnist")
    change_weight(tmp_path / "mnist" / f"model_{lane.format}" / "model.json", weight, change)
    result = find(tmp_path / "mnist", lane, digits, reference=reference)
    assert result.first is not None and result.first.layer == layer
    assert len(result.suspects) == 1
    assert result.by == "own error" and result.also == ()


@pytest.mark.parametrize("lane", [GRAPH, LAYERS, Lane("graph", "tfjs/cpu")], ids=str)
def test_every_step_adds_no_more_than_rounding_to_the_reference_s_inputs(lane, stepped, digits):
    result = find(stepped, lane, digits)
    assert result.error is None and result.first is None and result.unmatched == ()
    alone = {each.layer for each in result.differences if each.own is not None}
    steps = {"padded", "again (call 2) before tanh", "inner/relu", "norm2", "out"}
    assert steps <= alone
    assert (("inner/conv" in alone), ("inner/norm1" in alone)) == (lane.format == "layers",) * 2


@pytest.mark.parametrize(
    ("lane", "layer", "weight", "change"),
    [
        (GRAPH, "first", "first/Conv2D/ReadVariableOp", grown(0.01, 18)),
        (GRAPH, "inner/relu", "inner/conv/Conv2D_weights", grown(0.01)),
        (GRAPH, "padded", "padded/Pad/paddings", sides_swapped),
        (LAYERS, "inner/conv", "conv/kernel", grown(0.01)),
        (LAYERS, "out before softmax", "out/bias", shifted(3, 1e-3)),
    ],
)
def test_a_small_fault_is_named_by_its_own_error(
    lane, layer, weight, change, stepped, digits, tmp_path
):
    shutil.copytree(stepped, tmp_path / "stepped")
    path = tmp_path / "stepped" / f"model_{lane.format}" / "model.json"
    change_weight(path, weight, change)
    result = find(tmp_path / "stepped", lane, digits)
    assert result.first is not None and result.first.layer == layer
    assert result.by == "own error" and result.also == ()


@pytest.mark.parametrize("lane", [GRAPH, LAYERS], ids=str)
def test_a_mask_and_a_loop_are_as_in_keras(lane, digits, tmp_path):
    from tf_keras import Sequential, layers

    parts = [
        layers.Input((28, 28, 1)),
        layers.Reshape((28, 28), name="rows"),
        layers.Masking(name="masked"),
        layers.SimpleRNN(4, name="read", unroll=lane == GRAPH),
        layers.Dense(10, activation="softmax", name="out"),
    ]
    folder = convert(scattered(Sequential(parts)), tmp_path / "masked")
    result = find(folder, lane, digits)
    assert result.error is None and result.first is None
    read = next(each for each in result.differences if each.layer == "read")
    assert read.passed and (read.own is None or not read.faulty)


def test_looking_leaves_nothing_in_memory(digits, tmp_path):
    pixels = tmp_path / "pixels"
    pixels.write_bytes(digits.tobytes())
    lanes = [
        {
            "backend": "wasm",
            "format": lane.format,
            "model": str(SHIPPED / f"model_{lane.format}" / "model.json"),
            "out": str(tmp_path / lane.format),
            "look": node_activations.operations(SHIPPED, lane),
        }
        for lane in (GRAPH, LAYERS)
    ]
    job = {"inputs": [INPUT | {"file": str(pixels)}], "images": 3, "lanes": lanes}
    lines, failure = node.run_job(job, 60)
    assert failure == ""
    assert [line["leaked"] for line in lines] == [0, 0]


@pytest.mark.parametrize("stored", ["looped", "looped_by_functions"])
def test_layers_around_a_loop_and_a_branch_are_as_in_keras(stored, digits, request):
    folder = request.getfixturevalue(stored)
    for runtime in (TENSORFLOW, "tfjs/wasm"):
        result = find(folder, Lane("graph", runtime), digits)
        assert result.error is None and result.first is None
        steps = ["crop", "rows", "gru", "out before softmax", "out"]
        assert [each.layer for each in result.differences][1:] == steps


def test_looking_into_a_loop_leaves_nothing_in_memory(looped, digits, tmp_path):
    pixels = tmp_path / "pixels"
    pixels.write_bytes(digits.tobytes())
    lane = {
        "backend": "wasm",
        "format": "graph",
        "model": str(looped / "model_graph" / "model.json"),
        "out": str(tmp_path / "out"),
        "look": node_activations.operations(looped, GRAPH),
    }
    job = {"inputs": [INPUT | {"file": str(pixels)}], "images": 3, "lanes": [lane]}
    (line,), _ = node.run_job(job, 60)
    assert line["leaked"] == 0


def test_a_lane_that_cannot_run_says_why(digits, tmp_path):
    with pytest.raises(ModelError, match=r"no \.h5"):
        node_activations.trace(SHIPPED, Lane("keras", "tfjs/wasm"), (digits[..., None],))
    with pytest.raises(InputError, match="28, 28"):
        node_activations.trace(SHIPPED, GRAPH, (np.zeros((1, 5, 5, 1), np.float32),))
    shutil.copytree(SHIPPED, tmp_path / "mnist")
    change_layer(tmp_path / "mnist" / "model_layers" / "model.json", "relu1", "UnheardOf")
    with pytest.raises(ModelError, match="UnheardOf"):
        node_activations.trace(tmp_path / "mnist", LAYERS, (digits[..., None],))


@pytest.mark.parametrize("lane", [GRAPH, LAYERS], ids=str)
def test_each_part_of_a_model_of_words_and_numbers_gives_alone_what_it_gave(lane, tmp_path):
    from tf_keras import Model, layers

    words = layers.Input((4,), dtype="int32", name="words")
    numbers = layers.Input((2,), name="numbers")
    read = layers.Flatten()(layers.Embedding(10, 3)(words))
    known = layers.Concatenate()([read, layers.Dense(3, activation="relu")(numbers)])
    model = scattered(Model([words, numbers], layers.Dense(5, name="out")(known)))
    folder = convert(model, tmp_path / "mixed")
    takes = (Tensor("words", (4,), "int32"), Tensor("numbers", (2,)))
    manifests.write(replace(manifests.read(folder), input=None, tensors=takes), folder)
    random = np.random.default_rng(2)
    tensors = (random.integers(0, 10, (3, 4)), random.random((3, 2), np.float32))
    given = node_activations.trace(folder, lane, tensors).outputs
    parts = anatomy.read(folder, lane.format)
    inputs = {
        part.name: tensors[part.name == "numbers"] for part in parts if anatomy.is_input(part)
    }
    assert set(inputs) == {"words", "numbers"}
    feeds = anatomy.feeds(parts, given | inputs)
    trace, own = node_activations.trace_and_own(folder, lane, tensors, given | inputs, feeds)
    np.testing.assert_allclose(list(trace.outputs.values())[-1], model(list(tensors)), rtol=1e-5)
    assert own.errors == {}
    assert len(own.outputs) >= 4
    for part, values in own.outputs.items():
        np.testing.assert_allclose(values, given[part], rtol=1e-6)
