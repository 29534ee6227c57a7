"""All that lies in a .keras and in a SavedModel's folder is looked at."""

from __future__ import annotations

import json
import os
import stat
import sys
import warnings
import zipfile
from pathlib import Path
from typing import Any

import h5py
import pytest

from models.errors import ModelError
from models.formats import safety
from tests.models.formats.architecture.test_saved_model import field, node
from tests.support import model_files
from tests.support.model_files import KERNEL, layer, plain, sequential


def test_every_kind_that_keras_saves_may_be_loaded(tmp_path: Path) -> None:
    for path in (model_files.h5(tmp_path / "m.h5"), model_files.keras(tmp_path / "m.keras")):
        assert safety.check(path) == safety.Looked("keras", KERNEL.size)
    assert safety.check(saved_model(tmp_path / "saved")).format == "keras"


def refused(path: Path, words: str) -> None:
    with pytest.raises(ModelError, match=words) as error:
        safety.check(path)
    assert str(path) in str(error.value)


# Archives


def archive(tmp_path: Path, **members: Any) -> Path:
    return model_files.keras(tmp_path / "m.keras", **members)


def inner(tmp_path: Path, model: Any = None) -> Path:
    return model_files.h5(tmp_path / "spoilt.h5", model)


@pytest.mark.parametrize(
    "name",
    [
        "../m.py",
        "/etc/cron.d/x",
        "assets/vocabulary.txt",
        "a\\b",
        "model.weights.h5.py",
        "config.JSON",
    ],
)
def test_a_member_that_does_not_belong_there_is_refused(tmp_path: Path, name: str) -> None:
    refused(archive(tmp_path, **{name: "x"}), r"in it\. Expected config|twice")


def test_a_member_that_is_there_twice_is_refused(tmp_path: Path) -> None:
    path = archive(tmp_path)
    with warnings.catch_warnings(), zipfile.ZipFile(path, "a") as file:
        warnings.simplefilter("ignore")  # zipfile's own, that it is there
        file.writestr("config.json", json.dumps(plain()))
    refused(path, "has 'config.json' twice")


def test_a_member_that_is_a_link_or_packed_in_another_way_is_refused(tmp_path: Path) -> None:
    for mode, packed in ((stat.S_IFLNK, zipfile.ZIP_STORED), (0, zipfile.ZIP_LZMA)):
        path = archive(tmp_path)
        with zipfile.ZipFile(path) as file:
            kept = {name: file.read(name) for name in file.namelist() if name != "config.json"}
        with zipfile.ZipFile(path, "w") as file:
            for name, content in kept.items():
                file.writestr(name, content)
            info = zipfile.ZipInfo("config.json")
            info.external_attr = (mode | 0o644) << 16
            info.compress_type = packed
            file.writestr(info, json.dumps(plain()))
        refused(path, "no plain file|unusual way")


def test_a_bomb_is_refused_before_it_is_inflated(tmp_path: Path) -> None:
    refused(archive(tmp_path, **{"config.json": b" " * (30 << 20)}), "longer than 8 MB")
    refused(archive(tmp_path, **{"model.weights.h5": bytes(30 << 20)}), "31,457,280 bytes, packed")


def test_weights_in_an_archive_are_looked_at_too(tmp_path: Path) -> None:
    spoilt = inner(tmp_path)
    with h5py.File(spoilt, "r+") as file:
        file["more"] = h5py.ExternalLink("/etc/passwd", "/x")
    refused(archive(tmp_path, **{"model.weights.h5": spoilt.read_bytes()}), "'/more', a link")
    refused(archive(tmp_path, **{"model.weights.h5": b"text"}), "no model that can be loaded")


def test_how_an_archive_was_trained_may_name_anything(tmp_path: Path) -> None:
    loss = {"compile_config": {"loss": {"class_name": "function", "config": "mine"}}}
    safety.check(model_files.keras(tmp_path / "m.keras", plain() | loss))
    refused(inner(tmp_path, plain() | loss), "the function 'mine'")  # an .h5 would make it


@pytest.mark.parametrize("version", ["2.15.0", "3.10.0"])
def test_code_in_an_archive_is_refused(tmp_path: Path, version: str) -> None:
    wrapped = layer("TimeDistributed", "t", layer=sequential(layer("Lambda", "l")))
    model = sequential(sequential(wrapped))
    refused(model_files.keras(tmp_path / "m.keras", model, version=version), "has a Lambda layer")


def test_a_file_that_is_two_kinds_at_once_is_refused(tmp_path: Path) -> None:
    clean, spoilt = archive(tmp_path), inner(tmp_path, sequential(layer("Lambda", "l")))
    both = tmp_path / "both.h5"
    # What looks at the end sees an archive, what looks at the beginning HDF5.
    both.write_bytes(spoilt.read_bytes() + clean.read_bytes())
    refused(both, "taken for two kinds")
    # HDF5 may also begin at byte 512, 1024, …
    start = clean.read_bytes()[:512].ljust(512, b"\0")
    both.write_bytes(start + spoilt.read_bytes() + clean.read_bytes())
    refused(both, "taken for two kinds")


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no pipes in folders")
@pytest.mark.parametrize("name", ["m.h5", "m.keras", "model.json"])
def test_a_pipe_keeps_nobody_waiting(tmp_path: Path, name: str) -> None:
    os.mkfifo(tmp_path / name)
    refused(tmp_path / name, "no plain file, but a pipe")
    if name == "model.json":
        refused(tmp_path, "no plain file, but a pipe")


