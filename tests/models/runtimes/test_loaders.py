"""Every loader looks at a model's files first, and there is no other loader."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import h5py
import numpy as np
import pytest

from models.convert import conversion, converted_source, keras_source
from models.errors import ModelError
from models.formats import anatomy, graph_model
from models.formats.store import SHIPPED
from models.lanes import KERAS3, LITERT, Lane
from models.runtimes import activations, node, node_activations, server_lane, tensorflow
from models.runtimes.keras import keras2, keras3, layers_model
from tests.support.model_files import layer

ROOT = Path(__file__).resolve().parents[3]
IN_NODE = Lane("layers", "tfjs/cpu"), Lane("graph", "tfjs/wasm")
DIGIT = (np.zeros((1, 28, 28, 1), np.float32),)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The shipped model with a Lambda in its .h5 and its layers model, and a graph that writes."""
    folder = shutil.copytree(SHIPPED, tmp_path / "mnist")
    with h5py.File(folder / "mnist_model.h5", "r+") as file:
        model = json.loads(file.attrs["model_config"])
        model["config"]["layers"].append(layer("Lambda", "l", function=["4w==", None, None]))
        file.attrs["model_config"] = json.dumps(model)
    edit(folder / "model_layers", lambda stored: stored["model_config"].update(model))
    evil = {"name": "evil", "op": "WriteFile", "input": []}
    edit(folder / "model_graph", lambda stored: stored["node"].append(evil))
    return folder


def edit(path: Path, change: Callable[[Any], object]) -> None:
    stored = json.loads((path / "model.json").read_text())
    change(stored["modelTopology"])
    (path / "model.json").write_text(json.dumps(stored))


def as_original(folder: Path) -> Path:
    """The same with its .h5 given as what Keras 3 saved."""
    stored = json.loads((folder / "manifest.json").read_text())
    (folder / "manifest.json").write_text(json.dumps(stored | {"original": "mnist_model.h5"}))
    return folder


H5, LAYERS, GRAPH = "mnist_model.h5", "model_layers/model.json", "model_graph/model.json"
LOADERS: dict[str, Callable[[Path], Any]] = {
    "an .h5": lambda at: keras2.read(at / H5),
    "keras @ tensorflow": lambda at: tensorflow.load(at, "keras"),
    "layers @ tensorflow": lambda at: tensorflow.load(at, "layers"),
    "graph @ tensorflow": lambda at: tensorflow.load(at, "graph"),
    "keras @ keras3": lambda at: server_lane.load(as_original(at), Lane("keras", KERAS3)),
    "keras @ litert": lambda at: server_lane.load(at, Lane("keras", LITERT)),
    "Keras 3": lambda at: keras3.read(at / H5),
    "a layers model": lambda at: layers_model.read(at / LAYERS),
    "a graph model": lambda at: graph_model.read(at / GRAPH),
    "each layer of keras": lambda at: activations.load(at, "keras"),
    "each layer": lambda at: activations.load(at, "layers"),
    "each operation": lambda at: activations.load(at, "graph"),
    "each layer in Node": lambda at: node_activations.trace(at, Lane("layers", "tfjs/cpu"), DIGIT),
    "each operation in Node": lambda at: node_activations.trace(
        at, Lane("graph", "tfjs/cpu"), DIGIT
    ),
    "what a .h5 is made of": lambda at: anatomy.read(at, "keras"),
    "what layers are made of": lambda at: anatomy.read(at, "layers"),
    "what a graph is made of": lambda at: anatomy.read(at, "graph"),
    "a source to convert": lambda at: keras_source.load(at / H5),
    "the converter's source": conversion.convert,
    "layers to copy": lambda at: converted_source.copy(at / LAYERS, "layers", at / "copy"),
    "a graph to copy": lambda at: converted_source.copy(at / GRAPH, "graph", at / "copy"),
}


@pytest.mark.parametrize("name", LOADERS)
def test_a_loader_refuses_what_holds_code_and_names_it(folder, name, monkeypatch) -> None:
    monkeypatch.setattr(node, "SCRIPT", folder / "manifest.json")  # it has to be there
    monkeypatch.setattr(node, "run_job", lambda *_: pytest.fail("it was given to Node"))
    with pytest.raises(ModelError, match=r"has a Lambda layer|has the operation 'WriteFile'"):
        LOADERS[name](folder)
    assert not (folder / "copy").exists()


def test_node_is_given_only_what_may_be_loaded(folder, monkeypatch) -> None:
    monkeypatch.setattr(node, "SCRIPT", folder / "manifest.json")
    monkeypatch.setattr(node, "run_job", lambda *_: pytest.fail("it was given to Node"))
    runs = node.predict(folder, IN_NODE, DIGIT)
    assert "has a Lambda layer" in runs[IN_NODE[0]].error
    assert "has the operation 'WriteFile'" in runs[IN_NODE[1]].error


# What makes a model of a file, and where in models/ it may stand.
MAKES = {
    "load_model(": {"runtimes/keras/keras2.py", "runtimes/keras/keras3.py"},
    "model_from_json(": {"runtimes/keras/layers_model.py"},
    "model_from_config(": set(),
    "saved_model.load(": {"runtimes/saved_model.py"},
    "load_weights(": set(),
    "import_graph_def(": {"runtimes/tf_session.py", "runtimes/graph_steps.py"},
    "ParseDict(": {"formats/graph_model.py"},
    "h5py.File(": {
        "convert/guess/numbers.py",
        "convert/intake/in_two_files.py",
        "dataset/readers/unread.py",  # in a line for a person to run
        "formats/anatomy/layers.py",
        "formats/anatomy/numbers.py",
        "formats/architecture/stored.py",
        "formats/safety/hdf5.py",
    },
}


@pytest.mark.parametrize("word", MAKES)
def test_there_is_no_other_loader(word: str) -> None:
    texts = {path: path.read_text("utf-8") for path in (ROOT / "models").rglob("*.py")}
    found = {
        path.relative_to(ROOT / "models").as_posix() for path, text in texts.items() if word in text
    }
    assert found == MAKES[word]
