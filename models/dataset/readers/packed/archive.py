"""ZIP files, read in memory member by member: nothing is unpacked to disk, no name is trusted."""

from __future__ import annotations

import gzip
import io
import zipfile
from collections.abc import Callable, Iterable
from functools import partial
from pathlib import PurePosixPath
from typing import IO, NamedTuple

from models.dataset.collector import Collector
from models.dataset.limits import size
from models.errors import InputError

HEAD = 1024
_BLOCK = 1 << 18
_LOCAL_HEADER = 30  # bytes before each member, and its name
_ENTRY = b"PK\x01\x02"  # begins each line of a ZIP's table of contents
_LITTER = ("__MACOSX", ".DS_Store", "Thumbs.db", "desktop.ini")

Reader = Callable[[str, bytes, Collector], None]
"""Reads one member; raises InputError."""

Refusal = Callable[[str, bytes], str | None]
"""From a member's name and first bytes: why not to unpack it, or None."""


def is_litter(path: PurePosixPath) -> bool:
    """Whether an operating system left the file there; such files are skipped silently."""
    return any(part in _LITTER or part.startswith("._") for part in path.parts)


def check_entries(content: bytes, most: int) -> None:
    """Raise InputError if a ZIP's table of contents is longer than ``most``.

    Call it before ``zipfile``, which makes an object of each entry, whatever the ZIP announces.
    """
    if (count := content.count(_ENTRY)) > most:
        raise InputError(f"As a ZIP it holds {count:,} files and folders; at most {most:,} may be.")


def check_layout(archive: zipfile.ZipFile, length: int) -> None:
    """Raise InputError if members of an archive of ``length`` bytes lie in each other.

    Such a ZIP holds the same bytes again and again, as many pictures as it likes.
    """
    members = archive.infolist()
    packed = sum(_LOCAL_HEADER + info.compress_size for info in members)
    if packed > length or len({info.header_offset for info in members}) < len(members):
        raise InputError("Files in this ZIP share their bytes, so it is damaged. Pack it again.")


def check_packing(info: zipfile.ZipInfo) -> None:
    """Raise InputError for a method whose unpacking Python does not stop at the announced size."""
    if info.compress_type in (zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA):
        raise InputError(
            "It is packed by BZIP2 or LZMA. Pack the ZIP by the usual method, deflate."
        )


class Member(NamedTuple):
    """A file in an archive: its name, and what gives its bytes or raises InputError."""

    name: str
    load: Callable[[], bytes]


def read(name: str, content: bytes, collector: Collector, reader: Reader, refusal: Refusal) -> None:
    """Give each member to ``reader``; one that cannot be read is skipped, with a reason.

    Raises InputError when the ZIP itself cannot be read.
    """
    limits = collector.limits
    check_entries(content, limits.files + limits.images)  # macOS adds a file to each picture
    try:
        archive = zipfile.ZipFile(io.BytesIO(content))
        infos = [info for info in archive.infolist() if not info.is_dir()]
    except MemoryError:
        raise
    except Exception as error:  # zipfile fed with any bytes raises any error
        raise InputError(f"This ZIP is damaged ({error}). Pack it again.") from error
    with archive:
        check_layout(archive, len(content))
        members = [
            Member(info.filename, partial(_load, archive, info, collector, refusal))
            for info in infos
        ]
        read_members(name, "ZIP", members, collector, reader)


def read_members(
    name: str, kind: str, members: Iterable[Member], collector: Collector, reader: Reader
) -> None:
    """Give each file of an archive to ``reader``, in the order of their names, until the set is
    full. Raises InputError for none, and for too many.
    """
    wanted = [each for each in members if not is_litter(PurePosixPath(each.name))]
    if not wanted:
        raise InputError(f"This {kind} holds no files.")
    if len(wanted) > collector.limits.files:
        raise InputError(
            f"This {kind} holds {len(wanted):,} files; at most {collector.limits.files:,} may."
        )
    for member in sorted(wanted, key=lambda each: each.name):
        full_name = f"{name}/{member.name}"
        if collector.full:
            collector.skip(
                full_name,
                f"The set is full: this file and those after it were left out. {collector.holds}",
            )
            return
        try:
            content = member.load()
            with collector.once(content):
                reader(full_name, content, collector)
        except Exception as error:  # one file must not end the others
            collector.fail(full_name, error)


def check_name(name: str, kind: str) -> None:
    """Raise InputError for a name of none, or one that leads out of the archive."""
    path = PurePosixPath(name.replace("\\", "/"))
    if not path.parts:
        raise InputError("It has no name. Expected a plain path.")
    if path.is_absolute() or ".." in path.parts or ":" in path.parts[0]:
        raise InputError(f"Its name leads out of the {kind}. Expected a plain path, without `..`.")


def _load(
    archive: zipfile.ZipFile, info: zipfile.ZipInfo, collector: Collector, refusal: Refusal
) -> bytes:
    check_name(info.filename, "ZIP")
    if info.flag_bits & 1:
        raise InputError("It is encrypted. Pack the ZIP without a password.")
    check_packing(info)
    limit = collector.limits.file_bytes
    if info.file_size > limit:
        raise InputError(
            f"It unpacks to {size(info.file_size)}; a file may have at most {size(limit)}."
        )
    try:
        with archive.open(info) as file:
            head = file.read(HEAD)
            why = refusal(info.filename, head)
            if why:
                raise InputError(why)
            collector.unpack(info.file_size, "With it, the ZIP")
            return unpacked(file, info.file_size, head)
    except (InputError, MemoryError):
        raise
    except Exception as error:  # as above
        raise InputError(f"It is damaged inside the ZIP ({error}). Pack it again.") from error


def unpacked(file: IO[bytes] | gzip.GzipFile, most: int, head: bytes = b"") -> bytes:
    """``head`` and what is left of a file, in all ``most`` bytes or a few more; never twice in
    memory, as a long ``read`` would have it.
    """
    whole = io.BytesIO()
    whole.write(head)
    while whole.tell() <= most and (block := file.read(_BLOCK)):
        whole.write(block)
    return whole.getvalue()
