"""npm installs only what is needed, and only once; a tool's complaint is passed on."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import pytest

from models.tfjs import bundle


@pytest.fixture
def ran(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The commands that are run, in a package with an empty node_modules."""
    commands: list[str] = []
    (tmp_path / "node_modules").mkdir()
    for name in ("package.json", "package-lock.json"):
        (tmp_path / name).write_text("{}")

    def run(command: Sequence[str]) -> None:
        commands.append(" ".join(command))

    monkeypatch.setattr(bundle, "PACKAGE", tmp_path)
    monkeypatch.setattr(bundle, "_run", run)
    return commands


def test_a_server_installs_what_bundles_and_a_check_installs_the_rest(ran: list[str]) -> None:
    assert [bundle.install(), bundle.install()] == [True, False]
    assert [bundle.install(tools=True), bundle.install(tools=True)] == [True, False]
    assert not bundle.install(), "what bundles is among what checks"
    assert [command.endswith("--omit=dev") for command in ran] == [True, False]


def test_a_changed_lock_file_is_installed_again(ran: list[str]) -> None:
    bundle.install(tools=True)
    (bundle.PACKAGE / "package-lock.json").write_text('{"packages": {}}')
    assert bundle.install(tools=True)
    assert len(ran) == 2


def test_a_tools_complaint_is_passed_on_with_its_name(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for step in ("install", "build"):
        monkeypatch.setattr(bundle, step, lambda **_options: False)
    monkeypatch.setattr(bundle, "node", lambda: Path(sys.executable))  # no tsc runs in that
    assert bundle.main(["--check"]) == 1
    assert "typescript/bin/tsc" in capsys.readouterr().err
    assert bundle.main(["--fix"]) == 1
    assert "biome check --write" in capsys.readouterr().err


WINDOWS_NODE = {"node": r"C:\nodejs\node.EXE", "npm.cmd": r"C:\nodejs\npm.CMD"}


@pytest.fixture
def installed(monkeypatch: pytest.MonkeyPatch) -> Iterator[dict[str, str]]:
    """The programs that this machine has of its own, by the name that is asked for.

    On Windows a folder has a script ``npm`` for other shells, too, which it cannot start.
    """
    programs: dict[str, str] = {}
    monkeypatch.setattr(shutil, "which", programs.get)
    monkeypatch.setattr(bundle, "_version", lambda _path: bundle.OLDEST_NODE)
    monkeypatch.setattr(bundle, "_wheel", lambda: Path("wheel"))
    bundle.node.cache_clear()
    yield programs
    bundle.node.cache_clear()


@pytest.mark.parametrize(
    ("platform", "own", "node", "npm"),
    [
        (
            "linux",
            {},
            "wheel/bin/node",
            ["wheel/bin/node", "wheel/lib/node_modules/npm/bin/npm-cli.js"],
        ),
        (
            "win32",
            {},
            "wheel/node.exe",
            ["wheel/node.exe", "wheel/lib/node_modules/npm/bin/npm-cli.js"],
        ),
        ("linux", {"node": "/a//node", "npm": "/a/npm"}, "/a/node", ["/a/npm"]),
        ("win32", {**WINDOWS_NODE, "npm": "npm"}, WINDOWS_NODE["node"], [WINDOWS_NODE["npm.cmd"]]),
    ],
)
def test_node_and_npm_are_found_where_a_system_has_them(
    installed: dict[str, str],
    monkeypatch: pytest.MonkeyPatch,
    platform: str,
    own: Mapping[str, str],
    node: str,
    npm: Sequence[str],
) -> None:
    monkeypatch.setattr(sys, "platform", platform)
    installed.update(own)
    assert str(bundle.node()) == node
    assert bundle.npm() == npm


def test_the_package_has_node_where_it_is_looked_for() -> None:
    wheel = bundle._wheel()
    assert wheel is not None and bundle._node_in(wheel).is_file()
    assert bundle._version(str(bundle._node_in(wheel))) >= bundle.OLDEST_NODE
