"""What was converted is copied as it is, where TensorFlow.js can load it so."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from models.convert import converted_source
from models.errors import ModelError
from models.formats import model_json
from tests.models.formats.architecture.test_graph_def import OLD_GRAPH, node
from tests.models.formats.architecture.test_saved_model import field
from tests.support import model_files
from tests.support.model_files import KERNEL, group, saved_by_page


def copied(source: Path, form: Any = "layers") -> Path:
    target = source.with_name("copied")
    converted_source.copy(source, form, target)
    return target


def names(folder: Path) -> set[str]:
    return {each.name for each in folder.iterdir()}


def kernel(folder: Path) -> Any:
    said = json.loads((folder / "model.json").read_text())
    return model_json.read_weights(said["weightsManifest"], folder)["dense/kernel"].value


def test_a_converters_folder_is_copied_to_the_byte_and_nothing_else_of_it(tmp_path: Path) -> None:
    source = model_files.layers(tmp_path / "m")
    (source / "notes.txt").write_text("private")
    target = copied(source)
    assert names(target) == {"model.json", "weights.bin"}
    for name in names(target):
        assert (target / name).read_bytes() == (source / name).read_bytes()


def test_what_a_page_saved_under_its_own_name_becomes_model_json(tmp_path: Path) -> None:
    source = saved_by_page(tmp_path / "m", "my-model-1")
    target = copied(source)
    assert names(target) == {"model.json", "my-model-1.weights.bin"}
    assert (target / "model.json").read_bytes() == (source / "my-model-1.json").read_bytes()
    np.testing.assert_array_equal(kernel(target), KERNEL)


@pytest.mark.parametrize(
    "name", ["model.json", "Model.JSON", "50%.bin", "a#1.bin", "a?b.bin", ".b"]
)
def test_a_shard_whose_name_cannot_stay_gets_another(tmp_path: Path, name: str) -> None:
    source = tmp_path / "m"
    saved_by_page(source, "mine")
    said = json.loads((source / "mine.json").read_text())
    said["weightsManifest"] = [group(name, "shard1.bin")]
    (source / "mine.json").write_text(json.dumps(said))
    (source / name).write_bytes(KERNEL.tobytes()[:8])
    (source / "shard1.bin").write_bytes(KERNEL.tobytes()[8:])
    target = copied(source / "mine.json")
    assert names(target) == {"model.json", "shard1.bin", "shard2.bin"}
    np.testing.assert_array_equal(kernel(target), KERNEL)


def test_weights_that_are_listed_as_in_memory_are_listed_as_a_file(tmp_path: Path) -> None:
    source = saved_by_page(tmp_path / "m", "mine")
    said = json.loads((source / "mine.json").read_text())
    said["weightSpecs"] = said.pop("weightsManifest")[0]["weights"]
    (source / "mine.json").write_text(json.dumps(said | {"weightData": {}}))
    target = copied(source)
    np.testing.assert_array_equal(kernel(target), KERNEL)
    assert "weightSpecs" not in json.loads((target / "model.json").read_text())


def test_a_graph_of_a_converter_before_1_0_is_written_anew_and_that_is_said(tmp_path: Path) -> None:
    source = model_files.old_graph(tmp_path / "m", OLD_GRAPH)
    said = converted_source.copy(source, "graph", tmp_path / "copied")
    assert said == converted_source.OLD
    assert names(tmp_path / "copied") == {"model.json", "group1-shard1of1"}
    whole = json.loads((tmp_path / "copied" / "model.json").read_text())
    assert [each["op"] for each in whole["modelTopology"]["node"]] == [
        "Placeholder",
        "Const",
        "MatMul",
    ]
    np.testing.assert_array_equal(kernel(tmp_path / "copied"), KERNEL)


def test_an_old_graph_answers_as_the_same_graph_of_today(tmp_path: Path, small_model: Path) -> None:
    """TensorFlow runs the official converter's graph, and what is made of its old form."""
    from google.protobuf import json_format
    from tensorflow.core.framework import graph_pb2

    from models.formats import graph_model
    from models.formats.tensors import Tensor
    from models.runtimes import tf_session

    folder = small_model / "model_graph"
    said = json.loads((folder / "model.json").read_text())
    content = json_format.ParseDict(said["modelTopology"], graph_pb2.GraphDef())
    old = tmp_path / "old"
    old.mkdir()
    (old / "tensorflowjs_model.pb").write_bytes(content.SerializeToString())
    (old / "weights_manifest.json").write_text(json.dumps(said["weightsManifest"]))
    for path in folder.glob("*.bin"):
        (old / path.name).write_bytes(path.read_bytes())
    converted_source.copy(old, "graph", tmp_path / "new")
    answers = []
    for path in (folder, tmp_path / "new"):
        graph = graph_model.read(path / "model.json")
        takes = [Tensor("x", (28, 28, 1))]
        ends = [list(side.values()) for side in (graph.inputs, graph.outputs)]
        session = tf_session.start(graph.definition, *ends, takes)
        digits = np.random.default_rng(1).random((3, 28, 28, 1), np.float32)
        answers.append(session.call((digits,))[0])
    np.testing.assert_array_equal(*answers)


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (OLD_GRAPH + node("evil", "WriteFile"), "has the operation 'WriteFile'"),
        (OLD_GRAPH + field(2, field(1, field(1, field(1, b"f")))), "has functions"),
        (b"\x0f", "is no protobuf"),
    ],
    ids=["reaches out", "functions", "damaged"],
)
def test_an_old_graph_is_looked_at_like_every_other(tmp_path: Path, content, words) -> None:
    with pytest.raises(ModelError, match=words):
        copied(model_files.old_graph(tmp_path / "m", content), "graph")
    assert not (tmp_path / "copied").exists()


def test_an_old_graphs_weights_may_lie_nowhere_else(tmp_path: Path) -> None:
    source = model_files.old_graph(tmp_path / "m", OLD_GRAPH, group("../secret"))
    with pytest.raises(ModelError, match=r"'\.\./secret', which is not beside it"):
        copied(source, "graph")
    (source / "weights_manifest.json").unlink()
    (source / "weights_manifest.json").symlink_to("/etc/passwd")
    with pytest.raises(ModelError, match="is a link"):
        copied(source, "graph")


def test_what_is_not_converted_or_of_the_other_format_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="is no converted model"):
        copied(model_files.h5(tmp_path / "m.h5"))
    with pytest.raises(ModelError, match="is a layers model: give it as --layers"):
        copied(model_files.layers(tmp_path / "m"), "graph")


@pytest.mark.parametrize("kind", ["old", "page"])
def test_a_shard_with_a_second_name_is_refused_where_a_copy_is_published(tmp_path, kind) -> None:
    source = (
        model_files.old_graph(tmp_path / "m", OLD_GRAPH)
        if kind == "old"
        else saved_by_page(tmp_path / "m", "mine")
    )
    converted_source.refuse_shared(source)
    shard = source / ("group1-shard1of1" if kind == "old" else "mine.weights.bin")
    (tmp_path / "second").hardlink_to(shard)
    with pytest.raises(ModelError, match="has a second name elsewhere"):
        converted_source.refuse_shared(source)


def test_the_converter_is_called_as_it_calls_itself(tmp_path: Path) -> None:
    source = saved_by_page(tmp_path / "m", "mine")
    said = converted_source.copy(source, "layers", tmp_path / "a")
    assert said == "TensorFlow.js tfjs-layers v4.22.0"
    source = model_files.layers(tmp_path / "n")
    assert converted_source.copy(source, "layers", tmp_path / "b") == "an unnamed converter"
