"""Converted models and whole folders: every file of theirs is looked at, and none is read first."""

from __future__ import annotations

import json
import os
import shutil
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from models.errors import ModelError
from models.formats import manifest as manifests
from models.formats import safety
from models.formats.store import SHIPPED
from tests.support import model_files
from tests.support.model_files import KERNEL, group, layer, sequential


def refused(path: Path, words: str) -> None:
    with pytest.raises(ModelError, match=words) as error:
        safety.check(path)
    assert str(path) in str(error.value)


def test_what_a_converter_writes_may_be_loaded(tmp_path: Path) -> None:
    layers, graph = model_files.layers(tmp_path / "layers"), model_files.graph(tmp_path / "graph")
    assert safety.check(layers) == safety.check(layers / "model.json")
    assert safety.check(layers) == safety.Looked("layers", KERNEL.size)
    assert safety.check(graph).format == "graph"
    (tmp_path / "link").symlink_to(layers)
    assert safety.check(tmp_path / "link") == safety.check(layers)


def test_what_tensorflow_js_saves_in_a_page_may_be_loaded(tmp_path: Path) -> None:
    """model.save('downloads://model') lists its file with a dot and a slash before the name."""
    path = model_files.layers(tmp_path / "page", None, group("./weights.bin"))
    assert safety.check(path) == safety.Looked("layers", KERNEL.size)


def test_a_layer_that_holds_code_is_refused(tmp_path: Path) -> None:
    refused(model_files.layers(tmp_path / "a", sequential(layer("Lambda", "l"))), "has a Lambda")


@pytest.mark.parametrize("kind", ["TFOpLambda", "SlicingOpLambda"])
def test_a_function_of_tensorflow_that_reaches_out_is_refused(tmp_path: Path, kind: str) -> None:
    step = layer(kind, "l", function="io.write_file")
    refused(model_files.layers(tmp_path / "a", sequential(step)), "calls 'tf.io.write_file'")
    step = layer(kind, "l", function="nn.relu")
    assert safety.check(model_files.layers(tmp_path / "b", sequential(step))).format == "layers"


def test_a_class_is_found_however_it_is_spelt(tmp_path: Path) -> None:
    path = model_files.layers(tmp_path / "a", sequential(layer("Lambda", "l")))
    text = (path / "model.json").read_text().replace('"Lambda"', r'"\u004cambda"')
    (path / "model.json").write_text(text.replace('"class_name"', r'"cl\u0061ss_name"'))
    refused(path, "has a Lambda layer")


def test_an_operation_that_reaches_out_is_refused_wherever_it_stands(tmp_path: Path) -> None:
    evil = {"name": "evil", "op": "WriteFile", "input": []}
    refused(model_files.graph(tmp_path / "a", evil), "'WriteFile'")
    body = {"function": [{"signature": {"name": "f"}, "nodeDef": [evil]}]}
    refused(model_files.graph(tmp_path / "b", library=body), "'WriteFile'")
    path = model_files.graph(tmp_path / "c")
    edit(path, lambda stored: stored.update(modelInitializer={"node": [evil]}))
    refused(path, "'WriteFile'")


def test_a_name_that_moves_a_terminal_is_refused(tmp_path: Path) -> None:
    refused(model_files.layers(tmp_path / "a", sequential(layer("ReLU", "\x1b[2J"))), "the name")
    refused(model_files.graph(tmp_path / "b", {"name": "a\nb", "op": "Relu"}), "the node")
    refused(model_files.graph(tmp_path / "c", {"name": "a" * 2_000, "op": "Relu"}), "the node")


def test_an_operation_that_no_runtime_has_is_a_lane_that_cannot_run(tmp_path: Path) -> None:
    graph = model_files.graph(tmp_path / "a", {"name": "z", "op": "UnheardOf"})
    assert safety.check(graph).format == "graph"


