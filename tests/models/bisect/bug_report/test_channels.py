"""Only what is known to compute each channel by itself is cut."""

from __future__ import annotations

import numpy as np
import pytest

from models.bisect.bug_report import channels


@pytest.mark.parametrize(
    ("layers", "can"),
    [
        ([("Conv2D", {}), ("BatchNormalization", {"axis": [3]}), ("ReLU", {})], True),
        ([("BatchNormalization", {"axis": 1})], False),
        ([("Conv2D", {"groups": 2})], False),
        ([("Conv2D", {"data_format": "channels_first"})], False),
        ([("DepthwiseConv2D", {"depth_multiplier": 2})], False),
        ([("Dense", {"activation": "softmax"})], False),
        ([("Conv2D", {}), ("Dense", {})], False),
        ([("LayerNormalization", {})], False),
        ([("Flatten", {})], False),
    ],
)
def test_layers_that_mix_what_is_cut_are_left_whole(layers, can):
    assert channels.layers_can(layers) is can


@pytest.mark.parametrize(
    ("ops", "can"),
    [
        (["Placeholder", "_FusedConv2D", "Relu"], True),
        (["MatMul", "Conv2D"], False),
        (["Reshape", "MatMul"], False),
        (["Softmax"], False),
    ],
)
def test_operations_that_mix_what_is_cut_are_left_whole(ops, can):
    assert channels.operations_can(ops) is can


@pytest.mark.parametrize(
    ("op", "place", "shape", "axes"),
    [
        ("_FusedConv2D", 1, (3, 3, 2, 4), {2: "in", 3: "out"}),
        ("_FusedConv2D", 2, (4,), {0: "out"}),
        ("_FusedMatMul", 1, (2, 4), {0: "in", 1: "out"}),
        ("DepthwiseConv2dNative", 1, (3, 3, 4, 1), {2: "in"}),
        ("DepthwiseConv2dNative", 1, (3, 3, 4, 2), None),
        ("Mul", 1, (4,), {0: "in"}),
        ("Mul", 1, (1,), {}),
        ("Mul", 1, (7, 7, 4), None),
    ],
)
def test_the_axes_of_a_constant(op, place, shape, axes):
    assert channels.of_operation(op, place, np.zeros(shape, np.float32), "in") == axes


def test_whole_numbers_are_paddings_and_axes():
    assert channels.of_operation("Pad", 1, np.zeros((4, 2), np.int32), "in") == {}
