"""A folder is replaced whole, whoever else writes it and whatever goes wrong."""

from __future__ import annotations

import errno
from pathlib import Path

import pytest

from models.storage.whole_folder import whole_folder


def content(folder: Path) -> dict[str, str]:
    return {path.name: path.read_text() for path in folder.iterdir()}


@pytest.fixture
def target(tmp_path: Path) -> Path:
    folder = tmp_path / "there" / "target"
    folder.mkdir(parents=True)
    (folder / "old").write_text("old")
    return folder


def test_the_new_folder_takes_the_old_ones_place_and_nothing_is_left_beside_it(target: Path):
    with whole_folder(target) as new:
        (new / "new").write_text("new")
        assert content(target) == {"old": "old"}
    assert content(target) == {"new": "new"}
    assert list(target.parent.iterdir()) == [target]


def test_a_first_folder_is_made_with_the_folders_above_it(tmp_path: Path):
    with whole_folder(tmp_path / "a" / "b") as new:
        (new / "new").write_text("new")
    assert content(tmp_path / "a" / "b") == {"new": "new"}


@pytest.mark.parametrize("error", [OSError(errno.ENOSPC, "full"), KeyboardInterrupt()])
def test_what_fails_or_is_cut_off_changes_nothing(target: Path, error: BaseException):
    with pytest.raises(type(error)), whole_folder(target) as new:
        (new / "new").write_text("new")
        raise error
    assert content(target) == {"old": "old"}
    assert list(target.parent.iterdir()) == [target]


def test_an_interruption_of_the_exchange_keeps_the_old_folder(
    target: Path, monkeypatch: pytest.MonkeyPatch
):
    rename = Path.rename

    def interrupted(path: Path, to: Path) -> Path:
        if to == target and path.parent.name.startswith(".making-") and path.name == target.name:
            raise KeyboardInterrupt
        return rename(path, to)

    monkeypatch.setattr(Path, "rename", interrupted)
    with pytest.raises(KeyboardInterrupt), whole_folder(target) as new:
        (new / "new").write_text("new")
    assert content(target) == {"old": "old"}


def test_another_process_may_put_its_own_there_at_any_time(
    target: Path, monkeypatch: pytest.MonkeyPatch
):
    rename = Path.rename
    others = iter(range(2))

    def and_another(path: Path, to: Path) -> Path:
        renamed = rename(path, to)
        if path == target and next(others, None) is not None:
            target.mkdir()
            (target / "other").write_text("other")
        return renamed

    monkeypatch.setattr(Path, "rename", and_another)
    with whole_folder(target) as new:
        (new / "new").write_text("new")
    assert content(target) == {"new": "new"}
    assert next(others, None) is None
