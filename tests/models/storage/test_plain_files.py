"""What is no plain file in its folder is not opened, and a pipe keeps nobody waiting."""

from __future__ import annotations

import os
import socket
import sys
from pathlib import Path

import pytest

from models.storage import plain_files


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "folder" / "inner").mkdir(parents=True)
    for name in ("a", "inner/b"):
        (tmp_path / "folder" / name).write_bytes(b"12")
    (tmp_path / "secret").write_text("a file of the operator's")
    return tmp_path / "folder"


@pytest.mark.parametrize("name", ["a", "inner/b"])
def test_a_plain_file_in_the_folder_is_found(folder: Path, name: str) -> None:
    assert plain_files.inside(folder, name) == folder / name
    assert plain_files.plain(folder / name) == 2


def test_the_folder_itself_may_be_reached_through_a_link(folder: Path) -> None:
    (folder.parent / "link").symlink_to(folder)
    assert plain_files.inside(folder.parent / "link", "a").read_bytes() == b"12"


NAMES = [
    *("", "/etc/passwd", "../secret", "inner/../../secret", "inner//b", "./a", "inner/", "."),
    *("a\0", "a\n", "\x1b[2Ja", "a" * 256, "ä" * 128, r"..\secret", "C:secret", r"\\host\secret"),
]


@pytest.mark.parametrize("name", NAMES)
def test_a_name_that_leads_elsewhere_or_is_none_is_refused(folder: Path, name: str) -> None:
    with pytest.raises(ValueError, match="is no name of a file beside it") as refused:
        plain_files.inside(folder, name)
    assert str(refused.value).isprintable()


@pytest.mark.parametrize("name", [None, 7, ["a"], {}])
def test_what_is_no_text_is_no_name(name: object) -> None:
    assert plain_files.wrong_path(name) and plain_files.wrong_name(name)


def test_a_separator_is_no_part_of_a_name_beside() -> None:
    assert plain_files.wrong_name("inner/b") == "it has a separator"
    assert plain_files.wrong_name("b") is None


def link(folder: Path) -> None:
    (folder / "x").symlink_to(folder.parent / "secret")


def dead_link(folder: Path) -> None:
    (folder / "x").symlink_to(folder / "nothing")


def link_inside(folder: Path) -> None:
    (folder / "x").symlink_to(folder / "a")


def directory(folder: Path) -> None:
    (folder / "x").mkdir()


def pipe(folder: Path) -> None:
    os.mkfifo(folder / "x")


def listening(folder: Path) -> None:
    with socket.socket(socket.AF_UNIX) as server:
        os.chdir(folder)  # a path of a socket has 108 bytes at most
        server.bind("x")


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no pipes and sockets in folders")
@pytest.mark.parametrize(
    "make, words",
    [
        (link, "is a link"),
        (dead_link, "is a link"),
        (link_inside, "is a link"),
        (directory, "a folder"),
        (pipe, "a pipe"),
        (listening, "a socket"),
    ],
)
def test_what_is_no_plain_file_is_refused(folder, make, words, monkeypatch) -> None:
    monkeypatch.chdir(folder)
    make(folder)
    with pytest.raises(ValueError, match=f"'x' (is no plain file, but )?{words}"):
        plain_files.inside(folder, "x")


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such devices")
def test_a_device_or_a_pipe_that_is_given_is_not_read() -> None:
    with pytest.raises(ValueError, match="is no plain file, but a device"):
        plain_files.read(Path("/dev/zero"), 10)


def test_a_folder_on_the_way_that_is_a_link_is_refused(folder: Path) -> None:
    (folder / "x").symlink_to(folder.parent)
    with pytest.raises(ValueError, match="'x/secret' is a link"):
        plain_files.inside(folder, "x/secret")


def test_a_file_is_read_up_to_a_limit(folder: Path) -> None:
    assert plain_files.read(folder / "a", 2) == b"12"
    with pytest.raises(ValueError, match="'a' is longer than"):
        plain_files.read(folder / "a", 1)


def test_names_that_a_disk_may_take_for_one_are_there_twice() -> None:
    assert plain_files.twice(["a", "b", "A"]) == "A"
    assert plain_files.twice(["a", "b"]) is None


@pytest.mark.parametrize("text", ["\x1b[31mred", "a\nb", "\ud800", "x" * 500, 10**400, None])
def test_what_is_shown_is_short_and_moves_no_terminal(text: object) -> None:
    shown = plain_files.shown(text)
    assert shown.isprintable() and len(shown) <= 61
