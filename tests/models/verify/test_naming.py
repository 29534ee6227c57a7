"""Messages of every command name the user's file, never a temporary copy of it."""

from __future__ import annotations

import shutil
import tempfile

import pytest

from models.__main__ import LOADERS
from models.command_line import ending
from models.formats.store import EXAMPLES, SHIPPED
from models.runtimes import node

ON_TENSORFLOW = ["--data", str(EXAMPLES), "--runtime", "tensorflow"]
CUT = ["--graph", "graph_cut", "--layers", "layers"]
needs_bundle = pytest.mark.skipif(not node.SCRIPT.is_file(), reason="`make install` bundles it")


@pytest.fixture
def mine(small_model, tmp_path, monkeypatch):
    """The current directory, with whole files and with broken ones."""
    folder, temporary = tmp_path / "mine", tmp_path / "temporary"
    folder.mkdir()
    temporary.mkdir()
    shutil.copytree(small_model, folder / "stored")
    (folder / "stored" / "model_graph" / "model.json").write_text("{}")
    shutil.copy(small_model / "mnist_model.h5", folder / "m.h5")
    for form in ("graph", "layers"):
        shutil.copytree(small_model / f"model_{form}", folder / form)
        shutil.copytree(small_model / f"model_{form}", folder / f"{form}_cut")
        shard = folder / f"{form}_cut" / "group1-shard1of1.bin"
        shard.write_bytes(shard.read_bytes()[:-5])
    (folder / "broken").mkdir()
    for name in ("broken.h5", "broken.png", "broken/mnist_model.h5"):
        (folder / name).write_bytes(b"nothing of the kind")
    monkeypatch.chdir(folder)
    monkeypatch.setattr(tempfile, "tempdir", str(temporary))
    monkeypatch.setenv("DIGIT_PARITY_MODELS", str(tmp_path / "place"))
    return folder


@pytest.mark.parametrize(
    "words, named",
    [
        (["check", "broken.h5"], "broken.h5"),
        (["verify", "--original", "broken.h5"], "broken.h5"),
        (["verify", "--graph", "graph_cut", "--layers", "layers", *ON_TENSORFLOW], "graph_cut/"),
        (["verify", "--original", "m.h5", *CUT, *ON_TENSORFLOW], "graph_cut/"),
        (["verify", "stored", *ON_TENSORFLOW], "stored/model_graph/model.json"),
        (["bisect", "stored"], "stored/model_graph/model.json"),
        (["evaluate", "broken.png", "--model", str(SHIPPED)], "broken.png"),
        (["evaluate", str(EXAMPLES), "--model", "stored"], "stored/model_graph/model.json"),
        (["add", "new", "broken.h5"], "broken.h5"),
        (["add", "new", "--graph", "graph", "--layers", "layers_cut"], "layers_cut/"),
        pytest.param(
            ["add", "new", "--graph", "graph_cut", "--layers", "layers"],
            "graph_cut/",
            marks=needs_bundle,
        ),
        (["convert", "broken"], "broken/mnist_model.h5"),
    ],
    ids=lambda value: "-".join(value[:4]).replace("/", "_") if isinstance(value, list) else "",
)
def test_a_failing_file_is_named_as_the_user_named_it(mine, words, named, capsys):
    verb, *arguments = words
    # Where one format is broken and the other passes, nothing has failed.
    assert ending.run(LOADERS[verb], verb, arguments) in (0, 1, 2)
    out, err = capsys.readouterr()
    said = out + err
    assert named in said, said
    assert "temporary" not in said and ".making" not in said
    if "--graph" in words or "--layers" in words:
        assert "model_graph/" not in said and "model_layers/" not in said
