"""The alternatives are installed for who asks, all or nothing, and known to nobody else."""

from __future__ import annotations

import gzip
import json
import subprocess
import sys
from pathlib import Path

import pytest

from models.convert.setup import command as setup
from models.convert.setup import prepared
from models.errors import ModelError
from models.tfjs import bundle, failures
from models.tfjs.alternatives import packages

THEIRS = (
    "tf2onnx",
    "onnx",
    "models.tfjs.alternatives",
    "models.verify.alternatives",
    "app.benchmark.beyond.part",
)


@pytest.fixture
def folder(tmp_path, monkeypatch) -> Path:
    folder = tmp_path / "user" / "alternatives"
    monkeypatch.setattr(packages, "folder", lambda: folder)
    return folder


@pytest.fixture
def npm(monkeypatch) -> list[list[str]]:
    """npm and Node are stood in for: what they were asked, in order. The last writes the bundle."""
    asked: list[list[str]] = []

    def run(command, project, environment, needs) -> None:
        asked.append([Path(command[0]).name, *command[1:]])
        assert not (project / "node_modules").exists() and (project / ".npmrc").is_file()
        assert (project.parent / "src" / "timing.js").is_file() and "MB" in needs
        if "build.js" in command:
            out = Path(command[-1])
            out.mkdir()
            (out / "litert.js").write_text("script")
            (out / "version.json").write_text(json.dumps({"packages": {}}))

    monkeypatch.setattr(failures, "run", run)
    return asked


def python(target: Path) -> None:
    target.mkdir()


def test_setup_alternatives_installs_once_and_says_where(folder, npm, monkeypatch, capsys) -> None:
    locks: list[Path] = []
    monkeypatch.setattr(setup, "_pip", lambda lock, target, _: (locks.append(lock), python(target)))
    models = {"mnist": None, "broken": "tf2onnx cannot make it: it has no operation Roll."}
    monkeypatch.setattr(prepared, "names", lambda: list(models))
    monkeypatch.setattr(prepared, "prepare", models.__getitem__)
    assert setup.command.callback(what="alternatives") == 0
    assert capsys.readouterr().out.endswith(
        f"were installed in {folder}.\nmnist: the Benchmark page can run it.\n"
        "broken: tf2onnx cannot make it: it has no operation Roll.\n"
    )
    assert locks == [packages.LOCK] and "ci" in npm[0] and "--ignore-scripts" in npm[0]
    assert packages.missing() is None and packages.about() == {"packages": {}}
    assert setup.command.callback(what="alternatives") == 0
    assert len(npm) == 2, "what is installed already is not fetched again"
    assert f"are installed in {folder}.\n" in capsys.readouterr().out


def test_a_copy_that_a_server_sends_lies_beside_each_file(folder, npm) -> None:
    packages.install(python)
    assert gzip.decompress((folder / "dist" / "litert.js.gz").read_bytes()) == b"script"
    assert not (folder / "dist" / "version.json.gz").exists()


def test_a_failure_leaves_nothing(folder, npm) -> None:
    def fails(_: Path) -> None:
        raise setup.SetupError("tf2onnx could not be installed")

    with pytest.raises(setup.SetupError):
        packages.install(fails)
    assert list(folder.parent.iterdir()) == [] and npm == []


def test_other_versions_are_not_used_but_replaced(folder, npm) -> None:
    packages.install(python)
    (folder / "installed").write_text("of another lock")
    with pytest.raises(ModelError, match=r"other versions here: `digit-parity setup alternatives`"):
        packages.dist()
    assert packages.install(python) and packages.missing() is None


def test_what_is_missing_says_how_to_get_it(folder) -> None:
    for ask in (packages.dist, packages.about, packages.tf2onnx):
        with pytest.raises(
            ModelError, match="`digit-parity setup alternatives` fetches them, once"
        ):
            ask()


def test_nobody_else_imports_or_installs_them() -> None:
    code = (
        "import sys, models.verify.command, models.add.command, models.convert.command\n"
        "import models.runtimes.ask, app.benchmark.page, app.benchmark.beyond.endpoint\n"
        f"print([name for name in {THEIRS} if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert done.stdout.strip() == "[]", done.stderr
    for name in ("package.json", "package-lock.json"):
        text = (bundle.PACKAGE / name).read_text("utf-8")
        assert "litertjs" not in text and "onnxruntime" not in text
    every = [*bundle.ROOT.glob("requirements*.txt"), *bundle.ROOT.glob("requirements/*.txt")]
    assert not [each.name for each in every if "onnx" in each.read_text("utf-8")]


def test_both_locks_name_the_versions_that_are_meant() -> None:
    wanted = json.loads((packages.JAVASCRIPT / "package.json").read_text("utf-8"))["dependencies"]
    locked = json.loads((packages.JAVASCRIPT / "package-lock.json").read_text("utf-8"))["packages"]
    for name in ("@litertjs/core", "onnxruntime-web"):
        assert locked[f"node_modules/{name}"]["version"] == wanted[name]
    text = packages.LOCK.read_text("utf-8")
    named = (bundle.ROOT / "requirements" / "alternatives.in").read_text("utf-8").splitlines()
    assert [each for each in named if "==" in each and f"{each} " not in text] == []
