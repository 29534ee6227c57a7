"""Any JSON in place of any part of a description: a sentence or a load, and no code is run."""

from __future__ import annotations

import copy
import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from models.convert import intake
from models.errors import DigitParityError, ModelError
from models.formats import anatomy, manifest, model_tensors, safety
from models.formats.architecture import reader
from models.formats.store import SHIPPED
from tests.models.formats.architecture.test_graph_def import OLD_GRAPH
from tests.models.formats.safety.test_keras_files import function, operation
from tests.models.formats.safety.test_keras_files_exported import exported
from tests.support import model_files
from tests.support.model_files import group, h5, keras, layer, layers, plain

often = settings(max_examples=150, suppress_health_check=list(HealthCheck))

# What a hostile file would say, among what any file may.
WORDS = (
    "Lambda", "TFOpLambda", "__lambda__", "__typespec__", "__tensor__", "function", "os", "system",
    "builtins", "keras.layers", "Dense", "Sequential", "WriteFile", "Relu", "../x", "/etc/passwd",
    "weights.bin", "", "\0", "float32", "string", "class_name", "config", "module", "node", "op",
    "registered_name", "layers", "name", "shape", "dtype", "paths", "weights", "\x1b[2J", "\ud800",
)  # fmt: skip
words = st.sampled_from(WORDS) | st.text(max_size=6)
values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | words,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(words, inner, max_size=4),
    max_leaves=10,
)
calls_code = st.sampled_from(
    [
        layer("Lambda", "l", function=["4w==", None, None]),
        {"class_name": "__lambda__", "config": {"value": "4w=="}},
        {"class_name": "function", "module": "os", "config": "system", "registered_name": "system"},
        layer("Dense", "l") | {"module": "os", "registered_name": "x"},
        layer("TFSMLayer", "l", filepath="/tmp"),
        layer("TorchModuleWrapper", "l", module="gASV"),
    ]
)


def put(stored: Any, value: st.SearchStrategy[Any], data: st.DataObject) -> Any:
    """A copy with something drawn in place of one of its parts, or of all of it."""
    changed = {"": copy.deepcopy(stored)}
    at: Any = changed
    while True:
        key = data.draw(st.sampled_from(list(at) if isinstance(at, dict) else range(len(at))))
        if not (isinstance(at[key], (dict, list)) and at[key] and data.draw(st.booleans())):
            at[key] = data.draw(value)
            return changed[""]
        at = at[key]


MODEL = model_files.sequential(
    *plain()["config"]["layers"],
    model_files.sequential(layer("TimeDistributed", "t", layer=layer("GRU", "g", units=2))),
    layer("Dense", "d", units=3, kernel_initializer={"class_name": "Zeros", "config": {}}),
)
GRAPH = {
    "modelTopology": {
        "node": [{"name": "x", "op": "Placeholder", "attr": {"dtype": {"type": "DT_FLOAT"}}}],
        "library": {
            "function": [{"signature": {"name": "f"}, "nodeDef": [{"name": "a", "op": "Relu"}]}]
        },
        "versions": {"producer": 1},
    },
    "weightsManifest": [group("weights.bin")],
    "signature": {"inputs": {"x": {"name": "x:0"}}, "outputs": {"y": {"name": "x:0"}}},
    "modelInitializer": {"node": []},
}
QUANTISED = {"dtype": "uint8", "scale": 1.0, "min": 0}
LAYERS = {
    "modelTopology": {"keras_version": "2.15.0", "model_config": MODEL},
    "weightsManifest": [
        group("weights.bin"),
        group(weights=[{"name": "n", "shape": [0], "dtype": "float32", "quantization": QUANTISED}]),
    ],
}


def assert_is_a_sentence(error: DigitParityError) -> None:
    said = str(error)
    assert said and "Traceback" not in said and len(said) < 2_000
    assert not any(ord(letter) < 32 and letter != "\n" for letter in said)


def looked_at(path: Path) -> bool:
    """Whether it may be loaded; every reader of descriptions ends as this one does."""
    try:
        safety.check(path)
    except ModelError as error:
        assert_is_a_sentence(error)
        return False
    return True


def taken_apart(read: Any, path: Path) -> None:
    try:
        read(path)
    except ModelError as error:
        assert_is_a_sentence(error)


@pytest.mark.parametrize(
    ("stored", "read"),
    [(LAYERS, anatomy.read_layers), (GRAPH, anatomy.read_graph)],
    ids=["layers", "graph"],
)
@given(data=st.data())
@often
def test_a_converted_model_is_looked_at_or_refused(tmp_path, stored, read, data) -> None:
    folder = tmp_path / "model"
    if not folder.exists():
        layers(folder)
    (folder / "model.json").write_text(json.dumps(put(stored, values, data)), "utf-8")
    looked_at(folder)
    taken_apart(read, folder / "model.json")
    taken_apart(reader.read, folder)
    taken_apart(model_tensors.read, folder)


@pytest.mark.parametrize("make", [h5, keras], ids=["h5", "keras"])
@given(data=st.data())
@often
def test_what_keras_saved_is_looked_at_or_refused(tmp_path, make, data) -> None:
    path = make(tmp_path / f"m.{make.__name__}", put(MODEL, values, data))
    looked_at(path)
    taken_apart(anatomy.read_keras, path)
    taken_apart(reader.read, path)
    taken_apart(model_tensors.read, path)


@pytest.mark.parametrize("make", [h5, keras, layers], ids=["h5", "keras", "layers"])
@given(data=st.data())
@often
def test_code_is_refused_whatever_part_it_stands_in_for(tmp_path, make, data) -> None:
    path = tmp_path / f"m.{make.__name__}"
    model = put(MODEL, calls_code, data)
    if make is layers and path.exists():
        stored = {
            "modelTopology": {"model_config": model},
            "weightsManifest": [group("weights.bin")],
        }
        (path / "model.json").write_text(json.dumps(stored))
    else:
        make(path, model)
    assert not looked_at(path)


@given(data=st.data())
@often
def test_a_graph_that_is_saved_or_old_is_looked_at_or_refused(tmp_path, data) -> None:
    saved, old = tmp_path / "saved", tmp_path / "old"
    if not saved.exists():
        exported(saved, function("body", operation("Relu")))
        model_files.old_graph(old, OLD_GRAPH)
    for folder, name in ((saved, "saved_model.pb"), (old, "tensorflowjs_model.pb")):
        whole = bytearray((folder / name).read_bytes())
        content = bytearray(whole)
        for _ in range(data.draw(st.integers(1, 6))):
            content[data.draw(st.integers(0, len(content) - 1))] = data.draw(st.integers(0, 255))
        (folder / name).write_bytes(content[: data.draw(st.integers(0, len(content))) or None])
        looked_at(folder)
        taken_apart(reader.read, folder)
        taken_apart(model_tensors.read, folder)
        taken_apart(intake.find, folder)
        (folder / name).write_bytes(whole)


@given(data=st.data())
@often
def test_a_manifest_is_read_or_refused(tmp_path, data) -> None:
    stored = json.loads((SHIPPED / "manifest.json").read_text())
    (tmp_path / "manifest.json").write_text(json.dumps(put(stored, values, data)), "utf-8")
    try:
        found = manifest.read(tmp_path)
        safety.check_files(tmp_path, found)
        manifest.changed(found, tmp_path)
    except ModelError as error:
        assert_is_a_sentence(error)
