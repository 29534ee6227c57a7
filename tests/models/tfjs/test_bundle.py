"""npm installs only what is needed, and only once; what fails is said, and changes nothing."""

from __future__ import annotations

import errno
import shutil
import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import pytest

from models.tfjs import built, bundle, failures


@pytest.fixture
def ran(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The commands that are run, in a package with an empty node_modules."""
    commands: list[str] = []

    def run(command: Sequence[str], *_others: object) -> None:
        commands.append(" ".join(command))

    package(tmp_path, monkeypatch)
    monkeypatch.setattr(failures, "run", run)
    return commands


def package(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (folder / "node_modules").mkdir()
    for name in ("package.json", "package-lock.json", ".npmrc", "build.js", "licences.js"):
        (folder / name).write_text("{}")
    monkeypatch.setattr(bundle, "PACKAGE", folder)


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


class Fakes:
    """npm and Node: each is the Python script that its attribute has."""

    npm = "open('node_modules/esbuild.js', 'w')"
    node = "open(sys.argv[2] + '/version.json', 'w')"

    def command(self, name: str) -> list[str]:
        return [sys.executable, "-c", f"import os, sys\n{getattr(self, name)}"]


@pytest.fixture
def fakes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Fakes:
    fakes = Fakes()
    package(tmp_path, monkeypatch)
    monkeypatch.setattr(bundle, "npm", lambda: fakes.command("npm"))
    run = failures.run

    def run_node(command: Sequence[str], *others: object) -> None:
        run([*fakes.command("node"), *command[1:]] if "build.js" in command else command, *others)

    monkeypatch.setattr(failures, "run", run_node)
    return fakes


def says(text: str) -> str:
    return f"sys.stderr.write({text!r}); sys.exit(1)"


NPM = "open('node_modules/half', 'w')\n"
OFFLINE = NPM + says(
    "npm error code ENOTFOUND\nnpm error syscall getaddrinfo\n"
    "npm error network request to https://registry.invalid/x failed, reason: getaddrinfo x\n"
    "npm error     at ClientRequest.emit (node:events:524:28)\n"
)
REFUSED = NPM + says(
    "npm error code E403\nnpm error 403 403 Forbidden - GET https://registry.invalid/x - no\n"
)
FULL = NPM + says("npm error code ENOSPC\nnpm error nospc ENOSPC: no space left on device, write\n")
FULL_BUT_0 = NPM + (
    "sys.stderr.write('npm warn tar TAR_ENTRY_ERROR ENOSPC: no space left on device, write\\n')"
)
CERTIFICATE = NPM + says("npm error code SELF_SIGNED_CERT_IN_CHAIN\nnpm error x\n")
FAILURES = [
    (
        "npm",
        OFFLINE,
        "npm cannot fetch its packages (request to https://registry.invalid/x",
    ),
    ("npm", REFUSED, "npm cannot fetch its packages (403 Forbidden - GET https"),
    ("npm", CERTIFICATE, "npm cannot fetch its packages (SELF_SIGNED_CERT_IN_CHAIN)"),
    ("npm", FULL, "No space is left on the disk: 200 MB in "),
    ("npm", FULL_BUT_0, "No space is left on the disk: 200 MB in "),
    ("node", says("Error: ENOSPC: no space left on device, write\n    at x\n"), "No space is left"),
    ("node", says("failed to write: no space left on device\n"), "No space is left on the disk"),
]


@pytest.mark.parametrize(("tool", "script", "sentence"), FAILURES)
def test_what_is_wrong_with_disk_or_network_is_one_sentence_and_the_next_try_works(
    fakes: Fakes, capsys: pytest.CaptureFixture[str], tool: str, script: str, sentence: str
) -> None:
    setattr(fakes, tool, script)
    assert bundle.main([]) == 1
    said = capsys.readouterr().err
    assert said.startswith(sentence) and said.count("\n") == 1
    assert not list(bundle.PACKAGE.glob(".making-*"))
    delattr(fakes, tool)
    assert bundle.main([]) == 0
    assert (bundle.PACKAGE / "node_modules" / "esbuild.js").is_file()
    assert not (bundle.PACKAGE / "node_modules" / "half").exists()
    assert (bundle.PACKAGE / "dist" / "version.json").is_file()
    capsys.readouterr()
    assert bundle.main([]) == 0
    assert capsys.readouterr().out == "", "nothing is left to do"


@pytest.mark.parametrize("tool", ["npm", "node"])
def test_a_step_that_fails_leaves_what_was_there(fakes: Fakes, tool: str) -> None:
    assert bundle.main([]) == 0
    setattr(fakes, tool, OFFLINE if tool == "npm" else says("broken\n"))
    (bundle.PACKAGE / "package-lock.json").write_text('{"packages": {}}')
    assert bundle.main([]) == 1
    assert (bundle.PACKAGE / "node_modules" / "esbuild.js").is_file()
    assert (bundle.PACKAGE / "dist" / "version.json").is_file()


def test_a_step_that_was_cut_off_is_done_again(fakes: Fakes, monkeypatch: pytest.MonkeyPatch):
    def cut_off(_command: Sequence[str], folder: Path, *_others: object) -> None:
        (folder / "node_modules" / "half").touch()
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(failures, "run", cut_off)
        assert bundle.main([]) == 130
    assert not list((bundle.PACKAGE / "node_modules").iterdir())
    assert bundle.main([]) == 0
    assert (bundle.PACKAGE / "node_modules" / "esbuild.js").is_file()


def test_half_of_a_folder_without_a_stamp_is_replaced(fakes: Fakes) -> None:
    for name in ("node_modules", "dist"):
        (bundle.PACKAGE / name).mkdir(exist_ok=True)
        (bundle.PACKAGE / name / "half").touch()
    assert bundle.main([]) == 0
    assert not list(bundle.PACKAGE.glob("*/half"))


def test_make_run_goes_on_where_npm_cannot_be_reached_and_says_with_what(
    fakes: Fakes, capsys: pytest.CaptureFixture[str]
) -> None:
    fakes.npm = OFFLINE
    assert bundle.main(["--or-without"]) == 0
    assert "The app starts without the browser's lanes" in capsys.readouterr().err
    del fakes.npm
    assert bundle.main(["--or-without"]) == 0
    fakes.npm = OFFLINE
    (bundle.PACKAGE / "package-lock.json").write_text('{"packages": {}}')
    assert bundle.main(["--or-without"]) == 0
    assert "The app starts with the TensorFlow.js that was" in capsys.readouterr().err


def test_make_run_stops_at_a_full_disk(fakes: Fakes) -> None:
    fakes.npm = FULL
    assert bundle.main(["--or-without"]) == 1


@pytest.mark.parametrize(
    ("number", "sentence"),
    [
        (errno.ENOSPC, "No space is left on the disk: 200 MB in "),
        (errno.EROFS, "[Errno 30] Read"),
    ],
)
def test_a_folder_that_cannot_be_written_is_one_sentence(
    fakes: Fakes,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    number: int,
    sentence: str,
) -> None:
    def refuse(*_arguments: object) -> None:
        raise OSError(number, "Read-only file system", "models/tfjs/dist")

    monkeypatch.setattr(bundle.shutil, "copyfile", refuse)
    assert bundle.main([]) == 1
    said = capsys.readouterr().err
    assert said.startswith(sentence) and said.count("\n") == 1


def test_of_a_success_only_esbuilds_warnings_are_passed_on(
    fakes: Fakes, capsys: pytest.CaptureFixture[str]
) -> None:
    fakes.npm += "; sys.stderr.write('npm warn deprecated inflight@1.0.6\\n')"
    fakes.node += "; sys.stderr.write('esbuild warns\\n')"
    assert bundle.main([]) == 0
    assert capsys.readouterr().err == "esbuild warns\n"


def test_an_unknown_failure_is_passed_on_with_the_command(
    fakes: Fakes, capsys: pytest.CaptureFixture[str]
) -> None:
    fakes.npm = says("npm error code EUSAGE\nnpm error the lock file is out of date\n")
    assert bundle.main(["--or-without"]) == 1
    said = capsys.readouterr().err
    assert "the lock file is out of date" in said
    assert "failed in" in said and "exit code 1" in said


def test_a_tool_that_does_not_start_is_named(tmp_path: Path) -> None:
    with pytest.raises(failures.BundleError, match="npm ci` does not start"):
        failures.run([str(tmp_path / "npm"), "ci"], tmp_path, {}, "1 MB")


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


def test_what_is_bundled_comes_with_its_licences_and_notices() -> None:
    scripts = [path for path in built.DIST.rglob("*") if path.suffix in {".js", ".mjs"}]
    assert len(scripts) >= 7
    for script in scripts:
        notices = script.with_name(f"{script.name}.LEGAL.txt").read_text("utf-8")
        assert "Copyright" in notices
    licences = (built.DIST / "LICENSES.txt").read_text("utf-8")
    for package in ("@tensorflow/tfjs-core", "@tensorflow/tfjs-backend-wasm", "long", "seedrandom"):
        assert f"\n{package} " in f"\n{licences}"
    assert "TERMS AND CONDITIONS FOR USE" in licences  # Apache-2.0
    assert "David Bau" in licences and "Permission is hereby granted" in licences  # seedrandom
