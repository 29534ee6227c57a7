"""A browser is found by its kind or its path, or it is said what to do."""

import sys
from pathlib import Path

import pytest

from models.errors import ModelError
from models.runtimes.browser import program
from models.runtimes.browser.program import KINDS, Program

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="paths are Linux's here")


@pytest.fixture(autouse=True)
def bare(monkeypatch, tmp_path):
    """A machine without a browser."""
    for kind in KINDS:
        monkeypatch.delenv(kind.upper(), raising=False)
    monkeypatch.setenv("PATH", str(tmp_path / "path"))
    monkeypatch.setattr(program, "_LIBRARIES", tmp_path / "lib")
    monkeypatch.setenv("PLAYWRIGHT_BROWSERS_PATH", str(tmp_path / "playwright"))


def made(path: Path) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("#!/bin/sh\n", "utf-8")
    path.chmod(0o755)
    return path


def test_the_newest_of_playwright_comes_before_the_machines(tmp_path):
    made(tmp_path / "path" / "chromium")
    made(tmp_path / "playwright" / "chromium-999" / "chrome-linux" / "chrome")
    new = made(tmp_path / "playwright" / "chromium-1200" / "chrome-linux64" / "chrome")
    assert program.find() == Program("chromium", new)


def test_without_playwright_it_is_the_machines(tmp_path):
    there = made(tmp_path / "path" / "firefox-esr")
    assert program.find("firefox") == Program("firefox", there)


def test_debian_keeps_webkits_beside_its_library(tmp_path):
    there = made(tmp_path / "lib" / "x86_64-linux-gnu" / "webkit2gtk-4.1" / "MiniBrowser")
    assert program.find("webkit") == Program("webkit", there)


def test_a_variable_names_it_first(tmp_path, monkeypatch):
    made(tmp_path / "path" / "chromium")
    mine = made(tmp_path / "my chrome")
    monkeypatch.setenv("CHROMIUM", str(mine))
    assert program.find("chromium").path == mine
    monkeypatch.setenv("CHROMIUM", str(tmp_path / "gone"))
    with pytest.raises(ModelError, match=r"CHROMIUM is .*gone, which is no program"):
        program.find("chromium")


@pytest.mark.parametrize(
    "name, kind",
    [
        ("firefox", "firefox"), ("Firefox Nightly", "firefox"), ("MiniBrowser", "webkit"),
        ("headless_shell", "chromium"), ("brave", "chromium"),
    ],
)  # fmt: skip
def test_a_path_names_any_and_its_name_says_what_it_is(tmp_path, name, kind):
    path = made(tmp_path / "elsewhere" / name)
    assert program.find(str(path)) == Program(kind, path)


@pytest.mark.parametrize("kind", KINDS)
def test_where_there_is_none_it_is_said_what_brings_one(kind):
    with pytest.raises(ModelError, match=f"There is no {kind} here: .*{kind.upper()}"):
        program.find(kind)


@pytest.mark.parametrize("wanted", ["safari", "", "/etc/passwd", ".", "chromium --flag"])
def test_what_is_no_program_is_refused(wanted):
    with pytest.raises(ModelError, match="is no browser"):
        program.find(wanted)


def test_a_file_that_cannot_be_run_is_not_taken(tmp_path):
    made(tmp_path / "playwright" / "chromium-1" / "chrome-linux" / "chrome").chmod(0o644)
    with pytest.raises(ModelError, match="There is no chromium"):
        program.find()
