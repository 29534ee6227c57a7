"""The dashboard replaces the command's process, or a sentence says why it cannot."""

from __future__ import annotations

import importlib.util
import os
import sys
from pathlib import Path

import pytest

from models.command_line import ending, serve


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


def test_without_a_checkout_it_says_so(started, monkeypatch, tmp_path, capsys):
    monkeypatch.setattr(serve, "ROOT", tmp_path)
    assert start() == 1 and not started
    assert "streamlit_app.py is missing" in capsys.readouterr().err


def test_without_streamlit_it_says_so(started, monkeypatch, capsys):
    monkeypatch.setattr(importlib.util, "find_spec", lambda _: None)
    assert start() == 1 and not started
    assert "Streamlit is not installed" in capsys.readouterr().err


def test_an_invalid_port_is_a_usage_error(started):
    assert start("--port", "99999") == 2 and not started
