"""A terminal shows tables and progress; a pipe receives plain lines."""

from __future__ import annotations

import io
import logging
import os
import pty
import re
import subprocess
import sys
from pathlib import Path

import pytest

from models.command_line import output

ROOT = Path(__file__).resolve().parents[3]
_LEVEL = "TF_CPP_MIN_LOG_LEVEL"
LONG = "a line that is longer than eighty columns " * 4


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def table():
    return output.grid("layer", "max", rows=[["conv1", "1.00e-07"]])


def shown(columns: int, monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.setenv("COLUMNS", str(columns))
    file = Terminal()
    output.show(LONG, table, file=file)
    return file.getvalue()


def test_a_terminal_is_shown_the_table(monkeypatch):
    text = shown(80, monkeypatch)
    assert "layer" in text and "1.00e-07" in text and LONG not in text


def test_a_terminal_that_is_too_narrow_is_shown_plain_lines(monkeypatch):
    assert shown(12, monkeypatch) == f"{LONG}\n"


@pytest.mark.parametrize("variables", [{}, {"FORCE_COLOR": "1"}, {"TTY_COMPATIBLE": "1"}])
def test_a_pipe_receives_plain_lines_that_are_not_wrapped(variables, monkeypatch):
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    file = io.StringIO()
    output.show(LONG, table, file=file)
    assert file.getvalue() == f"{LONG}\n"


def test_progress_shows_what_the_library_logs_and_restores_the_log(monkeypatch):
    monkeypatch.setattr(sys, "stderr", terminal := Terminal())
    log = logging.getLogger("models")
    before = log.level, log.propagate, list(log.handlers)
    with output.progress("Reading the digits"):
        logging.getLogger("models.planted").info("graph [uint8]: %s digits", 512)
    assert (log.level, log.propagate, log.handlers) == before
    assert "graph [uint8]: 512 digits" in terminal.getvalue()


def test_progress_restores_the_log_when_the_work_fails(monkeypatch):
    monkeypatch.setattr(sys, "stderr", Terminal())
    handlers = list(logging.getLogger("models").handlers)
    with pytest.raises(ZeroDivisionError), output.progress("Reading"):
        raise ZeroDivisionError
    assert logging.getLogger("models").handlers == handlers


def test_there_is_no_progress_in_a_file(monkeypatch):
    monkeypatch.setattr(sys, "stderr", file := io.StringIO())
    with output.progress("Reading the digits"):
        logging.getLogger("models.planted").info("graph")
    assert file.getvalue() == ""


def _all_of(terminal: int) -> str:
    """The output to a terminal until nobody has it open."""
    parts = []
    try:
        while part := os.read(terminal, 1 << 16):
            parts.append(part)
    except OSError:  # on Linux, the end
        pass
    finally:
        os.close(terminal)
    return b"".join(parts).decode("utf-8", "replace")


def test_progress_on_a_terminal_does_not_change_a_pipe(small_model, tmp_path):
    arguments = ["verify", str(small_model), "--runtime", "tensorflow"]
    arguments += ["--data", str(ROOT / "models" / "mnist" / "examples.npz")]
    # Commands that ran in this process have set it; it enables TensorFlow's own messages.
    environment = {name: each for name, each in os.environ.items() if name != _LEVEL}
    ours, theirs = pty.openpty()
    process = subprocess.Popen(
        [sys.executable, "-m", "models", *arguments],
        cwd=tmp_path,
        env=environment | {"PYTHONPATH": str(ROOT), "TERM": "xterm", "COLUMNS": "100"},
        stdout=subprocess.PIPE,
        stderr=theirs,
        text=True,
    )
    os.close(theirs)
    seen = _all_of(ours)
    stdout, _ = process.communicate()
    assert process.returncode == 0
    assert "graph @ tensorflow" in seen and re.search(r"\d:\d\d:\d\d", seen)
    assert re.search(r"^graph @ tensorflow +100.00% .* passed$", stdout, re.MULTILINE)
    assert "\x1b" not in stdout
