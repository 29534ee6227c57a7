"""Planted faults are named at the right layer, in both formats; without a fault, none is named."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from models.bisect.bisection import bisect as find
from models.dataset.samples import Samples, of_tensors
from models.formats.store import SHIPPED
from models.lanes import Lane
from models.runtimes import activations
from tests.support.weight_faults import (
    change_layer,
    change_node,
    change_weight,
    flipped,
    fused,
    grown,
    scaled,
    shifted,
    sides_swapped,
    text,
    transposed,
    whole,
)

GRAPH, LAYERS = Lane("graph", "tensorflow"), Lane("layers", "tensorflow")
Plant = Callable[[Path], None]

# (expected layer, a word that its suspects must have, the fault)
IN_THE_GRAPH: dict[str, tuple[str, str, Plant]] = {
    "a bias changed": (
        "relu3",
        "norm3/beta",
        lambda path: change_weight(path, "conv3/Conv2D_bn_offset", shifted(5, 0.05)),
    ),
    "a kernel transposed": (
        "relu2",
        "conv2/kernel",
        lambda path: change_weight(path, "conv2/Conv2D_weights", transposed),
    ),
    "an activation replaced": (
        "relu4",
        "activation",
        lambda path: change_node(path, "relu4/Relu", fused_ops=fused("BiasAdd", "Elu")),
    ),
    "a sign flipped": (
        "relu5",
        "conv5/kernel",
        lambda path: change_weight(path, "conv5/Conv2D_weights", flipped),
    ),
    "a dilation changed": (
        "relu6",
        "dilation_rate",
        lambda path: change_node(path, "relu6/Relu", dilations=whole(1, 2, 2, 1)),
    ),
    "a stride changed": (
        "relu5",
        "strides",
        lambda path: change_node(path, "relu5/Relu", strides=whole(1, 2, 2, 1)),
    ),
    "a padding changed": (
        "relu6",
        "padding",
        lambda path: change_node(path, "relu6/Relu", padding=text("VALID")),
    ),
    "the last bias changed": (
        "probabilities before softmax",
        "probabilities/bias",
        lambda path: change_weight(path, "BiasAdd/ReadVariableOp", shifted(7, -2)),
    ),
}
IN_THE_LAYERS: dict[str, tuple[str, str, Plant]] = {
    "a bias changed": (
        "probabilities before softmax",
        "probabilities/bias",
        lambda path: change_weight(path, "probabilities/bias", shifted(7, -2)),
    ),
    "a kernel transposed": (
        "conv2",
        "conv2/kernel",
        lambda path: change_weight(path, "conv2/kernel", transposed),
    ),
    "an activation replaced": (
        "relu4",
        "negative_slope of relu4: 0.0 in the reference, 0.1 in this format",
        lambda path: change_layer(path, "relu4", negative_slope=0.1),
    ),
    "a moving mean changed": (
        "norm3",
        "norm3/moving_mean",
        lambda path: change_weight(path, "norm3/moving_mean", shifted(2, 0.1)),
    ),
    "a sign flipped": (
        "conv5",
        "conv5/kernel",
        lambda path: change_weight(path, "conv5/kernel", flipped),
    ),
    "an epsilon changed": (
        "norm1",
        "epsilon of norm1: 0.001 in the reference, 1e-05 in this format",
        lambda path: change_layer(path, "norm1", epsilon=1e-5),
    ),
    "a dilation changed": (
        "conv4",
        "dilation_rate of conv4: 1×1 in the reference, 2×2 in this format",
        lambda path: change_layer(path, "conv4", dilation_rate=[2, 2]),
    ),
    "a layer replaced": (
        "pool4",
        "pool4: MaxPooling2D in the reference, AveragePooling2D in this format",
        lambda path: change_layer(path, "pool4", "AveragePooling2D"),
    ),
}


def of_brightness(most: float) -> Samples:
    with np.load(SHIPPED / "examples.npz") as file:
        pixels = file["x_test"][:10] / np.float32(255) * np.float32(most)
    return of_tensors((pixels.astype(np.float32)[..., None],))


@pytest.fixture(scope="module")
def digits():
    return of_brightness(1.0)


@pytest.fixture(scope="module")
def reference():
    return activations.load(SHIPPED, "keras")


@pytest.fixture
def copy(tmp_path):
    shutil.copytree(SHIPPED, tmp_path / "mnist")
    return tmp_path / "mnist"


@pytest.mark.parametrize("lane", [GRAPH, LAYERS], ids=str)
def test_a_faithful_conversion_does_not_diverge(lane, digits, reference):
    result = find(SHIPPED, lane, digits, reference=reference)
    assert result.first is None and result.error is None
    assert result.suspects == () and result.unmatched == () and result.also == ()
    # The input alone, and what only training uses, have nothing that could be asked of them.
    assert all(each.own is not None for each in result.differences[1:])
    assert result.differences[-1].layer == "probabilities"
    assert result.smallest_rtol < 1e-5


def test_every_layer_is_compared_and_in_the_graph_every_one_that_is_there(digits, reference):
    layers = find(SHIPPED, LAYERS, digits, reference=reference).differences
    graph = find(SHIPPED, GRAPH, digits, reference=reference).differences
    assert len(layers) == 30
    # The graph computes a convolution, its normalisation and its ReLU in one operation.
    assert [each.layer for each in graph] == [
        each.layer for each in layers if not each.layer.startswith(("conv", "norm"))
    ]


@pytest.mark.parametrize("name", IN_THE_GRAPH)
def test_a_fault_in_the_graph_is_named_at_its_layer(name, copy, digits, reference):
    layer, suspect, plant = IN_THE_GRAPH[name]
    plant(copy / "model_graph" / "model.json")
    result = find(copy, GRAPH, digits, reference=reference)
    assert result.first is not None and result.first.layer == layer
    assert len(result.suspects) == 1 and suspect in result.suspects[0]
    assert result.together[-1] == layer and result.by == "own error" and result.also == ()


@pytest.mark.parametrize("name", IN_THE_LAYERS)
def test_a_fault_in_the_layers_is_named_at_its_layer(name, copy, digits, reference):
    layer, suspect, plant = IN_THE_LAYERS[name]
    plant(copy / "model_layers" / "model.json")
    result = find(copy, LAYERS, digits, reference=reference)
    assert result.first is not None and result.first.layer == layer
    assert len(result.suspects) == 1 and suspect in result.suspects[0]
    assert result.together == (layer,) and result.by == "own error" and result.also == ()


HARD: dict[str, tuple[str, Plant]] = {
    "in a separable convolution's second kernel": (
        "prelu",  # one operation computes separable, norm1 and prelu
        lambda path: change_weight(path, "separable/separable_conv2d_weights", flipped),
    ),
    "in a slope": ("leaky", lambda path: change_node(path, "leaky/LeakyRelu", alpha={"f": 0.3})),
    "in a dilated convolution": (
        "dilated",
        lambda path: change_weight(path, "dilated/Conv2D/ReadVariableOp", transposed),
    ),
    "in a normalisation that was not folded": (
        "norm5",
        lambda path: change_weight(path, "norm5/batchnorm/sub", shifted(3, 0.1)),
    ),
    "in one of two branches": (
        "right before tanh",
        lambda path: change_weight(path, "right/BiasAdd/ReadVariableOp", shifted(0, 0.1)),
    ),
    "in a depthwise convolution's cap": (
        "relu6",
        lambda path: change_node(path, "depthwise/depthwise", fused_ops=fused("BiasAdd", "Relu")),
    ),
}


@pytest.mark.parametrize("lane", [GRAPH, LAYERS], ids=str)
def test_a_hard_model_does_not_diverge(lane, hard, digits):
    result = find(hard, lane, digits)
    assert result.first is None and result.unmatched == ()
    assert len(result.differences) > 18


@pytest.mark.parametrize("where", HARD)
def test_a_fault_in_a_hard_model_is_named(where, hard, tmp_path):
    layer, plant = HARD[where]
    folder = tmp_path / "hard"
    shutil.copytree(hard, folder)
    plant(folder / "model_graph" / "model.json")
    result = find(folder, GRAPH, of_brightness(3))  # enough to reach the cap of 6
    assert result.first is not None and result.first.layer == layer
    assert result.by == "own error" and result.also == ()


# Faults that are small, or in a place of its own: (layers or graph, the layer, the fault).
SMALL: dict[str, tuple[str, str, Plant]] = {
    "one weight off by 1 %": (
        "layers",
        "first",
        lambda path: change_weight(path, "first/kernel", grown(0.01, 18)),
    ),
    "one weight of a graph off by 1 %": (
        "graph",
        "first",
        lambda path: change_weight(path, "first/Conv2D/ReadVariableOp", grown(0.01, 18)),
    ),
    "a bias off by 1e-3": (
        "layers",
        "out before softmax",
        lambda path: change_weight(path, "out/bias", shifted(3, 1e-3)),
    ),
    "a bias of a graph off by 1e-3": (
        "graph",
        "out before softmax",
        lambda path: change_weight(path, "out/BiasAdd/ReadVariableOp", shifted(3, 1e-3)),
    ),
    "an epsilon of 1e-3 made 1.1e-3": (
        "layers",
        "norm2",
        lambda path: change_layer(path, "norm2", epsilon=1.1e-3),
    ),
    "the epsilon of a graph made as much larger": (
        "graph",
        "norm2",
        lambda path: change_weight(path, "norm2/FusedBatchNormV3/Scaled", scaled(1 - 5e-5)),
    ),
    "the epsilon in an inner model": (
        "layers",
        "inner/norm1",
        lambda path: change_layer(path, "norm1", epsilon=1.1e-3),
    ),
    "one weight in an inner model": (
        "layers",
        "inner/conv",
        lambda path: change_weight(path, "conv/kernel", grown(0.01)),
    ),
    "one weight in the graph of an inner model": (
        "graph",
        "inner/relu",
        lambda path: change_weight(path, "inner/conv/Conv2D_weights", grown(0.01)),
    ),
    "padding sides swapped": (
        "layers",
        "padded",
        lambda path: change_layer(path, "padded", padding=[[1, 0], [1, 0]]),
    ),
    "padding sides of a graph swapped": (
        "graph",
        "padded",
        lambda path: change_weight(path, "padded/Pad/paddings", sides_swapped),
    ),
    "the phase of a stride": (
        "layers",
        "padded",
        lambda path: change_layer(path, "padded", padding=[[1, 0], [0, 1]]),
    ),
    "the activation of a last layer": (
        "layers",
        "out",
        lambda path: change_layer(path, "out", activation="sigmoid"),
    ),
    "the first call of a shared layer in a graph": (
        "graph",
        "again before tanh",
        lambda path: change_weight(path, "again/Conv2D/ReadVariableOp", grown(0.01)),
    ),
    "the second call of a shared layer in a graph": (
        "graph",
        "again (call 2) before tanh",
        lambda path: change_weight(path, "again/Conv2D_1/ReadVariableOp", grown(0.01)),
    ),
}


@pytest.fixture(scope="module")
def stepped_reference(stepped):
    return activations.load(stepped, "keras")


@pytest.mark.parametrize("lane", [GRAPH, LAYERS], ids=str)
def test_every_step_of_a_faithful_conversion_is_compared_alone(
    lane, stepped, digits, stepped_reference
):
    result = find(stepped, lane, digits, reference=stepped_reference)
    assert result.first is None and result.unmatched == () and result.also == ()
    compared = {each.layer for each in result.differences if each.own is not None}
    steps = {"again (call 2) before tanh", "inner/relu", "out before softmax", "out"}
    assert steps <= compared
    assert all(each.own <= each.own_allowed / 4 for each in result.differences if each.own)


@pytest.mark.parametrize("name", SMALL)
def test_a_small_fault_is_named_by_its_own_error_and_nothing_that_inherits_it(
    name, stepped, tmp_path, digits, stepped_reference
):
    form, layer, plant = SMALL[name]
    folder = tmp_path / "stepped"
    shutil.copytree(stepped, folder)
    plant(folder / f"model_{form}" / "model.json")
    result = find(folder, Lane(form, "tensorflow"), digits, reference=stepped_reference)
    assert result.first is not None and result.first.layer == layer
    assert result.by == "own error"
    # A layer that is called twice has its fault twice.
    assert all(each.startswith("again") for each in result.also)


def test_two_faults_are_both_named(stepped, tmp_path, digits, stepped_reference):
    folder = tmp_path / "stepped"
    shutil.copytree(stepped, folder)
    path = folder / "model_layers" / "model.json"
    change_weight(path, "first/kernel", grown(0.01, 18))
    change_weight(path, "out/bias", shifted(3, 0.1))
    result = find(folder, LAYERS, digits, reference=stepped_reference)
    assert result.layer == "first" and result.also == ("out before softmax",)


def test_a_layer_that_cannot_run_alone_is_named_where_the_lane_jumps(looped, tmp_path, digits):
    folder = tmp_path / "looped"
    shutil.copytree(looped, folder)
    change_weight(folder / "model_graph" / "model.json", "gru/Read/ReadVariableOp", flipped)
    result = find(folder, GRAPH, digits)
    assert result.first is not None and result.first.layer == "gru"


def test_a_model_that_cannot_run_still_has_suspects(copy, digits, reference):
    path = copy / "model_layers" / "model.json"
    change_layer(path, "conv3", kernel_size=[5, 5])
    result = find(copy, LAYERS, digits, reference=reference)
    assert result.error is not None and "layers" in result.error
    assert any(
        "kernel_size of conv3: 3×3 in the reference, 5×5" in each for each in result.suspects
    )


def test_without_a_keras_model_the_layers_model_is_the_reference(copy, digits):
    manifest = json.loads((copy / "manifest.json").read_text())
    del manifest["lanes"]["keras"]
    (copy / "manifest.json").write_text(json.dumps(manifest))
    result = find(copy, GRAPH, digits)
    assert result.reference == LAYERS and result.first is None


def test_of_a_graph_alone_every_operation_is_compared_with_what_it_gives_on_tensorflow(
    copy, digits
):
    manifest = json.loads((copy / "manifest.json").read_text())
    manifest["lanes"] = {form: path for form, path in manifest["lanes"].items() if "graph" in form}
    (copy / "manifest.json").write_text(json.dumps(manifest))
    result = find(copy, Lane("graph", "tensorflow", "uint8"), digits)
    assert result.reference == GRAPH and result.unmatched == ()
    assert result.layer is not None and result.layer.endswith("relu1/Relu"), "its kernel is rounded"
    assert find(copy, GRAPH, digits).first is None


@pytest.mark.parametrize("plant", [None, transposed])
def test_batch_after_batch_gives_the_figures_of_all_inputs_at_once(plant, copy, digits, reference):
    if plant is not None:
        change_weight(copy / "model_layers" / "model.json", "conv2/kernel", plant)
    whole = find(copy, LAYERS, digits, reference=reference)
    parts = find(copy, LAYERS, digits, reference=reference, at_once=3)
    assert [each.layer for each in parts.differences] == [each.layer for each in whole.differences]
    for one, two in zip(whole.differences, parts.differences, strict=True):
        assert one.shape == two.shape and one.scale == pytest.approx(two.scale, rel=1e-5)
        assert two.max_abs == pytest.approx(one.max_abs, abs=1e-5 * one.scale)
        assert two.own == pytest.approx(one.own, rel=1e-3, abs=1e-6)
        assert two.faulty == one.faulty
    if plant is not None:
        assert parts.layer == whole.layer == "conv2" and parts.first.worst == whole.first.worst


def test_a_tolerance_takes_the_place_of_the_rule(copy, digits, reference):
    change_weight(copy / "model_layers" / "model.json", "conv2/kernel", grown(0.01))
    assert find(copy, LAYERS, digits, reference=reference).layer == "conv2"
    assert find(copy, LAYERS, digits, reference=reference, rtol=0.1).first is None