def edit(path: Path, change: Callable[[dict[str, Any]], Any]) -> None:
    stored = json.loads((path / "model.json").read_text())
    change(stored)
    (path / "model.json").write_text(json.dumps(stored))


def weight(**changes: Any) -> list[dict[str, Any]]:
    return [{"name": "dense/kernel", "shape": [2, 3], "dtype": "float32"} | changes]


GROUPS: dict[str, list[Any]] = {
    "belongs to no weights": [group("weights.bin"), group("more.bin", weights=[])],
    "which is not beside it: it has a separator": [group("../secret")],
    "'../secret', which is not beside it: it has a separator": [group("./../secret")],
    "not beside it: it is empty.": [group("./")],
    "not beside it: it leads out": [group(r"..\secret")],
    "not beside it: it is empty": [group("")],
    "not beside it: it has characters": [group("weights.bin\0")],
    "not beside it: it is longer": [group("x" * 300)],
    "not beside it: 'none.bin' cannot be read": [group("none.bin")],
    "not beside it: it .*separator": [group("/etc/passwd")],
    "not beside it: .*a folder": [group("inner")],
    "lists the shard 'weights.bin' twice": [
        group("weights.bin"),
        group("weights.bin", weights=weight(name="b")),
    ],
    "weights of 'dense/kernel' twice": [group("weights.bin"), group("more.bin")],
    "24 bytes in its shards, .* before the weights of 'dense/kernel': all take 40,000,000,000": [
        group("weights.bin", weights=weight(shape=[100_000, 100_000]))
    ],
    "48 bytes in its shards, where its weights take 24": [group("weights.bin", "more.bin")],
    "no shape for": [group("weights.bin", weights=weight(shape=7))],
    "which is none": [group("weights.bin", weights=weight(shape=[-2, -3]))],
    "which is none.": [group("weights.bin", weights=weight(shape=[True, 6]))],
    "of the shape .* which is none": [group("weights.bin", weights=weight(shape=[2.0, 3]))],
    "no shape for 'dense/kernel'": [group("weights.bin", weights=weight(shape=[1] * 40))],
    "stored as 'float65', which is not known": [
        group("weights.bin", weights=weight(dtype="float65"))
    ],
    "no dtype for": [group("weights.bin", weights=weight(dtype=None))],
    "no dtype for 'dense/kernel'": [group("weights.bin", weights=weight(quantization=[1]))],
    "whose scale or min is no number": [
        group("weights.bin", weights=weight(quantization={"dtype": "float32", "scale": "1"}))
    ],
    "the weights .* cannot be printed": [group("weights.bin", weights=weight(name="\x1b[2J"))],
    "a weight without a name": [group("weights.bin", weights=weight(name=None))],
    "without a list of them": [{"paths": "weights.bin", "weights": weight()}],
    "is a list of objects": [["weights.bin"]],
}


@pytest.mark.parametrize("words", GROUPS)
def test_weights_that_the_files_do_not_hold_are_refused(tmp_path: Path, words: str) -> None:
    (tmp_path / "secret").write_bytes(KERNEL.tobytes())
    path = model_files.layers(tmp_path / "a", None, *GROUPS[words])
    (path / "more.bin").write_bytes(KERNEL.tobytes())
    (path / "inner").mkdir()
    refused(path, words)


def test_texts_that_the_files_do_not_hold_are_refused(tmp_path: Path) -> None:
    for shape, content, words in (
        ([5], b"\xff" * 20, "end within a string"),
        ([1 << 30], bytes(20), "take 4,294,967,296"),
        ([2], b"\1\0\0\0a\0\0\0\0secret", "go on for 6 bytes after the last weights"),
        ([2], b"\1\0\0\0a\0\0\0\0", ""),
    ):
        texts = group("weights.bin", weights=weight(dtype="string", shape=shape))
        shutil.rmtree(tmp_path / "a", ignore_errors=True)
        path = model_files.layers(tmp_path / "a", None, texts)
        (path / "weights.bin").write_bytes(content)
        if words:
            refused(path, words)
        else:
            safety.check(path)


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no pipes and devices in folders")
def test_a_shard_that_is_no_plain_file_is_refused(tmp_path: Path) -> None:
    for number, make in enumerate((os.mkfifo, lambda path: path.symlink_to("/dev/zero"))):
        path = model_files.layers(tmp_path / str(number))
        (path / "weights.bin").unlink()
        make(path / "weights.bin")
        refused(path, "a pipe" if make is os.mkfifo else "is a link")


