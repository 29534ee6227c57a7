"""TAR files, read in memory member by member. Links are not followed, and nothing but plain files
is read.

The headers are read by hand: Python's module believes what they announce, and on some never ends.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from models.dataset.collector import Collector
from models.dataset.readers.packed import archive
from models.dataset.readers.packed.archive import Member, Reader, Refusal
from models.errors import InputError

_BLOCK = 512
_LONGEST_NAME = 1 << 16  # bytes
_PATH = re.compile(rb"(?:^|\n)\d+ path=([^\n]*)\n")
_PLAIN, _FOLDER, _LONG_NAME, _PAX = (b"0", b"\0", b"7"), b"5", b"L", b"x"
_IGNORED = (b"g", b"K", b"V", _FOLDER)
_NOT_READ = {
    b"1": "It is a link. Pack the file itself (tar --dereference).",
    b"2": "It is a link. Pack the file itself (tar --dereference).",
    b"S": "It is a sparse file. Pack it without --sparse.",
}


@dataclass(frozen=True)
class _Entry:
    name: str
    kind: bytes
    start: int
    length: int


def looks_like_one(head: bytes) -> bool:
    """Whether a TAR begins with these 512 bytes."""
    return head[257:262] == b"ustar" or (len(head) >= _BLOCK and _sum(head) == _number(head, 148))


def read(name: str, content: bytes, collector: Collector, reader: Reader, refusal: Refusal) -> None:
    """Give each file in a TAR to ``reader``; one that cannot be read is skipped, with a reason.

    Raises InputError when the TAR itself cannot be read.
    """
    members, most = list[Member](), collector.limits.files + collector.limits.images
    for entry in _entries(content):
        if len(members) == most:
            raise InputError(f"This TAR holds more than {most:,} files.")
        members.append(_member(entry, content, refusal))
    archive.read_members(name, "TAR", members, collector, reader)


def _member(entry: _Entry, content: bytes, refusal: Refusal) -> Member:
    def load() -> bytes:
        archive.check_name(entry.name, "TAR")
        if entry.kind not in _PLAIN:
            raise InputError(_NOT_READ.get(entry.kind, "It is a device, or no file at all."))
        data = content[entry.start : entry.start + entry.length]
        if len(data) < entry.length:
            raise InputError("The TAR breaks off inside it. Download or pack it again.")
        if why := refusal(entry.name, data[: archive.HEAD]):
            raise InputError(why)
        return data

    return Member(entry.name, load)


def _entries(content: bytes) -> Iterator[_Entry]:
    """What a TAR holds but folders. Raises InputError for a damaged header."""
    at, long_name = 0, b""
    while at + _BLOCK <= len(content):
        header = content[at : at + _BLOCK]
        if not any(header):
            return
        length = _number(header, 124, 12)
        if length < 0 or _sum(header) != _number(header, 148):
            raise InputError("This TAR is damaged. Download or pack it again.")
        kind, start = header[156:157], at + _BLOCK
        at = start + -(-length // _BLOCK) * _BLOCK
        if kind == _LONG_NAME:
            long_name = content[start : start + min(length, _LONGEST_NAME)].rstrip(b"\0")
        elif kind == _PAX:
            found = _PATH.search(content[start : start + min(length, _LONGEST_NAME)])
            long_name = found[1] if found else b""
        else:
            if kind not in _IGNORED:
                yield _Entry(_name(header, long_name), kind, start, length)
            long_name = b""


def _name(header: bytes, long_name: bytes) -> str:
    name, _, _ = header[:100].partition(b"\0")
    if header[257:263] == b"ustar\0":
        prefix, _, _ = header[345:500].partition(b"\0")
        name = prefix + b"/" + name if prefix else name
    return (long_name or name).decode("utf-8", "replace").removeprefix("./")


def _number(header: bytes, at: int, length: int = 8) -> int:
    """An octal number; -1 for what is none. Beyond 8 GiB it would be written otherwise."""
    text = header[at : at + length].strip(b"\0 ")
    if text.strip(b"01234567"):
        return -1
    return int(text or b"0", 8)


def _sum(header: bytes) -> int:
    """The sum of a header's bytes, its own place taken as blanks."""
    return sum(header[:148]) + 8 * ord(" ") + sum(header[156:_BLOCK])
