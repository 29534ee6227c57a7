"""Choose a file's reader by its first bytes or, where those do not tell, by its name."""

from __future__ import annotations

from pathlib import Path, PurePosixPath

from models.dataset.collector import Collector
from models.dataset.limits import size
from models.dataset.readers import (
    csv_lines,
    idx,
    kinds,
    label_list,
    label_table,
    pictures,
    unipen,
    unread,
)
from models.dataset.readers.columnar import reader as columnar
from models.dataset.readers.packed import archive, streams, tar
from models.dataset.readers.saved import mat, npz
from models.dataset.readers.tables import bits, csv_table, sparse
from models.errors import InputError

_NPY = b"\x93NUMPY"
_ZIP = (b"PK\x03\x04", b"PK\x05\x06")
_EMPTY = "It is empty (0 bytes). Expected a picture or a file of images."
_NESTED = "It is an archive inside an archive. Unpack it first, and send it by itself."


def read(name: str, content: bytes | Path, collector: Collector) -> None:
    """Add the digits of one file to the dataset; if it cannot be read, add the reason."""
    collector.unpacked = 0
    try:
        _read(name, content, collector)
    except Exception as error:  # one file must not end the others
        collector.fail(name, error)


def _read(name: str, content: bytes | Path, collector: Collector) -> None:
    try:
        length = len(content) if isinstance(content, bytes) else content.stat().st_size
        if length > collector.limits.file_bytes:
            raise InputError(
                f"It has {size(length)}; a file may have at most "
                f"{size(collector.limits.file_bytes)}."
            )
        whole = content if isinstance(content, bytes) else content.read_bytes()
    except OSError as error:
        raise InputError(f"It cannot be opened ({error.strerror}).") from error
    if why := refusal(name, whole[: archive.HEAD]):
        raise InputError(why)
    if whole.startswith(streams.MAGIC):
        name, whole = _decompressed(name, whole, collector)
    if whole.startswith(_ZIP) and _suffix(name) != ".npz":
        archive.read(name, whole, collector, _member, _refusal_inside)
    elif _is_tar(name, whole):
        tar.read(name, whole, collector, _member, _refusal_inside)
    else:
        _leaf(name, whole, collector)


def _member(name: str, content: bytes, collector: Collector) -> None:
    """One file out of an archive."""
    if not content:
        raise InputError(_EMPTY)
    if content.startswith(streams.MAGIC):
        name, content = _decompressed(name, content, collector)
        if why := _refusal_inside(name, content[: archive.HEAD]):
            raise InputError(why)
    _leaf(name, content, collector)


def _leaf(name: str, content: bytes, collector: Collector) -> None:
    head, suffix = content[: archive.HEAD], _suffix(name)
    if pictures.looks_like_one(head) or suffix in pictures.SUFFIXES:
        pictures.read(name, content, collector)
    elif collector.options.only:
        return
    elif suffix == ".npz":
        npz.read(name, content, collector)
    elif head.startswith(_NPY) or suffix == ".npy":
        npz.read_npy(name, content, collector)
    elif columnar.looks_like_one(head):
        columnar.read(name, content, collector)
    elif mat.looks_like_one(head) or suffix == ".mat":
        mat.read(name, content, collector)
    elif idx.looks_like_one(PurePosixPath(name).name, head):
        idx.read(name, content, collector)
    elif unipen.looks_like_one(head) or suffix == ".unipen":
        unipen.read(name, content, collector)
    else:
        _text(name, content, collector)


def _text(name: str, content: bytes, collector: Collector) -> None:
    head = content[: archive.HEAD]
    if label_table.looks_like_one(content):
        label_table.read(name, content, collector)
    elif label_list.looks_like_one(name, content):
        label_list.read(name, content, collector)
    elif bits.looks_like_one(head):
        bits.read(name, content, collector)
    elif sparse.looks_like_one(head):
        sparse.read(name, content, collector)
    else:
        csv_table.read(name, content, collector)


def refusal(name: str, head: bytes) -> str | None:
    """Why no reader takes a file with these first bytes; None if one may."""
    suffix = _suffix(name)
    if not head:
        return _EMPTY
    if pictures.looks_like_one(head) or suffix in pictures.SUFFIXES:
        return None
    if why := unread.sentence(suffix, head):
        return why
    known = (
        head.startswith((*_ZIP, *streams.MAGIC, _NPY))
        or _is_tar(name, head)
        or columnar.looks_like_one(head)
        or mat.looks_like_one(head)
        or suffix in (*kinds.TABLES, *kinds.ARRAYS, *kinds.LISTS)
        or idx.looks_like_one(PurePosixPath(name).name, head)
        or unipen.looks_like_one(head)
        or head.lstrip()[:1].isdigit()
        or sparse.looks_like_one(head)
        or head.startswith(csv_lines.UTF_16)
    )
    return None if known else f"This kind of file cannot be read. {kinds.EXPECTED}"


def _refusal_inside(name: str, head: bytes) -> str | None:
    if not head:
        return None
    is_archive = (head.startswith(_ZIP) and _suffix(name) != ".npz") or _is_tar(name, head)
    return refusal(name, head) or (_NESTED if is_archive else None)


def _decompressed(name: str, content: bytes, collector: Collector) -> tuple[str, bytes]:
    """The name and the bytes of what was compressed. Raises InputError for what is not read."""
    inner = streams.inner_name(name)
    whole = streams.unpacked(content, collector)
    if why := refusal(inner, whole[: archive.HEAD]):
        raise InputError(why)
    return inner, whole


def _is_tar(name: str, head: bytes) -> bool:
    return tar.looks_like_one(head) or _suffix(name) == ".tar"


def _suffix(name: str) -> str:
    return PurePosixPath(name).suffix.lower()