def test_a_description_that_is_a_link_is_refused_in_a_folder(tmp_path: Path) -> None:
    path = model_files.layers(tmp_path / "a")
    (path / "model.json").rename(tmp_path / "elsewhere.json")
    (path / "model.json").symlink_to(tmp_path / "elsewhere.json")
    refused(path, "is a link")


JSON = {
    "[" * 200_000: "nested more than",
    '{"modelTopology": ' * 90 + "1" + "}" * 90: "nested more than",
    "{}": "no modelTopology",
    "[]": "no modelTopology",
    '{"modelTopology": 7}': "no object",
    '{"modelTopology": {"node": []}, "modelTopology": {}}': "'modelTopology' twice",
    '{"modelTopology": {"node": NaN}}': "in place of a number",
    '{"modelTopology": {"node": ' + "9" * 5_000 + "}}": "a number of 5,000 digits",
    "\ufeff{}": "no HDF5, ZIP or JSON file|byte order mark",
    "": "no HDF5, ZIP or JSON file|Expecting value",
    '{"x": "' + "y" * (8 << 20) + '"}': "longer than 8 MB",
}


@pytest.mark.parametrize("text", JSON, ids=lambda text: repr(text[:30]))
def test_a_description_that_is_no_json_of_a_model_is_refused(tmp_path: Path, text: str) -> None:
    path = model_files.layers(tmp_path / "a")
    (path / "model.json").write_text(text, "utf-8")
    refused(path, JSON[text])


def test_nothing_and_an_empty_folder_are_refused(tmp_path: Path) -> None:
    refused(tmp_path / "none", "There is nothing at")
    refused(tmp_path, "neither model.json nor")


# A model's folder


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return shutil.copytree(SHIPPED, tmp_path / "mnist")


def assert_may_be_loaded(folder: Path) -> None:
    """It says in words why not."""
    safety.check_model(folder, manifests.read(folder))


def refuses(folder: Path, words: str) -> None:
    with pytest.raises(ModelError, match=words):
        safety.check_model(folder, manifests.read(folder))


def test_the_model_that_ships_may_be_loaded(folder: Path) -> None:
    assert_may_be_loaded(folder)
    folder.with_name("link").symlink_to(folder)
    assert_may_be_loaded(folder.with_name("link"))


@pytest.mark.parametrize("form", ["model_graph", "model_layers_uint8"])
def test_every_stored_form_is_looked_at(folder: Path, form: str) -> None:
    (folder / form / "model.json").write_text("{}")
    refuses(folder, form)


@pytest.mark.parametrize("name", ["mnist_model.h5", "model_graph", "model_graph/model.json"])
def test_a_link_in_a_models_folder_is_refused(folder: Path, name: str) -> None:
    (folder / name).rename(folder.with_name("elsewhere"))
    (folder / name).symlink_to(folder.with_name("elsewhere"))
    refuses(folder, "is a link")


def test_a_file_that_is_only_listed_may_be_no_link_either(folder: Path) -> None:
    stored = json.loads((folder / "manifest.json").read_text())
    stored["files"]["LICENSE"] = {"sha256": "0" * 64, "bytes": 7}
    (folder / "manifest.json").write_text(json.dumps(stored))
    assert_may_be_loaded(folder)  # it is missing, which `verify` says
    (folder / "LICENSE").symlink_to("/etc/passwd")
    refuses(folder, "'LICENSE' is a link")