# SavedModels, written as protobuf writes them


def operation(kind: str, *inputs: str, name: str = "n", **attributes: bytes) -> bytes:
    """A NodeDef."""
    entries = (field(5, field(1, name.encode()) + field(2, v)) for name, v in attributes.items())
    sources = b"".join(field(3, each.encode()) for each in inputs)
    return field(1, name.encode()) + field(2, kind.encode()) + sources + b"".join(entries)


def function(name: str, *nodes: bytes, takes: str = "") -> bytes:
    """A FunctionDef in a library in a GraphDef."""
    argument = field(2, field(1, takes.encode())) if takes else b""
    signature = field(1, field(1, name.encode()) + argument)
    return field(2, field(1, signature + b"".join(field(3, n) for n in nodes)))


SAVES = function("__inference__traced_save_7", operation("SaveV2"), operation("DisableCopyOnRead"))
RESTORES = function(
    "__inference__traced_restore_9", operation("RestoreV2", "file_prefix"), takes="file_prefix"
)


def calling(name: str) -> dict[str, bytes]:
    """The attribute of an operation that calls a function."""
    return {"f": field(10, field(1, name.encode()))}


CALLS = calling("__inference__traced_save_7")
SAVER = field(3, field(1, b"saver_filename:0") + field(2, b"save:0") + field(3, b"restore"))


def saved_model(folder: Path, *graph: bytes, described: Any = None, meta: bytes = b"") -> Path:
    (folder / "variables").mkdir(parents=True)
    metadata = node("root", plain() | {"training_config": {"loss": layer("Mine>Loss", "l")}})
    if described is not None:
        metadata += node("root.layer-0", described)
    (folder / "keras_metadata.pb").write_bytes(metadata)
    restoring = calling("__inference__traced_restore_9")
    nodes = (
        operation("MatMul"),
        operation("Placeholder", name="saver_filename"),
        operation("StatefulPartitionedCall", "saver_filename", name="save", **CALLS),
        operation("StatefulPartitionedCall", "saver_filename", name="restore", **restoring),
    )
    own = b"".join(field(1, node) for node in nodes)
    content = field(2, own + SAVES + RESTORES + b"".join(graph))
    (folder / "saved_model.pb").write_bytes(field(2, content + field(7, b"") + (meta or SAVER)))
    (folder / "variables" / "variables.index").write_bytes(b"")
    (folder / "variables" / "variables.data-00000-of-00001").write_bytes(KERNEL.tobytes())
    return folder


GRAPHS = {
    "'WriteFile'": field(1, operation("WriteFile")),
    "'ReadFile'": function("body", operation("Relu"), operation("ReadFile")),
    "'PyFunc'": field(1, operation("PyFunc")),
    "'SaveV2'": field(1, operation("SaveV2")),
    "'RestoreV2'": function("body", operation("RestoreV2")),
    "'EagerPyFunc'": function("__inference__traced_save_8", operation("EagerPyFunc")),
    "'MergeV2Checkpoints'": function(
        "x__inference__traced_save_8", operation("MergeV2Checkpoints")
    ),
    "in place of another": function("__inference__traced_save_8", operation("api_implements")),
    "calls what saves": function("body", operation("PartitionedCall", **CALLS)),
}


@pytest.mark.parametrize("words", GRAPHS)
def test_an_operation_of_a_saved_model_that_reaches_out_is_refused(tmp_path, words) -> None:
    refused(saved_model(tmp_path / "saved", GRAPHS[words]), words)


def test_what_an_object_of_a_saved_model_calls_may_not_save(tmp_path: Path) -> None:
    named = field(7, field(2, field(1, b"__inference__traced_restore_9")))
    refused(saved_model(tmp_path / "saved", meta=named), "saves or restores when it is called")


def test_files_of_a_saved_models_own_are_refused(tmp_path: Path) -> None:
    refused(saved_model(tmp_path / "saved", meta=field(6, b"x")), "files of its own")


def test_every_object_of_a_saved_model_is_looked_at(tmp_path: Path) -> None:
    hidden = {"class_name": "Dense", "config": {"inner": layer("Lambda", "l")}}
    refused(saved_model(tmp_path / "saved", described=hidden), "has a Lambda layer")


@pytest.mark.parametrize(
    "name", ["saved_model.pbtxt", "saved_model.cpb", "assets/words.txt", "variables/x", "code.py"]
)
def test_a_file_that_does_not_belong_to_a_saved_model_is_refused(tmp_path, name) -> None:
    path = saved_model(tmp_path / "saved")
    (path / name).parent.mkdir(exist_ok=True)
    (path / name).write_text("x")
    refused(path, "has .* in it")


def test_a_link_in_a_saved_model_is_refused(tmp_path: Path) -> None:
    path = saved_model(tmp_path / "saved")
    (path / "variables" / "variables.index").unlink()
    (path / "variables" / "variables.index").symlink_to("/etc/passwd")
    refused(path, "is a link")


def test_a_folder_of_a_saved_model_that_is_a_link_is_refused(tmp_path: Path) -> None:
    path = saved_model(tmp_path / "saved")
    (path / "variables").rename(tmp_path / "elsewhere")
    (path / "variables").symlink_to(tmp_path / "elsewhere")
    refused(path, "is a link")
