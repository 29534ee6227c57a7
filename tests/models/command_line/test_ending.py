"""Every way to end has an exit code, and those of results are used for nothing else."""

from __future__ import annotations

import errno
import os
import subprocess
import sys
from pathlib import Path

import click
import pytest

from models.command_line import ending
from models.command_line.verb import verb
from models.errors import InputError
from models.runtimes.process import os_calls
from tests.support import bare_system

ROOT = Path(__file__).resolve().parents[3]


def ends(error: BaseException | None, *arguments: str, **settings) -> int:
    """The exit code of a command that raises ``error``."""

    @verb(**settings)
    def command() -> int:
        if error is not None:
            raise error
        return 0

    return ending.run(lambda: command, "planted", arguments)


@pytest.mark.parametrize("code", [0, 1, 2])
def test_a_result_is_the_exit_code(code):
    @verb()
    def command() -> int:
        return code

    assert ending.run(lambda: command, "planted", []) == code


@pytest.mark.parametrize("error", [InputError("no digits"), FileNotFoundError("no digits")])
def test_an_error_that_a_user_can_fix_has_the_commands_exit_code_and_one_sentence(error, capsys):
    assert ends(error, failure=2, prefix="NOT COMPARED: ") == 2
    assert capsys.readouterr().err == "NOT COMPARED: no digits\n"


@pytest.mark.parametrize("error", [ZeroDivisionError("a\nb"), EOFError("a b"), MemoryError("a b")])
def test_an_unexpected_exception_is_no_result(error, capsys):
    assert ends(error, failure=2) == ending.FAULT == 70
    stderr = capsys.readouterr().err
    kind = type(error).__name__
    assert stderr.startswith(f"This is a fault of digit-parity ({kind}: a b); ")
    assert "--debug" in stderr and stderr.count("\n") == 1


@pytest.mark.parametrize("error", [ZeroDivisionError("here"), InputError("here")])
def test_debug_shows_where_it_comes_from(error, capsys):
    without, with_debug = ends(error), ends(error, "--debug")
    assert without == with_debug
    assert "Traceback" in capsys.readouterr().err


def test_a_command_that_cannot_be_imported_is_no_result(capsys):
    def load() -> click.Command:
        raise ImportError("half an installation")

    assert ending.run(load, "planted", []) == ending.FAULT
    assert "half an installation" in capsys.readouterr().err


def test_a_package_that_is_missing_is_said_to_be_and_no_fault(capsys):
    assert ends(ModuleNotFoundError("No module named 'rich.table'", name="rich.table")) == 70
    stderr = capsys.readouterr().err
    assert stderr.startswith("The package rich is not installed") and stderr.count("\n") == 1
    assert ends(ModuleNotFoundError("No module named 'models.x'", name="models.x")) == 70
    assert capsys.readouterr().err.startswith("This is a fault of digit-parity (ModuleNotFoundErr")


def test_ctrl_c_is_no_result(capsys):
    assert ends(KeyboardInterrupt()) == ending.INTERRUPTED == 130
    assert capsys.readouterr().err == "Interrupted.\n"


def test_a_usage_error_ends_with_2_and_says_how_to_get_help(capsys):
    assert ends(None, "--nonsense") == 2
    assert "planted --help" in capsys.readouterr().err


@pytest.mark.parametrize("module", ["verify", "bisect", "evaluate", "add", "convert", "train"])
def test_a_broken_installation_is_never_a_lane_that_differs(module, tmp_path):
    (tmp_path / "numpy.py").write_text("raise RuntimeError('half an installation')")
    done = subprocess.run(
        [sys.executable, "-m", f"models.{module}"],
        cwd=tmp_path,
        env=os.environ | {"PYTHONPATH": f"{tmp_path}{os.pathsep}{ROOT}"},
        capture_output=True,
        text=True,
    )
    assert done.returncode == ending.FAULT
    assert "RuntimeError: half an installation" in done.stderr
    assert "Traceback" not in done.stderr


PRINTING = """
import sys
from models.command_line import ending, verb

@verb.verb()
def command() -> int:
    print("a result ✗ 2 × 3")
    return 0

sys.exit(ending.run(lambda: command, "planted", []))
"""


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="this system has no /dev/full")
def test_output_that_a_full_disk_does_not_take_is_no_result(tmp_path):
    with Path("/dev/full").open("w") as full:
        done = subprocess.run(
            [sys.executable, "-c", PRINTING],
            cwd=tmp_path,
            env=os.environ | {"PYTHONPATH": str(ROOT)},
            stdout=full,
            stderr=subprocess.PIPE,
            text=True,
        )
    assert done.returncode == ending.FAULT
    assert done.stderr.startswith("The output could not be written (")
    assert done.stderr.count("\n") == 1


@pytest.mark.parametrize("arguments", [["--help"], ["--version"], ["verify", "none"]])
def test_a_closed_pipe_gives_no_traceback(arguments, tmp_path):
    """Like `| head -1`, with standard error in the same pipe."""
    reading, writing = os.pipe()
    os.close(reading)
    process = subprocess.Popen(
        [sys.executable, "-m", "models", *arguments],
        cwd=tmp_path,
        env=os.environ | {"PYTHONPATH": str(ROOT)},
        stdout=writing,
        stderr=subprocess.PIPE if arguments[0].startswith("-") else writing,
        text=True,
    )
    os.close(writing)
    _, stderr = process.communicate()
    assert process.returncode == ending.READER_LEFT == 141
    assert not stderr


@pytest.mark.parametrize("arguments", [["--help"], ["verify", "none"]])
def test_a_closed_pipe_gives_no_traceback_on_a_bare_system(arguments, tmp_path):
    reading, writing = os.pipe()
    os.close(reading)
    done = subprocess.run(
        [sys.executable, "-m", "models", *arguments],
        cwd=tmp_path,
        env=os.environ | {"PYTHONPATH": bare_system.path(tmp_path)},
        stdout=writing,
        stderr=subprocess.PIPE if arguments[0].startswith("-") else writing,
    )
    os.close(writing)
    assert done.returncode == ending.READER_LEFT
    assert not done.stderr


@pytest.mark.parametrize(("platform", "code"), [("win32", ending.READER_LEFT), ("linux", 1)])
def test_a_closed_pipe_of_windows_is_told_by_its_error(platform, code, monkeypatch):
    discarded = []
    monkeypatch.setattr(os_calls, "discard_output", lambda: discarded.append(True))
    monkeypatch.setattr(sys, "platform", platform)
    assert ends(OSError(errno.EINVAL, "Invalid argument")) == code
    assert len(discarded) == (platform == "win32")


def test_a_letter_that_the_output_lacks_ends_no_command(tmp_path):
    """As a pipe on Windows, whose 256 letters have a × and no ✗."""
    done = subprocess.run(
        [sys.executable, "-c", PRINTING],
        cwd=tmp_path,
        env=os.environ | {"PYTHONPATH": str(ROOT), "PYTHONIOENCODING": "cp1252"},
        capture_output=True,
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.decode("cp1252").strip() == r"a result \u2717 2 × 3"
