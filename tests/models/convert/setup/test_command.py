"""``digit-parity setup`` installs the converter once, all or nothing."""

from __future__ import annotations

import importlib.util
import re
import sys
from pathlib import Path

import pytest

from models.convert.setup import command as setup
from models.storage import locations


@pytest.fixture
def folder(tmp_path, monkeypatch) -> Path:
    """Where it installs, in an environment that has no converter."""
    folder = tmp_path / "user" / "converter"
    monkeypatch.setattr(locations, "converter", lambda: folder)
    real = importlib.util.find_spec
    hidden = {setup.PACKAGE}
    monkeypatch.setattr(
        importlib.util, "find_spec", lambda name: None if name in hidden else real(name)
    )
    return folder


def installer(tmp_path: Path, body: str) -> list[str]:
    """A stand-in for pip. ``target`` in its body is the folder that it was given."""
    script = tmp_path / "installer.py"
    head = "import pathlib, sys\ntarget = pathlib.Path(sys.argv[sys.argv.index('--target') + 1])\n"
    script.write_text(head + body, "utf-8")
    return [sys.executable, str(script)]


def installs(version: str) -> str:
    metadata = f"Metadata-Version: 2.1\\nName: tensorflowjs\\nVersion: {version}\\n"
    return (
        "(target / 'tensorflowjs').mkdir(parents=True)\n"
        f"info = target / 'tensorflowjs-{version}.dist-info'\n"
        "info.mkdir()\n"
        f"(info / 'METADATA').write_text('{metadata}')\n"
    )


LOCKED = re.findall(r"^tensorflowjs==(\S+)", setup.LOCK.read_text("utf-8"), re.MULTILINE)[0]
INSTALLS = installs(LOCKED)


def run() -> int:
    return setup.command.callback(what="converter")  # type: ignore[no-any-return,misc]


def test_it_installs_what_is_locked_into_the_users_folder(folder, tmp_path, monkeypatch, capsys):
    checks = (
        "assert '--require-hashes' in sys.argv and '--no-deps' in sys.argv\n"
        "lock = pathlib.Path(sys.argv[sys.argv.index('--requirement') + 1])\n"
        "assert 'tensorflowjs==' in lock.read_text()\n"
    )
    monkeypatch.setattr(setup, "_installer", lambda: installer(tmp_path, checks + INSTALLS))
    assert run() == 0
    assert (folder / "tensorflowjs").is_dir()
    assert capsys.readouterr().out == f"The converter was installed in {folder}.\n"
    monkeypatch.setattr(setup, "_installer", lambda: pytest.fail("it is installed already"))
    assert run() == 0


def test_a_failure_leaves_nothing_and_says_what_to_do(folder, tmp_path, monkeypatch):
    fails = INSTALLS + "print('some noise\\nNo matching distribution')\nsys.exit(1)\n"
    monkeypatch.setattr(setup, "_installer", lambda: installer(tmp_path, fails))
    with pytest.raises(setup.SetupError, match=r"No matching distribution\. .*digit-parity setup"):
        run()
    assert list(folder.parent.iterdir()) == []
    monkeypatch.setattr(setup, "_installer", lambda: installer(tmp_path, INSTALLS))
    assert run() == 0


def test_half_a_converter_and_another_version_are_replaced(folder, tmp_path, monkeypatch):
    (folder / "tensorflowjs").mkdir(parents=True)  # without metadata: an installation cut off
    for version in ("4.0.0", LOCKED):
        command = installer(tmp_path, installs(version))
        monkeypatch.setattr(setup, "_installer", lambda command=command: command)
        assert run() == 0
        names = [each.name for each in folder.glob("*.dist-info")]
        assert names == [f"tensorflowjs-{version}.dist-info"]
    assert setup.is_current(folder)


def test_a_folder_that_cannot_be_written_is_named(folder):
    folder.parent.parent.mkdir(exist_ok=True)
    folder.parent.write_text("a file, where a folder should be")
    with pytest.raises(setup.SetupError, match=rf"cannot be written to {folder}"):
        run()


def test_an_environment_that_has_the_converter_needs_nothing(capsys):
    assert run() == 0
    assert capsys.readouterr().out == "The converter is installed in this environment.\n"


@pytest.mark.parametrize("uv", ["/somewhere/uv", None])
def test_without_pip_it_is_uv_or_a_sentence(uv, monkeypatch):
    monkeypatch.setattr(importlib.util, "find_spec", lambda _name: None)
    monkeypatch.setattr(setup.shutil, "which", lambda _name: uv)
    if uv:
        assert setup._installer()[:3] == [uv, "pip", "install"]
    else:
        with pytest.raises(setup.SetupError, match="-m ensurepip` installs pip"):
            setup._installer()
