"""Layers find the operations that compute them, by name or without, and their numbers there."""

from __future__ import annotations

import shutil
from dataclasses import replace

import numpy as np
import pytest

from models.formats import anatomy
from models.formats.anatomy import Anatomy
from models.formats.store import SHIPPED
from tests.support import weight_faults as faults


def renamed(layers: Anatomy) -> Anatomy:
    """The same model under names that no graph knows."""
    new = {part.name: f"x{index}" for index, part in enumerate(layers)}
    parts = tuple(
        replace(part, name=new[part.name], inputs=tuple(new[each] for each in part.inputs))
        for part in layers
    )
    return Anatomy(layers.format, "another", parts, tuple(new[each] for each in layers.outputs))


@pytest.fixture(scope="module")
def layers(hard):
    return anatomy.read(hard, "layers")


@pytest.fixture(scope="module")
def graph(hard):
    return anatomy.read(hard, "graph")


def test_what_is_fused_is_inside_and_the_last_gives_the_output(layers, graph):
    found = anatomy.match(layers, graph)
    assert found.by == "names"
    roles = {each.layer: each.role for each in found.matches}
    inside = [layer for layer, role in roles.items() if role == "inside"]
    assert inside == ["separable", "norm1", "mixed", "depthwise", "norm4"]
    assert roles["dropped"] == "idle"
    assert "missing" not in roles.values()
    pairs = dict(found.pairs)
    # These operations' names are of the first layer that they compute, not of the last.
    assert pairs["prelu"].endswith("norm1/FusedBatchNormV3")
    assert pairs["relu6"].endswith("depthwise/depthwise")
    assert found.layers_in(pairs["relu6"]) == ("depthwise", "norm4", "relu6")


@pytest.mark.parametrize("folder", ["hard", "shipped"])
def test_without_names_the_structure_finds_the_same(folder, hard):
    path = hard if folder == "hard" else SHIPPED
    layers, graph = anatomy.read(path, "layers"), anatomy.read(path, "graph")
    by_names = anatomy.match(layers, graph)
    by_structure = anatomy.match(renamed(layers), graph)
    assert by_structure.by == "structure"
    for one, other in zip(by_names.matches, by_structure.matches, strict=True):
        assert (one.operation, one.role) == (other.operation, other.role), one.layer


def test_a_layer_without_a_counterpart_is_said_to_be_missing(layers, graph):
    extra = replace(layers["pooled"], name="extra", kind="GlobalUnheardOf", inputs=("pooled",))
    longer = Anatomy("layers", "hard", (*layers.parts, extra))
    pairing = anatomy.pair(longer, graph)
    assert pairing.unmatched == ("extra",)


def test_equal_constants_that_are_stored_once_mislead_nobody(tmp_path):
    """Untrained biases are all zero: the converter keeps one for both convolutions."""
    from tf_keras import Sequential, layers

    model = Sequential(
        [
            layers.Input((28, 28, 1)),
            layers.Conv2D(4, 3, activation="relu", name="one"),
            layers.MaxPooling2D(name="half"),
            layers.Conv2D(4, 3, activation="relu", name="two"),
            layers.Flatten(name="flat"),
            layers.Dense(10, name="out"),
        ]
    )
    folder = faults.convert(model, tmp_path / "zeros")
    pairing = anatomy.pair(anatomy.read(folder, "layers"), anatomy.read(folder, "graph"))
    ends = {layer: "/".join(part.split("/")[-2:]) for layer, part in pairing.pairs}
    # The converter moves a ReLU behind the pooling that follows it: both are computed by then.
    assert (ends["half"], ends["two"]) == ("one/Relu", "two/Relu")
    assert "one" not in ends and pairing.together_with("half") == ("one", "half")


def test_folded_or_not_both_formats_hold_the_same_numbers(layers, graph, hard):
    stored = anatomy.pair(layers, graph).weights
    assert all(each.equal for each in stored)
    hows = {each.layer: each.how for each in stored}
    assert hows["mixed"] == "with norm3 folded in"
    assert hows["stem"] == "as it is"
    told = [name for each in stored for name in each.weights]
    assert {w.name for part in layers for w in part.floats} == set(told)
    assert all(
        each.max_abs == 0 for each in anatomy.pair(anatomy.read(hard, "keras"), layers).weights
    )


def test_folding_is_the_formula_of_batch_normalisation(layers, graph):
    scale = {w.name: w.value.astype(np.float64) for w in layers["norm3"].floats}
    factor = scale["norm3/gamma"] / np.sqrt(scale["norm3/moving_variance"] + 1e-3)
    kernel = layers["mixed"].floats[0].value * factor
    constant = next(
        w for part in graph for w in part.floats if w.name.endswith("mixed/Conv2D_weights")
    )
    np.testing.assert_allclose(constant.value, kernel, rtol=1e-5, atol=1e-7)


@pytest.mark.parametrize(
    ("constant", "weight"),
    [
        ("mixed/Conv2D_weights", "mixed/kernel"),
        ("norm5/batchnorm/mul", "norm5/gamma"),
        ("prelu/Neg", "prelu/alpha"),
        ("separable/separable_conv2d/ReadVariableOp", "separable/depthwise_kernel"),
    ],
)
def test_a_flipped_weight_is_found_with_its_place(constant, weight, hard, layers, tmp_path):
    folder = tmp_path / "hard"
    shutil.copytree(hard, folder)
    faults.change_weight(folder / "model_graph" / "model.json", constant, faults.flipped)
    stored = anatomy.pair(layers, anatomy.read(folder, "graph")).weights
    (changed,) = [each for each in stored if not each.equal]
    assert weight in changed.weights
    assert changed.max_abs == pytest.approx(2 * changed.scale, rel=1e-4)
