"""The one model in what people have, of every kind of file."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from models.convert import intake
from models.convert.intake import Found, files
from models.errors import ModelError
from models.formats import safety
from tests.models.formats.architecture.test_graph_def import OLD_GRAPH
from tests.models.formats.safety.test_keras_files import saved_model
from tests.models.formats.safety.test_keras_files_exported import exported
from tests.support import model_files


def old_graph(folder: Path) -> Path:
    return model_files.old_graph(folder, OLD_GRAPH)


def teachable_tfjs(folder: Path) -> Path:
    path = model_files.layers(folder)
    said = {"packageName": "@teachablemachine/image", "labels": ["a", "b", "c"], "imageSize": 96}
    (path / "metadata.json").write_text(json.dumps(said))
    return path


def teachable_keras(folder: Path) -> Path:
    folder.mkdir()
    model_files.h5(folder / "keras_model.h5")
    (folder / "labels.txt").write_text("0 a\n1 b\n2 c\n")
    return folder


def teachable_saved_model(folder: Path) -> Path:
    folder.mkdir()
    saved_model(folder / "model.savedmodel")
    (folder / "labels.txt").write_text("0 a\n1 b\n2 c\n")
    return folder


def from_page(folder: Path) -> Path:
    return model_files.saved_by_page(folder, "my-model-1")


# How it is made, and what it is: the kind, the format, and where in the folder.
KINDS: dict[str, tuple[Callable[[Path], Path], str, str, str]] = {
    "graph": (model_files.graph, "json", "graph", "."),
    "layers": (model_files.layers, "json", "layers", "."),
    "of a page": (from_page, "json", "layers", "."),
    "old graph": (old_graph, "old graph", "graph", "."),
    "saved model": (saved_model, "saved model", "keras", "."),
    "exported": (exported, "exported", "keras", "."),
    "Teachable Machine's TF.js": (teachable_tfjs, "json", "layers", "."),
    "Teachable Machine's Keras": (teachable_keras, "h5", "keras", "keras_model.h5"),
    "Teachable Machine's SavedModel": (
        teachable_saved_model,
        "saved model",
        "keras",
        "model.savedmodel",
    ),
}


@pytest.mark.parametrize("name", KINDS)
def test_a_folder_is_what_lies_in_it(tmp_path: Path, name: str) -> None:
    make, kind, form, inside = KINDS[name]
    path = make(tmp_path / "it")
    found = intake.find(path)
    assert (found.kind, found.format, found.path) == (kind, form, path / inside)
    assert safety.check(found.path).format == form
    with intake.opened(path) as opened:
        assert opened == found


@pytest.mark.parametrize("packed", ["its files", "its folder"])
@pytest.mark.parametrize("name", KINDS)
def test_a_zip_of_it_is_the_same(tmp_path: Path, name: str, packed: str) -> None:
    make, kind, form, inside = KINDS[name]
    path = make(tmp_path / "it")
    files = sorted(path.iterdir()) if packed == "its files" else [path]
    archive = model_files.zipped(tmp_path / "converted_tfjs.zip", *files)
    with intake.opened(archive) as found:
        assert (found.kind, found.format) == (kind, form)
        assert safety.check(found.path).format == form
        assert found.facts == intake.find(path).facts
        where = "" if packed == "its files" else "/it"
        where += "" if inside == "." else f"/{inside}"
        assert found.called == f"{archive}{where}"
    assert not found.path.exists()


@pytest.mark.parametrize("name", [name for name in KINDS if name.startswith("Teachable")])
def test_what_teachable_machine_says_beside_it_is_found(tmp_path: Path, name: str) -> None:
    facts = intake.find(KINDS[name][0](tmp_path / "it")).facts
    assert facts.classes == ("a", "b", "c") and facts.teachable
    assert facts.size == ((96, 96) if name.endswith("TF.js") else None)


def test_files_are_found_by_what_is_in_them(tmp_path: Path) -> None:
    h5 = model_files.h5(tmp_path / "no_suffix")
    keras = model_files.keras(tmp_path / "model.zip", version="3.10.0")
    page = from_page(tmp_path / "page") / "my-model-1.json"
    assert intake.find(h5) == Found("h5", h5, "keras", str(h5), "2.15.0")
    assert intake.find(keras) == Found("keras", keras, "keras", str(keras), "3.10.0")
    with intake.opened(keras) as found:
        assert found.path == keras
    assert intake.find(page).path == page and intake.find(page).format == "layers"


def test_a_zip_with_a_config_json_of_its_own_is_unpacked(tmp_path: Path) -> None:
    (tmp_path / "config.json").write_text("{}")
    model = model_files.h5(tmp_path / "tf_model.h5")
    archive = model_files.zipped(tmp_path / "m.zip", tmp_path / "config.json", model)
    with intake.opened(archive) as found:
        assert found.called == f"{archive}/tf_model.h5"


def test_a_file_that_describes_its_folder_stands_for_it(tmp_path: Path) -> None:
    saved, old = saved_model(tmp_path / "saved"), old_graph(tmp_path / "old")
    assert intake.find(saved / "saved_model.pb").path == saved
    assert intake.find(old / "tensorflowjs_model.pb").path == old


def test_what_a_person_may_not_expect_is_said(tmp_path: Path) -> None:
    assert "rewritten as model.json" in intake.find(old_graph(tmp_path / "old")).notes[0]
    assert "no layers model" in intake.find(exported(tmp_path / "exported")).notes[0]
    path = teachable_keras(tmp_path / "spoilt")
    (path / "labels.txt").write_text("a\n\n\x1b[2J")
    assert "labels.txt beside the model is not used" in intake.find(path).notes[0]
    assert intake.find(model_files.layers(tmp_path / "layers")).notes == ()


def refused(path: Path, words: str) -> None:
    with pytest.raises(ModelError, match=words) as error, intake.opened(path):
        pass
    assert str(path) in str(error.value)


def test_several_models_are_named_and_none_is_picked(tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    model_files.h5(tmp_path / "a" / "model.h5")
    model_files.graph(tmp_path / "a" / "model_graph")
    model_files.graph(tmp_path / "a" / "other_graph")
    names = r"'model\.h5', 'model_graph', 'other_graph'\. Name one of them"
    refused(tmp_path / "a", f"has several models, {names}")
    archive = model_files.zipped(tmp_path / "a.zip", tmp_path / "a")
    refused(archive, "has several models, .*'a/model_graph'")
    model_files.saved_by_page(tmp_path / "b", "one")
    model_files.saved_by_page(tmp_path / "b", "two")
    refused(tmp_path / "b", r"several models, 'one\.json', 'two\.json'")


def beside_each_other(folder: Path, *made: str) -> Path:
    """A model as the ancestor project has it: the original, and a folder for each conversion."""
    folder.mkdir()
    if "keras" in made:
        model_files.h5(folder / "model.h5")
    if "graph" in made:
        model_files.graph(folder / "tfjs_graph_model")
    if "layers" in made:
        model_files.layers(folder / "tfjs_layers_model")
    return folder


def test_an_original_and_a_conversion_of_each_format_are_one_model(tmp_path: Path) -> None:
    folder = beside_each_other(tmp_path / "m", "keras", "graph", "layers")
    found = intake.find(folder)
    assert (found.path, found.format) == (folder / "model.h5", "keras")
    assert [each.path.name for each in found.conversions] == [
        "tfjs_layers_model",
        "tfjs_graph_model",
    ]
    with files.given(folder) as given:
        assert (given.original, given.graph) == (found.path, folder / "tfjs_graph_model")
        assert given.layers == folder / "tfjs_layers_model" and not given.left_out
        assert given.notes[0] == (
            f"{folder}/model.h5 is taken for the original, and for conversions of it: "
            f"{folder}/tfjs_layers_model and {folder}/tfjs_graph_model. "
            "Name one of them to take it alone."
        )


def test_so_they_are_in_a_zip_which_they_are_called_by(tmp_path: Path) -> None:
    folder = beside_each_other(tmp_path / "m", "keras", "graph")
    archive = model_files.zipped(tmp_path / "m.zip", folder)
    with files.given(archive) as given:
        assert given.graph is not None and given.graph.is_dir()
        assert given.name(given.graph) == f"{archive}/m/tfjs_graph_model"
        assert [each.form for each in given.left_out] == ["layers"]


def test_without_an_original_the_two_formats_are_one_model(tmp_path: Path) -> None:
    folder = beside_each_other(tmp_path / "m", "graph", "layers")
    with files.given(folder) as given:
        assert given.original is None and given.first == folder / "tfjs_layers_model"
        assert "tfjs_graph_model are taken for two formats of one model." in given.notes[0]


def test_a_conversion_that_is_given_by_itself_takes_the_place_of_the_one_beside(
    tmp_path: Path,
) -> None:
    folder = beside_each_other(tmp_path / "m", "keras", "graph", "layers")
    other = model_files.graph(tmp_path / "other")
    with files.given(folder, graph=other) as given:
        assert given.graph == other and given.layers == folder / "tfjs_layers_model"
        assert "graph_model" not in given.notes[0]
    with files.given(original=folder, graph=folder) as given:
        assert given.original == folder / "model.h5" and given.layers is None
        assert given.graph == folder / "tfjs_graph_model" and given.notes == ()


def test_weights_and_an_architecture_alone_are_no_model(tmp_path: Path) -> None:
    model_files.h5(tmp_path / "model.weights.h5")
    (tmp_path / "model.json").write_text(json.dumps(model_files.plain()))
    refused(tmp_path, r"a model without weights, what model\.to_json\(\) gives")
    (tmp_path / "model.json").unlink()
    refused(tmp_path, "neither model.json nor")


def test_what_a_browsers_storage_keeps_is_no_file_of_a_model_and_the_way_out_is_said(
    tmp_path: Path,
) -> None:
    path = model_files.saved_by_page(tmp_path / "page", "mine") / "mine.json"
    said = json.loads(path.read_text())
    said["weightSpecs"] = said.pop("weightsManifest")[0]["weights"]
    weights = path.with_name("mine.weights.bin")
    path.write_text(json.dumps(said | {"weightData": "AAAA"}))
    assert intake.find(path).format == "layers"  # its weights are beside it
    weights.unlink()
    refused(path, "holds its weights as text.*downloads://NAME")


def test_nothing_and_other_files_are_refused_with_what_was_expected(tmp_path: Path) -> None:
    refused(tmp_path / "none", "There is nothing at")
    refused(tmp_path, "neither model.json nor .*Expected what model.save")
    (tmp_path / "a.txt").write_text("text")
    refused(tmp_path / "a.txt", "no HDF5, ZIP or JSON file. Expected")
    refused(model_files.zipped(tmp_path / "a.zip", tmp_path / "a.txt"), "neither model.json nor")


def test_errors_of_the_block_name_the_zip_and_not_what_was_unpacked(tmp_path: Path) -> None:
    spoilt = model_files.sequential(model_files.layer("Lambda", "l"))
    archive = model_files.zipped(tmp_path / "m.zip", model_files.layers(tmp_path / "it", spoilt))
    with pytest.raises(ModelError) as error, intake.opened(archive) as found:
        safety.check(found.path)
    assert str(error.value).startswith(f"{archive}/it/model.json has a Lambda layer")


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no pipes in folders")
@pytest.mark.parametrize(
    "name", ["m.h5", "m.json", "labels.txt", "metadata.json", "saved_model.pb"]
)
def test_a_pipe_keeps_nobody_waiting(tmp_path: Path, name: str) -> None:
    folder = tmp_path / "it"
    folder.mkdir()
    if name in ("labels.txt", "metadata.json"):
        model_files.h5(folder / "model.h5")
    os.mkfifo(folder / name)
    try:
        notes: Any = intake.find(folder).notes
    except ModelError as error:
        notes = [str(error)]
    assert "a pipe" in notes[0] or "neither model.json" in notes[0]


def test_links_are_not_followed_and_folders_have_an_end(tmp_path: Path) -> None:
    folder = tmp_path / "it"
    folder.mkdir()
    model_files.h5(tmp_path / "secret.h5")
    (folder / "m.h5").symlink_to(tmp_path / "secret.h5")
    (folder / "again").symlink_to(folder)
    refused(folder, "neither model.json nor")
    for number in range(1_001):
        (folder / f"{number}.h5").touch()
    refused(folder, "more than 1,000 files")
