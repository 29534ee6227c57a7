"""The dashboard takes the place of the command, or a sentence says why it cannot."""

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
    """The processes that took this one's place, and the folders they began in."""
    monkeypatch.chdir(tmp_path)
    found = []
    monkeypatch.setattr(os, "execv", lambda _, command: found.append((command, Path.cwd())))
    return found


def test_it_starts_this_checkouts_app_with_what_is_given(started):
    start("--port", "8502", "--address", "127.0.0.1", "--", "--server.headless", "true")
    ((command, folder),) = started
    assert command == [
        *(sys.executable, "-m", "streamlit", "run", "streamlit_app.py"),
        *("--server.port", "8502", "--server.address", "127.0.0.1"),
        *("--server.headless", "true"),
    ]
    assert folder == serve.ROOT and (serve.ROOT / "streamlit_app.py").is_file()


def test_it_leaves_to_streamlit_what_is_not_given(started):
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


def test_a_port_that_is_none_is_not_understood(started):
    assert start("--port", "99999") == 2 and not started
