"""The dashboard replaces the command's process, or a sentence says why it cannot."""

from __future__ import annotations

import importlib.util
import os
import subprocess
import sys
from pathlib import Path

import pytest

from app.session import usable_models
from models.command_line import ending, serve
from models.formats import store


def start(*arguments: str) -> int:
    return ending.run(lambda: serve.command, "digit-parity serve", arguments)


@pytest.fixture
def started(monkeypatch, tmp_path):
    """The commands that replaced this process, and their working folders."""
    monkeypatch.chdir(tmp_path)
    commands = []
    monkeypatch.setattr(os, "execv", lambda _, command: commands.append((command, Path.cwd())))
    return commands


def test_it_starts_this_checkouts_app_with_what_is_given(started):
    start("--port", "8502", "--address", "127.0.0.1", "--", "--server.headless", "true")
    ((command, folder),) = started
    assert command == [
        *(sys.executable, "-m", "streamlit", "run", "streamlit_app.py"),
        *("--server.port", "8502", "--server.address", "127.0.0.1"),
        *("--server.headless", "true"),
    ]
    assert folder == serve.ROOT and (serve.ROOT / "streamlit_app.py").is_file()


def test_it_passes_no_options_that_are_not_given(started):
    start()
    assert started[0][0][-1] == "streamlit_app.py"


def test_a_folder_of_models_is_relative_to_where_the_command_runs(started, monkeypatch, tmp_path):
    monkeypatch.setenv(store.VARIABLE, "mine")
    start()
    assert serve.MODELS == store.VARIABLE
    assert serve.DEFAULT == usable_models.ORDER
    assert os.environ[store.VARIABLE] == str(tmp_path / "mine")


def test_without_the_server_it_says_so(started, monkeypatch, tmp_path, capsys):
    monkeypatch.setattr(serve, "ROOT", tmp_path)
    assert start() == 1 and not started
    assert "streamlit_app.py is missing" in capsys.readouterr().err


def test_without_streamlit_it_says_so(started, monkeypatch, capsys):
    monkeypatch.setattr(importlib.util, "find_spec", lambda _: None)
    assert start() == 1 and not started
    assert f"The package streamlit is not installed for {sys.executable}" in capsys.readouterr().err


def test_an_invalid_port_is_a_usage_error(started):
    assert start("--port", "99999") == 2 and not started


@pytest.fixture
def on_windows(monkeypatch, started):
    """Windows, whose ``execv`` would return to the shell at once."""
    monkeypatch.setattr(sys, "platform", "win32")
    yield
    assert not started


def test_on_windows_the_command_waits_and_passes_the_servers_code_on(
    on_windows, monkeypatch, tmp_path
):
    monkeypatch.setattr(serve, "ROOT", tmp_path)
    (tmp_path / "streamlit_app.py").touch()
    record = "import pathlib, sys\npathlib.Path('seen').write_text(' '.join(sys.argv[1:]))\n"
    (tmp_path / "streamlit.py").write_text(f"{record}sys.exit(7)")
    assert start("--port", "8502") == 7
    assert (tmp_path / "seen").read_text() == "run streamlit_app.py --server.port 8502"


def test_on_windows_ctrl_c_waits_for_the_server_to_end(on_windows, monkeypatch):
    class Server:
        """It ends after two impatient people."""

        left = 2

        def __init__(self, _command): ...
        def __enter__(self):
            return self

        def __exit__(self, *_):
            assert self.left == 0

        def wait(self):
            if self.left:
                self.left -= 1
                raise KeyboardInterrupt
            return 3

    monkeypatch.setattr(subprocess, "Popen", Server)
    assert start() == 3
