"""Descriptions out of each kind of file, and a sentence for every other one."""

from __future__ import annotations

import json
import zipfile
from pathlib import Path
from typing import Any

import h5py
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from models.errors import ModelError
from models.formats import store
from models.formats.architecture import reader
from tests.models.formats.architecture.test_saved_model import node

LAYER = {"class_name": "Dense", "config": {"name": "dense", "units": 3}}
MODEL = {"class_name": "Sequential", "config": {"name": "s", "layers": [LAYER]}}
GRAPH = {
    "modelTopology": {"node": [{"name": "x", "op": "Placeholder"}, {"name": "y", "op": "Relu"}]},
    "weightsManifest": [{"paths": ["a.bin"], "weights": [{"name": "w", "shape": [2]}]}],
}
LAYERS = {"modelTopology": {"keras_version": "2.15.0", "model_config": MODEL}}


def h5(path: Path, **attributes: Any) -> Path:
    with h5py.File(path, "w") as file:
        file.attrs.update(attributes)
    return path


def keras(path: Path, **members: str) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in members.items():
            archive.writestr(f"{name}.json", text)
    return path


def written(path: Path, content: Any) -> Path:
    path.write_text(json.dumps(content), "utf-8")
    return path


@pytest.mark.parametrize(
    ("lane", "form", "kind"),
    [("mnist_model.h5", "keras", "Conv2D"), ("model_layers", "layers", "Conv2D")],
)
def test_the_shipped_model_is_read(lane, form, kind):
    found = reader.read(store.SHIPPED / lane)
    assert (found.format, found.keras) == (form, 2)
    assert kind in {each.kind for each in found.layers}


def test_the_shipped_graph_is_read_by_its_folder_and_by_its_file():
    folder = store.SHIPPED / "model_graph"
    found = reader.read(folder)
    assert found.format == "graph" and not found.layers
    assert "_FusedConv2D" in {each.kind for each in found.operations}
    assert reader.read(folder / "model.json") == found


def test_a_zip_of_keras_says_which_keras_saved_it(tmp_path):
    for version in ("2.15.0", "3.10.0"):
        metadata = json.dumps({"keras_version": version})
        path = keras(tmp_path / "m.keras", config=json.dumps(MODEL), metadata=metadata)
        assert reader.read(path).keras == int(version[0])


def test_a_saved_model_of_keras_is_read(tmp_path):
    (tmp_path / "keras_metadata.pb").write_bytes(node("root", MODEL))
    assert [each.name for each in reader.read(tmp_path).layers] == ["dense"]


def test_a_model_that_tensorflow_js_saved_itself_is_read(tmp_path):
    path = written(tmp_path / "model.json", {"modelTopology": MODEL})
    assert [each.name for each in reader.read(path).layers] == ["dense"]


SENTENCES = {
    "There is nothing at": lambda at: at / "missing.h5",
    "neither model.json nor": lambda at: at,
    "no HDF5, ZIP or JSON file": lambda at: written(at / "a", "text"),
    "weights without a model": lambda at: h5(at / "a.h5", backend="tensorflow"),
    "its model_config is not one text": lambda at: h5(at / "a.h5", model_config=["a", "b"]),
    "its description is no text": lambda at: h5(at / "a.h5", model_config=7),
    "is not understood: .*Expecting value": lambda at: h5(at / "a.h5", model_config="no JSON"),
    "no item named 'config.json'": lambda at: keras(at / "a.keras", metadata="{}"),
    "has no modelTopology": lambda at: written(at / "a.json", {"a": 1}),
    "its modelTopology is no object": lambda at: written(at / "a.json", {"modelTopology": 7}),
    "longer than 8 MB": lambda at: keras(
        at / "a.keras", config=" " * (reader.LIMIT + 1), metadata="{}"
    ),
    "is not understood: .*8 MB": lambda at: written(at / "a.json", {"a": "x" * reader.LIMIT}),
    "levels deep|recursion": lambda at: keras(
        at / "a.keras", config="[" * 100_000 + "]" * 100_000, metadata="{}"
    ),
    "the weights are no list": lambda at: written(at / "a.json", GRAPH | {"weightsManifest": 7}),
}


@pytest.mark.parametrize("sentence", SENTENCES)
def test_what_is_no_model_is_refused_with_a_sentence(tmp_path, sentence):
    with pytest.raises(ModelError, match=sentence) as refused:
        reader.read(SENTENCES[sentence](tmp_path))
    assert "Expected what model.save() wrote" in str(refused.value)


VALID = {
    "a.h5": lambda path: h5(path, model_config=json.dumps(MODEL), keras_version="2.15.0"),
    "a.keras": lambda path: keras(path, config=json.dumps(MODEL), metadata="{}"),
    "graph.json": lambda path: written(path, GRAPH),
    "layers.json": lambda path: written(path, LAYERS),
}
often = settings(max_examples=60, suppress_health_check=list(HealthCheck))


def assert_is_read_or_refused(path: Path) -> None:
    try:
        found = reader.read(path)
    except ModelError as error:
        assert str(error)
    else:
        assert found.layers or found.format == "graph"


@pytest.mark.parametrize("name", VALID)
@given(data=st.data())
@often
def test_a_damaged_file_is_read_or_refused_with_a_sentence(tmp_path, name, data):
    content = bytearray(VALID[name](tmp_path / name).read_bytes())
    for _ in range(data.draw(st.integers(1, 6))):
        content[data.draw(st.integers(0, len(content) - 1))] = data.draw(st.integers(0, 255))
    path = tmp_path / f"damaged-{name}"
    path.write_bytes(content[: data.draw(st.integers(0, len(content))) or None])
    assert_is_read_or_refused(path)


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner),
    max_leaves=8,
)


@pytest.mark.parametrize("stored", [LAYERS, GRAPH], ids=["layers", "graph"])
@given(data=st.data())
@often
def test_anything_in_place_of_a_part_is_read_or_refused(tmp_path, stored, data):
    changed = json.loads(json.dumps(stored))
    at: Any = changed
    while True:
        key = data.draw(st.sampled_from(list(at) if isinstance(at, dict) else range(len(at))))
        if not (isinstance(at[key], (dict, list)) and at[key] and data.draw(st.booleans())):
            break
        at = at[key]
    at[key] = data.draw(json_values)
    assert_is_read_or_refused(written(tmp_path / "model.json", changed))
