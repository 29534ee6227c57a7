"""A ZIP of a model is unpacked within bounds, and into its own folder alone."""

from __future__ import annotations

import stat
import warnings
import zipfile
from pathlib import Path

import pytest

from models.convert.intake import unpacking
from models.errors import ModelError
from models.formats import model_limits


def archive(path: Path, *members: str | zipfile.ZipInfo, content: bytes = b"x") -> Path:
    with warnings.catch_warnings(), zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as file:
        warnings.simplefilter("ignore")  # zipfile's own, of names that are there twice
        for member in members:
            file.writestr(member, content)
    return path


def refused(path: Path, words: str) -> None:
    with pytest.raises(ModelError, match=words) as error, unpacking.unpacked(path):
        pass
    assert str(error.value).startswith(f"{path} cannot be unpacked: it ")


def test_files_and_folders_are_there_until_the_block_ends(tmp_path: Path) -> None:
    names = ("a/b.bin", "c.json", "__MACOSX/._c.json", ".DS_Store", "a/._b.bin", "empty/")
    with unpacking.unpacked(archive(tmp_path / "m.zip", *names, content=b"seven")) as folder:
        there = sorted(each.relative_to(folder).as_posix() for each in folder.rglob("*"))
        assert there == ["a", "a/b.bin", "c.json"]
        assert (folder / "a" / "b.bin").read_bytes() == b"seven"
        assert list(folder.parent.iterdir()) == [folder]
    assert not folder.exists()


NAMES = ["../evil", "/etc/evil", "a/../../evil", "C:\\evil", "a\\evil", "a//b", "x" * 300, "a\nb"]


@pytest.mark.parametrize("name", NAMES)
def test_a_name_that_leads_elsewhere_is_refused(tmp_path: Path, name: str) -> None:
    refused(archive(tmp_path / "m.zip", name), "no name of a file|has .* in it")
    assert [each.name for each in tmp_path.iterdir()] == ["m.zip"]


@pytest.mark.parametrize("kind", [stat.S_IFLNK, stat.S_IFIFO, stat.S_IFCHR])
def test_a_link_or_a_device_is_refused(tmp_path: Path, kind: int) -> None:
    member = zipfile.ZipInfo("variables")
    member.external_attr = (kind | 0o777) << 16
    refused(archive(tmp_path / "m.zip", member, content=b"/etc"), "a link or a device")


def test_a_bomb_is_refused_before_it_is_unpacked(tmp_path: Path) -> None:
    path = archive(tmp_path / "m.zip", "weights.bin", content=bytes(30 << 20))
    refused(path, "of 31,457,280 bytes, packed into")


def test_more_than_a_model_may_have_is_refused(tmp_path: Path, monkeypatch) -> None:
    import numpy as np

    content = np.random.default_rng(1).bytes(3 << 19)
    path = archive(tmp_path / "m.zip", "a.bin", "b.bin", content=content)
    with unpacking.unpacked(path):
        pass
    monkeypatch.setenv(model_limits.SIZE.variable, "2")
    refused(path, "files of 3 MB; 2 MB is the most here")


def test_too_many_files_are_refused_before_the_list_is_read(tmp_path: Path) -> None:
    refused(archive(tmp_path / "m.zip", *map(str, range(1_001))), "1,001 files and folders")


def test_a_name_that_is_there_twice_is_refused(tmp_path: Path) -> None:
    refused(archive(tmp_path / "m.zip", "a.bin", "a.bin"), "'a.bin' twice")
    refused(archive(tmp_path / "n.zip", "a.bin", "A.BIN"), "twice")


def test_files_that_share_their_bytes_are_refused(tmp_path: Path) -> None:
    path = archive(tmp_path / "m.zip", "a.bin", "b.bin", content=b"same")
    content = path.read_bytes()
    second = content.rindex(b"PK\x01\x02")
    # The second line of the table says where its file begins: let it be the first's place.
    path.write_bytes(content[: second + 42] + bytes(4) + content[second + 46 :])
    refused(path, "share their bytes")


def test_an_unusual_packing_and_a_password_are_refused(tmp_path: Path) -> None:
    member = zipfile.ZipInfo("a.bin")
    member.compress_type = zipfile.ZIP_LZMA
    refused(archive(tmp_path / "m.zip", member), "packed in an unusual way")
    path = archive(tmp_path / "n.zip", "a.bin")
    content = bytearray(path.read_bytes())
    content[content.index(b"PK\x01\x02") + 8] |= 1
    path.write_bytes(content)
    refused(path, "which has a password")


def test_a_file_within_a_file_and_a_damaged_one_are_refused(tmp_path: Path) -> None:
    refused(archive(tmp_path / "m.zip", "a", "a/b"), "cannot be unpacked")
    path = archive(tmp_path / "n.zip", "a.bin", content=b"text" * 100)
    content = bytearray(path.read_bytes())
    content[40] ^= 0xFF
    path.write_bytes(content)
    refused(path, "cannot be unpacked")
    refused(archive(tmp_path / "o.zip"), "holds no files")
