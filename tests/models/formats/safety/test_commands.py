"""What every command does with a hostile model: a sentence, its exit code, and nothing runs."""

from __future__ import annotations

import base64
import json
import marshal
import os
import shutil
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import h5py
import pytest

from models.add import command as add
from models.bisect import command as bisect
from models.command_line import ending
from models.convert import building
from models.convert import command as convert
from models.convert.check import command as check
from models.evaluate import command as evaluate
from models.formats import store
from models.formats.store import EXAMPLES, SHIPPED
from models.verify import command as verify
from models.verify import verification
from tests.support import model_files
from tests.support.model_files import layer


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of the shipped model; what is added goes into a folder of its own."""
    monkeypatch.setenv(store.VARIABLE, str(tmp_path / "added"))
    monkeypatch.chdir(tmp_path)
    return shutil.copytree(SHIPPED, tmp_path / "hostile")


@pytest.fixture
def nothing_runs(monkeypatch: pytest.MonkeyPatch) -> None:
    """No lane is asked: that all files are looked at comes first."""
    for module, name in ((verification.ask, "ask"), (verification.references, "find")):
        monkeypatch.setattr(module, name, lambda *_, **__: pytest.fail("a lane was asked"))


def code(mark: Path) -> str:
    """A Keras lambda that writes ``mark``."""
    text = f"[__import__('pathlib').Path({str(mark)!r}).touch(), x][1]"
    return base64.b64encode(marshal.dumps(eval(f"lambda x: {text}").__code__)).decode()


def a_lambda(mark: Path) -> dict[str, Any]:
    function = [code(mark), None, None]
    kind = {"function_type": "lambda", "module": "builtins", "arguments": {}}
    nodes = {"name": "l", "inbound_nodes": [[["probabilities", 0, 0, {}]]]}
    return layer("Lambda", "l", function=function, **kind) | nodes


def edit(path: Path, change: Callable[[Any], object]) -> None:
    stored = json.loads(path.read_text())
    change(stored)
    path.write_text(json.dumps(stored))


def lambda_in_the_h5(at: Path) -> str:
    with h5py.File(at / "mnist_model.h5", "r+") as file:
        model = json.loads(file.attrs["model_config"])
        model["config"]["layers"].append(a_lambda(at / "mark"))
        text = json.dumps(model).replace('"Lambda"', r'"\u004cambda"')
        file.attrs["model_config"] = text
    return "mnist_model.h5 has a Lambda layer: Python code"


def lambda_in_the_layers(at: Path) -> str:
    def append(stored: Any) -> None:
        config = stored["modelTopology"]["model_config"]["config"]
        config["layers"].append(a_lambda(at / "mark"))

    edit(at / "model_layers" / "model.json", append)
    return "has a Lambda layer: Python code"


def graph_that_writes(at: Path) -> str:
    evil = {"name": "evil", "op": "WriteFile", "input": []}
    edit(at / "model_graph/model.json", lambda stored: stored["modelTopology"]["node"].append(evil))
    return "has the operation 'WriteFile'"


def shard_without_weights(at: Path) -> str:
    (at / "secret").write_text("a file of the operator's")
    (at / "model_layers" / "more.bin").symlink_to(at / "secret")
    more = {"paths": ["more.bin"], "weights": []}
    edit(at / "model_layers/model.json", lambda stored: stored["weightsManifest"].append(more))
    return "lists the shard 'more.bin', which belongs to no weights"


def shard_that_is_a_link(at: Path) -> str:
    (at / "model_graph/group1-shard1of1.bin").rename(at / "elsewhere")
    (at / "model_graph/group1-shard1of1.bin").symlink_to(at / "elsewhere")
    return "is a link"


def shard_that_is_a_pipe(at: Path) -> str:
    (at / "model_graph/group1-shard1of1.bin").unlink()
    os.mkfifo(at / "model_graph/group1-shard1of1.bin")
    return "a pipe"


def shard_that_is_missing(at: Path) -> str:
    (at / "model_graph/group1-shard1of1.bin").unlink()
    return "group1-shard1of1.bin"


def shape_that_nobody_has(at: Path) -> str:
    def enlarge(stored: Any) -> None:
        stored["weightsManifest"][0]["weights"][0]["shape"] = [100_000, 100_000]

    edit(at / "model_layers" / "model.json", enlarge)
    return "the files end before the weights of"


def description_without_end(at: Path) -> str:
    (at / "model_graph" / "model.json").write_text("[" * 200_000)
    return "nested more than 64 levels deep"


SPOILT = (
    lambda_in_the_h5,
    lambda_in_the_layers,
    graph_that_writes,
    shard_without_weights,
    shard_that_is_a_link,
    shard_that_is_a_pipe,
    shard_that_is_missing,
    shape_that_nobody_has,
    description_without_end,
)
COMMANDS = {
    "add": add,
    "bisect": bisect,
    "check": check,
    "convert": convert,
    "evaluate": evaluate,
    "verify": verify,
}
CODES = {"verify": 2, "evaluate": 1, "bisect": 2}
not_windows = pytest.mark.skipif(sys.platform == "win32", reason="Windows has no pipes in folders")


def run(*arguments: object) -> int:
    verb, *words = map(str, arguments)
    return ending.run(lambda: COMMANDS[verb].command, verb, words)


@not_windows
@pytest.mark.parametrize("verb", CODES)
@pytest.mark.parametrize("spoil", SPOILT)
def test_a_hostile_models_folder_is_refused_before_anything_runs(
    folder, verb, spoil, capsys, nothing_runs
) -> None:
    words = spoil(folder)
    model = [EXAMPLES, "--model", folder] if verb == "evaluate" else [folder]
    assert run(verb, *model) == CODES[verb]
    said = capsys.readouterr()
    assert words in said.err and "Traceback" not in said.err and not said.out
    assert not (folder / "mark").exists()


@not_windows
@pytest.mark.parametrize("verb", ["verify", "add"])
@pytest.mark.parametrize("spoil", SPOILT[1:])
def test_hostile_folders_that_are_given_are_refused_and_nothing_is_added(
    folder, verb, spoil, capsys, nothing_runs
) -> None:
    words = spoil(folder)
    given = ["--graph", folder / "model_graph", "--layers", folder / "model_layers"]
    assert run(verb, *(["mine"] if verb == "add" else []), *given) == (1 if verb == "add" else 2)
    assert words in capsys.readouterr().err
    assert not (folder / "mark").exists()
    assert not list((folder.parent / "added").glob("*"))


@pytest.mark.parametrize("verb", ["verify", "add", "convert"])
@pytest.mark.parametrize("kind", ["h5", "keras"])
def test_a_hostile_original_is_refused(folder, verb, kind, capsys, nothing_runs) -> None:
    model = model_files.sequential(
        *model_files.plain()["config"]["layers"], a_lambda(folder / "mark")
    )
    path = getattr(model_files, kind)(folder / f"m.{kind}", model)
    arguments = {
        "verify": ["--original", path],
        "add": ["mine", path],
        "convert": [folder, "--source", path.name],
    }
    assert run(verb, *arguments[verb]) == (2 if verb == "verify" else 1)
    assert f"m.{kind} has a Lambda layer" in capsys.readouterr().err
    assert not (folder / "mark").exists()


def test_what_stands_in_the_way_is_looked_up_and_not_run(folder, capsys) -> None:
    lambda_in_the_layers(folder)
    assert run("check", folder / "model_layers") == 1
    assert "a Lambda layer" in capsys.readouterr().out
    description_without_end(folder)
    assert run("check", folder / "model_graph") == 2
    assert "nested more than 64 levels deep" in capsys.readouterr().err
    assert not (folder / "mark").exists()


@not_windows
@pytest.mark.parametrize("verb", ["check", "verify", "add"])
def test_a_pipe_that_is_given_keeps_nobody_waiting(folder, verb, capsys) -> None:
    os.mkfifo(folder / "pipe.h5")
    arguments = {"check": [], "verify": ["--original"], "add": ["mine"]}
    assert run(verb, *arguments[verb], folder / "pipe.h5") == (1 if verb == "add" else 2)
    assert "is no plain file, but a pipe" in capsys.readouterr().err


def test_a_shard_with_a_second_name_is_compared_but_not_published(folder, capsys, monkeypatch):
    (folder / "secret").hardlink_to(folder / "model_graph" / "group1-shard1of1.bin")
    given = ["--graph", folder / "model_graph", "--layers", folder / "model_layers"]
    assert run("add", "mine", *given) == 1
    assert "a hard link" in capsys.readouterr().err
    copied: list[Any] = []
    monkeypatch.setattr(building, "build", lambda *each, **_: copied.append(each) or 1 / 0)
    assert run("verify", *given) == 70 and copied  # it got as far as that


def test_a_manifest_that_says_too_much_is_refused(folder, capsys) -> None:
    for change, words in (
        ({"classes": ["x"] * 22_000}, "22,000 classes"),
        ({"title": "\x1b[2J"}, "no line"),
        ({"lanes": {"keras": "x" * 400}}, "longer than 255 bytes"),
        ({"name": "y" * (1 << 22)}, "longer than 4 MB"),
    ):
        edit(folder / "manifest.json", lambda stored, change=change: stored.update(change))
        assert run("verify", folder) == 2
        said = capsys.readouterr().err
        assert words in said and "\x1b" not in said
        shutil.copy(SHIPPED / "manifest.json", folder / "manifest.json")
