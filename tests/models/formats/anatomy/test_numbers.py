"""What is off in the numbers of a format is found, however small, and rounding is not."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from models.formats import anatomy
from models.formats.anatomy.numbers import Numbers, compare_numbers, rebuilt_otherwise
from models.formats.store import SHIPPED
from tests.support.weight_faults import change_layer, change_weight, convert, shifted

Plant = Callable[[np.ndarray], np.ndarray]


def compared(folder: Path, form: str) -> Numbers:
    return compare_numbers(anatomy.read(folder, "keras"), anatomy.read(folder, form))


def by(factor: float, index: int = 1) -> Plant:
    """One number changed by a factor."""

    def change(values: np.ndarray) -> np.ndarray:
        values.flat[index] *= factor
        return values

    return change


def halved(values: np.ndarray) -> np.ndarray:
    return values.astype(np.float16).astype(np.float32)


def swapped(values: np.ndarray) -> np.ndarray:
    values[..., [3, 5]] = values[..., [5, 3]]
    return values


@pytest.fixture
def hard_copy(hard, tmp_path):
    shutil.copytree(hard, tmp_path / "hard")
    return tmp_path / "hard"


@pytest.mark.parametrize("form", ["graph", "layers"])
@pytest.mark.parametrize("name", ["hard", "shipped"])
def test_a_faithful_conversion_has_all_numbers(name, form, hard):
    found = compared(hard if name == "hard" else SHIPPED, form)
    assert not found.differ and not found.missing and found.problem is None
    expected = anatomy.read(hard if name == "hard" else SHIPPED, "keras")
    assert len(found.same) == sum(len(part.floats) for part in expected)


IN_THE_GRAPH: dict[str, tuple[str, str, Plant]] = {
    "a weight of a folded kernel": ("mixed/Conv2D_weights", "mixed/kernel", by(1.001)),
    "a depthwise weight": ("depthwise/depthwise_weights", "depthwise/depthwise_kernel", by(1.001)),
    "a folded bias": ("mixed/Conv2D_bn_offset", "norm3/beta", shifted(2, 1e-4)),
    "a factor": ("norm5/batchnorm/mul", "norm5/gamma", by(1.0001)),
    "a plain bias": ("stem/BiasAdd/ReadVariableOp", "stem/bias", by(1 + 1e-6)),
    "float16": ("dense/MatMul/ReadVariableOp", "dense/kernel", halved),
    "two classes": ("logits/MatMul/ReadVariableOp", "logits/kernel", swapped),
}


@pytest.mark.parametrize("name", IN_THE_GRAPH)
def test_a_small_fault_in_the_graph_is_found_at_its_array(name, hard_copy):
    constant, array, plant = IN_THE_GRAPH[name]
    change_weight(hard_copy / "model_graph" / "model.json", constant, plant)
    found = compared(hard_copy, "graph")
    (stored,) = found.different
    assert array in stored.weights and array not in found.same
    assert stored.halved == (name == "float16")


IN_THE_LAYERS: dict[str, tuple[str, Plant]] = {
    "a variance": ("norm3/moving_variance", shifted(2, 1e-3)),
    "one weight": ("left/kernel", by(1 + 1e-6)),
    "float16": ("dense/kernel", halved),
}


@pytest.mark.parametrize("name", IN_THE_LAYERS)
def test_a_small_fault_in_the_layers_is_found_at_its_array(name, hard_copy):
    array, plant = IN_THE_LAYERS[name]
    change_weight(hard_copy / "model_layers" / "model.json", array, plant)
    found = compared(hard_copy, "layers")
    assert [each.weights for each in found.different] == [(array,)]
    assert found.different[0].differing == (1 if name != "float16" else found.different[0].size)


def test_an_epsilon_is_a_number_too(hard_copy):
    change_layer(hard_copy / "model_layers" / "model.json", "norm3", epsilon=1.1e-3)
    found = compared(hard_copy, "layers")
    assert found.differ and not found.different
    assert found.settings == ("epsilon of norm3: 0.001 in the reference, 0.0011 in this format",)


def test_an_epsilon_that_was_folded_in_is_found_in_the_numbers(hard_copy, hard):
    """Another epsilon in the original is as another one in the graph."""
    reference = anatomy.read(hard, "keras")
    norm = reference["norm3"]
    object.__setattr__(norm, "settings", {**norm.settings, "epsilon": 1.1e-3})
    found = compare_numbers(reference, anatomy.read(hard_copy, "graph"))
    assert {each.weights[0] for each in found.different} == {"mixed/kernel", "norm3/gamma"}


def test_an_array_that_is_another_beyond_doubt_is_not_compared(hard_copy):
    """Nobody knows how it was made: by a fault, or by a transformation that is not known here."""
    path = hard_copy / "model_graph" / "model.json"
    change_weight(path, "logits/MatMul/ReadVariableOp", lambda values: values[::-1].copy())
    found = compared(hard_copy, "graph")
    assert not found.differ and found.missing == ("logits/kernel",)


def test_a_kernel_that_is_scaled_by_what_is_not_known_is_not_called_a_fault(hard_copy):
    path = hard_copy / "model_graph" / "model.json"
    change_weight(path, "logits/MatMul/ReadVariableOp", lambda values: values * np.float32(0.9995))
    found = compared(hard_copy, "graph")
    assert not found.differ and found.missing == ("logits/kernel",)


def test_a_model_inside_the_model_is_looked_into(tmp_path):
    from tf_keras import Sequential, layers

    inner = Sequential(
        [
            layers.Input((28, 28, 1)),
            layers.Conv2D(4, 3, name="conv"),
            layers.BatchNormalization(name="norm"),
        ],
        name="inner",
    )
    model = Sequential(
        [layers.Input((28, 28, 1)), inner, layers.Flatten(), layers.Dense(10, name="out")]
    )
    rng = np.random.default_rng(0)
    model.set_weights([rng.uniform(0.5, 1.5, each.shape) for each in model.weights])
    folder = convert(model, tmp_path / "nested")
    assert len(compared(folder, "graph").same) == len(compared(folder, "layers").same) == 8
    change_weight(folder / "model_graph" / "model.json", "conv/Conv2D_weights", by(1.001))
    assert [each.weights for each in compared(folder, "graph").different] == [
        ("inner/conv/kernel",)
    ]


def test_layers_that_were_numbered_anew_are_compared_in_order(hard):
    from dataclasses import replace

    from models.formats.anatomy import Anatomy

    keras, layers = anatomy.read(hard, "keras"), anatomy.read(hard, "layers")
    names = {part.name: f"{part.name}_1" for part in layers}
    parts = tuple(
        replace(
            part,
            name=names[part.name],
            inputs=tuple(names[each] for each in part.inputs),
            weights=tuple(
                replace(each, name=each.name.replace("/", "_1/", 1)) for each in part.weights
            ),
        )
        for part in layers
    )
    found = compare_numbers(keras, Anatomy("layers", "another", parts))
    assert not found.differ and not found.missing


def test_what_a_rebuild_has_and_its_original_has_not_is_said(hard):
    keras = anatomy.read(hard, "keras")
    assert not rebuilt_otherwise(keras, hard / "model.h5")
    assert "conv1/kernel" in rebuilt_otherwise(anatomy.read(SHIPPED, "keras"), hard / "model.h5")
