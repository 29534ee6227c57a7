"""Planted faults are named at the right layer, in both formats; without a fault, none is named."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from models.bisect import command as bisect
from models.bisect.bisection import bisect as find
from models.errors import ModelError
from models.formats.store import SHIPPED
from models.lanes import Lane
from models.runtimes import activations
from tests.support.weight_faults import (
    change_layer,
    change_node,
    change_weight,
    flipped,
    fused,
    shifted,
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
        "probabilities",
        "probabilities/bias",
        lambda path: change_weight(path, "BiasAdd/ReadVariableOp", shifted(7, -2)),
    ),
}
IN_THE_LAYERS: dict[str, tuple[str, str, Plant]] = {
    "a bias changed": (
        "probabilities",
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


@pytest.fixture(scope="module")
def digits():
    with np.load(SHIPPED / "examples.npz") as file:
        return (file["x_test"][:10] / np.float32(255)).astype(np.float32)


@pytest.fixture(scope="module")
def reference(digits):
    return activations.load(SHIPPED, "keras").trace(digits)


@pytest.fixture
def copy(tmp_path):
    shutil.copytree(SHIPPED, tmp_path / "mnist")
    return tmp_path / "mnist"


@pytest.mark.parametrize("lane", [GRAPH, LAYERS], ids=str)
def test_a_faithful_conversion_does_not_diverge(lane, digits, reference):
    result = find(SHIPPED, lane, digits, reference=reference)
    assert result.first is None and result.error is None
    assert result.suspects == () and result.unmatched == ()
    assert result.differences[-1].layer == "probabilities"
    assert result.smallest_rtol < 1e-5


def test_every_layer_is_compared_and_in_the_graph_every_one_that_is_there(digits, reference):
    layers = find(SHIPPED, LAYERS, digits, reference=reference).differences
    graph = find(SHIPPED, GRAPH, digits, reference=reference).differences
    assert len(layers) == 29
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
    assert result.together[-1] == layer


@pytest.mark.parametrize("name", IN_THE_LAYERS)
def test_a_fault_in_the_layers_is_named_at_its_layer(name, copy, digits, reference):
    layer, suspect, plant = IN_THE_LAYERS[name]
    plant(copy / "model_layers" / "model.json")
    result = find(copy, LAYERS, digits, reference=reference)
    assert result.first is not None and result.first.layer == layer
    assert len(result.suspects) == 1 and suspect in result.suspects[0]
    assert result.together == (layer,)


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
        "right",
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
def test_a_fault_in_a_hard_model_is_named(where, hard, tmp_path, digits):
    layer, plant = HARD[where]
    folder = tmp_path / "hard"
    shutil.copytree(hard, folder)
    plant(folder / "model_graph" / "model.json")
    result = find(folder, GRAPH, digits * 3)  # bright enough to reach the cap of 6
    assert result.first is not None and result.first.layer == layer


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
    for form in ("layers", "layers float16", "layers uint8"):
        del manifest["lanes"][form]
    (copy / "manifest.json").write_text(json.dumps(manifest))
    with pytest.raises(ModelError, match="neither a Keras file nor a layers model"):
        find(copy, GRAPH, digits)


def test_the_command_names_the_layer_and_ends_with_1(copy, capsys):
    change_weight(copy / "model_graph" / "model.json", "conv2/Conv2D_weights", transposed)
    assert bisect.main([str(copy), "--digits", "2"]) == 1
    printed = capsys.readouterr().out
    assert "They part at relu2." in printed
    assert "One operation computes conv2, norm2, relu2." in printed
    assert "layers @ tensorflow against keras @ tensorflow\n  No layer parts" in printed


def test_the_command_prints_json_and_ends_with_0(capsys):
    assert bisect.main(["--format", "graph", "--digits", "1", "--json"]) == 0
    (lane,) = json.loads(capsys.readouterr().out)
    assert lane["lane"] == "graph @ tensorflow" and lane["first"] is None
    assert lane["layers"][-1]["layer"] == "probabilities" and lane["layers"][-1]["passed"]


@pytest.mark.parametrize(
    "arguments",
    [["/nowhere"], ["--digits", "0"], ["--data", "/nowhere"], ["--rtol", "nan"], ["--rtol", "-1"]],
)
def test_what_cannot_be_compared_ends_with_2(arguments, capsys):
    assert bisect.main(arguments) == 2
    assert capsys.readouterr().err
