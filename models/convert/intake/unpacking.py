"""Unpacks a ZIP of a model into a temporary folder. Nothing in it is trusted: no name, no size."""

from __future__ import annotations

import contextlib
import mmap
import shutil
import stat
import tempfile
import zipfile
from collections.abc import Iterator
from pathlib import Path, PurePosixPath

from models.errors import ModelError
from models.formats import model_limits
from models.formats.architecture import reader
from models.storage import plain_files
from models.storage.plain_files import shown

_MOST = 1_000  # files and folders; a model of 1 GB has 256 shards
_ENTRY = b"PK\x01\x02"  # begins each line of a ZIP's table of contents
_LOCAL_HEADER = 30  # bytes before each member, and its name
_RATIO, _FREE = 100, 1 << 20  # of a member's bytes to what it takes in the archive
_LITTER = ("__MACOSX", ".DS_Store", "Thumbs.db", "desktop.ini")  # of operating systems
_METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)


@contextlib.contextmanager
def unpacked(path: Path) -> Iterator[Path]:
    """A temporary folder with what is in the ZIP at ``path``, until the block ends.

    Raises ModelError for what leads elsewhere, is no plain file, or unpacks to more than a model
    may have: all are looked at before one is unpacked.
    """
    with tempfile.TemporaryDirectory(prefix="digit-parity-") as temporary:
        # A folder of its own within: what lies beside a model is looked at, too. The model is
        # called by its name.
        folder = Path(temporary).resolve() / path.stem
        folder.mkdir()
        try:
            _unpack(path, folder)
        except reader.UNREADABLE as error:
            why = getattr(error, "strerror", None) or plain_files.line(error).rstrip(".")
            raise ModelError(f"{path} cannot be unpacked: it {why}.") from error
        yield folder


def is_of_keras(path: Path) -> bool:
    """Whether a ZIP is a model as Keras saves it, a .keras, which nobody has to unpack."""
    if _entries(path) > _MOST:
        return False
    try:
        with zipfile.ZipFile(path) as archive:
            return {"config.json", "model.weights.h5"} <= set(archive.namelist())
    except reader.UNREADABLE:
        return False


def _unpack(path: Path, folder: Path) -> None:
    if (count := _entries(path)) > _MOST:
        raise ValueError(f"has {count:,} files and folders; {_MOST:,} are the most")
    with zipfile.ZipFile(path) as archive:
        members = _members(archive, path.stat().st_size)
        for name, member in members.items():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            with archive.open(member) as source, (folder / name).open("xb") as target:
                shutil.copyfileobj(source, target)  # zipfile stops at the size that it says


def _entries(path: Path) -> int:
    """How many lines the table of contents has at most, before zipfile makes objects of them."""
    count = at = 0
    with path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as content:
        while count <= _MOST and (at := content.find(_ENTRY, at) + 1):
            count += 1
    return count


def _members(archive: zipfile.ZipFile, size: int) -> dict[str, zipfile.ZipInfo]:
    """What is unpacked, by its path; folders come with their files."""
    found = {
        each.filename: each
        for each in archive.infolist()
        if not each.is_dir() and not _is_litter(each.filename)
    }
    for each in found.values():
        _check(each)
    if not found:
        raise ValueError("holds no files")
    names = [each.filename for each in archive.infolist() if each.filename in found]
    if (double := plain_files.twice(names)) is not None:
        raise ValueError(f"has {shown(double)} twice")
    packed = sum(_LOCAL_HEADER + each.compress_size for each in found.values())
    if packed > size or len({each.header_offset for each in found.values()}) < len(found):
        raise ValueError("has files that share their bytes, so it is damaged: pack it again")
    model_limits.check_size(sum(each.file_size for each in found.values()))
    return found


def _check(member: zipfile.ZipInfo) -> None:
    name = shown(member.filename)
    if why := plain_files.wrong_path(member.filename):
        raise ValueError(f"has {name} in it, which is no name of a file: {why}")
    if stat.S_IFMT(member.external_attr >> 16) not in (0, stat.S_IFREG):
        raise ValueError(f"has {name} in it, a link or a device: pack the files themselves")
    if member.flag_bits & 1:
        raise ValueError(f"has {name} in it, which has a password: pack it without one")
    if member.compress_type not in _METHODS:
        raise ValueError(
            f"has {name} in it, which is packed in an unusual way: pack it by the usual one, "
            "deflate"
        )
    if member.file_size > _RATIO * member.compress_size + _FREE:
        raise ValueError(
            f"has {name} in it of {member.file_size:,} bytes, packed into "
            f"{member.compress_size:,}: that is no model"
        )


def _is_litter(name: str) -> bool:
    return any(part in _LITTER or part.startswith("._") for part in PurePosixPath(name).parts)
