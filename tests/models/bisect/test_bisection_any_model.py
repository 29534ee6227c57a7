"""Models of other inputs and outputs: faults are named at their layer, and none without a fault."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from models.bisect import text
from models.bisect.bisection import bisect
from models.bisect.search import search
from models.dataset import samples
from models.formats import anatomy
from models.formats import manifest as manifests
from models.formats.anatomy.numbers import compare_numbers
from models.lanes import Lane
from models.runtimes import activations, node
from models.runtimes.keras import keras2
from models.storage import plain_files
from tests.models.bisect import any_models
from tests.support.weight_faults import change_layer, change_weight, grown, shifted

needs_bundle = pytest.mark.skipif(not node.SCRIPT.is_file(), reason="`make install` bundles it")
Plant = Callable[[Path], None]


@pytest.fixture(scope="module")
def made(tmp_path_factory) -> Callable[[str], Path]:
    """The folder of a model of ``any_models``, made once."""
    place = tmp_path_factory.mktemp("any")

    def folder(name: str) -> Path:
        path = place / name
        return path if path.exists() else any_models.made(name, path)

    return folder


def inputs(folder: Path) -> samples.Samples:
    return samples.of_tensors(any_models.inputs(manifests.read(folder).takes))


def look(folder: Path, form: str, runtime: str = "tensorflow", **settings):
    return bisect(folder, Lane(form, runtime), inputs(folder), **settings)


@pytest.mark.parametrize("form", ["graph", "layers"])
@pytest.mark.parametrize("name", any_models.MODELS)
def test_a_faithful_conversion_does_not_diverge_and_has_all_numbers(name, form, made):
    folder = made(name)
    result = look(folder, form, at_once=2)
    assert result.first is None and result.error is None, result
    assert result.suspects == () and result.unmatched == () and result.also == ()
    known = anatomy.read(folder, "keras")
    own = [each.layer for each in result.differences if each.own is not None]
    ends = {each.name for each in known} & set(known.outputs)
    assert ends <= set(own), "what the model gives is compared alone, too"
    found = compare_numbers(known, anatomy.read(folder, form))
    assert not found.differ and not found.missing and found.problem is None
    assert len(found.same) == len({each.name for part in known for each in part.floats})


@needs_bundle
@pytest.mark.parametrize("form", ["graph", "layers"])
@pytest.mark.parametrize("name", ["colour", "two_inputs", "words", "teachable", "channels_first"])
def test_a_faithful_conversion_does_not_diverge_in_tensorflow_js(name, form, made):
    result = look(made(name), form, "tfjs/wasm")
    assert result.first is None and result.error is None, result
    assert result.unmatched == () and any(each.own is not None for each in result.differences)


# (model, format, the layer to name, the fault)
FAULTS: dict[str, tuple[str, str, str, Plant]] = {
    "a depthwise weight, with its normalisation folded in": (
        "mobile",
        "graph",
        "one_deep_relu",
        lambda path: change_weight(path, "one_deep/depthwise_weights", grown(0.01)),
    ),
    "a depthwise weight": (
        "mobile",
        "layers",
        "one_deep",
        lambda path: change_weight(path, "one_deep/depthwise_kernel", grown(0.01)),
    ),
    "a folded sum": (
        "mobile",
        "graph",
        "stem_relu",
        lambda path: change_weight(path, "stem/Conv2D_bn_offset", grown(0.01)),
    ),
    "the second of two outputs": (
        "colour",
        "graph",
        "tags",
        lambda path: change_weight(path, "tags/BiasAdd/ReadVariableOp", shifted(1, 0.05)),
    ),
    "what brings colours to -1 … 1": (
        "colour",
        "layers",
        "rescaled",
        lambda path: change_layer(path, "rescaled", offset=-0.5),
    ),
    "the branch of one of two inputs": (
        "two_inputs",
        "graph",
        "wide",
        lambda path: change_weight(path, "wide/BiasAdd/ReadVariableOp", shifted(2, 0.05)),
    ),
    "the vectors of some words": (
        "words",
        "layers",
        "vectors",
        lambda path: change_weight(path, "vectors/embeddings", scaled_rows),
    ),
    "a layer of a model in a model": (
        "teachable",
        "layers",
        "features/body/one_deep_norm",
        lambda path: change_weight(path, "one_deep_norm/beta", shifted(1, 0.05)),
    ),
    "the second call of an inner model": (
        "branches",
        "graph",
        "inner (call 2)/narrow",
        lambda path: change_weight(path, "narrow/BiasAdd_1/ReadVariableOp", shifted(1, 0.05)),
    ),
}


def scaled_rows(values: np.ndarray) -> np.ndarray:
    """The vectors of some words longer than they were."""
    values[:20] *= np.float32(1.01)
    return values


@pytest.mark.parametrize("what", FAULTS)
def test_a_fault_is_named_at_its_layer_and_found_in_the_numbers(what, made, tmp_path):
    name, form, layer, plant = FAULTS[what]
    folder = tmp_path / name
    shutil.copytree(made(name), folder)
    plant(folder / f"model_{form}" / "model.json")
    result = look(folder, form)
    assert result.layer == layer, result.differences
    assert result.by == "own error" and result.also == ()
    assert compare_numbers(anatomy.read(folder, "keras"), anatomy.read(folder, form)).differ


def test_search_looks_into_all_inputs_and_outputs_of_the_lane_that_differs(made, tmp_path):
    folder = tmp_path / "colour"
    shutil.copytree(made("colour"), folder)
    bias = folder / "model_layers" / "model.json"
    change_weight(bias, "tags/bias", shifted(1, 0.05))
    found = search(folder, inputs(folder), runtimes=("tensorflow",))
    (judged,) = found.failed
    assert judged.lane == Lane("layers", "tensorflow") and "tags" in (judged.reason or "")
    assert found.bisections[judged.lane].layer == "tags" and found.images == 5


def test_of_a_large_model_fewer_inputs_are_looked_into_and_a_person_may_ask_for_more(
    made, monkeypatch
):
    folder = made("mobile")
    one = activations.load(folder, "keras").trace(inputs(folder).tensors(0, 1))
    values = sum(each.size for each in one.outputs.values())
    monkeypatch.setattr("models.bisect.search._IN_ALL", 3 * values)
    monkeypatch.setattr("models.bisect.search._AT_ONCE", values)
    few = {"form": "layers", "runtimes": ("tensorflow",), "rtol": 1e-5}
    assert search(folder, inputs(folder), **few).images == 3
    found = search(folder, inputs(folder), **few, count=4)
    assert found.images == 4 and found.exit_code == 0
    (result,) = found.bisections.values()
    assert {each.shape[0] for each in result.differences} == {4}


def test_a_fault_that_no_input_reaches_is_named_by_its_array(made, tmp_path):
    folder = tmp_path / "words"
    shutil.copytree(made("words"), folder)
    path = folder / "model_layers" / "model.json"
    unused = sorted(set(range(50)) - set(any_models.inputs(manifests.read(folder).takes)[0].flat))
    change_weight(path, "vectors/embeddings", shifted(4 * unused[0], 0.1))
    result = look(folder, "layers")
    assert result.first is None and "vectors/embeddings" in result.suspects[0]
    assert "Numbers in the files differ" in "\n".join(text.conclusion(result))


@needs_bundle
def test_where_the_original_was_exported_its_graph_is_followed_in_tensorflow_js(made, tmp_path):
    folder = tmp_path / "two_inputs"
    shutil.copytree(made("two_inputs"), folder)
    keras2.read(folder / "model.h5").export(folder / "saved_model")
    manifest = manifests.read(folder)
    lanes = {"keras": "saved_model", "graph": manifest.lanes["graph"]}
    below = plain_files.below(folder)
    files = {each.relative_to(folder).as_posix(): manifests.record(each) for each in below}
    manifests.write(replace(manifest, lanes=lanes, files=files), folder)
    found = search(folder, inputs(folder), runtimes=("tfjs/wasm",), rtol=1e-5)
    (result,) = found.bisections.values()
    assert found.exit_code == 0 and result.error is None, result.error
    assert found.reference == Lane("graph", "tensorflow") and len(result.differences) > 5
