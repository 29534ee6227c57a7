"""Choose a file's reader by its first bytes or, where those do not tell, by its name."""

from __future__ import annotations

import gzip
import io
from pathlib import Path, PurePosixPath

from models.dataset.collector import Collector
from models.dataset.limits import size
from models.dataset.readers import (
    archive,
    csv_lines,
    idx,
    label_table,
    pictures,
    unipen,
)
from models.dataset.readers.saved import npz
from models.dataset.readers.tables import csv_table
from models.errors import InputError

EXPECTED = (
    "Expected pictures (PNG, JPEG, WebP, BMP, GIF, TIFF), a ZIP of them, a CSV of 784 pixels a "
    "line, MNIST's IDX files, an .npz of images, a UNIPEN file, or a labels.csv beside pictures."
)
_HDF5 = b"\x89HDF\r\n\x1a\n"
_NPY = b"\x93NUMPY"
_GZIP = b"\x1f\x8b"
_ZIP = (b"PK\x03\x04", b"PK\x05\x06")
_TABLES = (".csv", ".tsv", ".txt")


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
    if whole.startswith(_ZIP) and _suffix(name) != ".npz":
        archive.read(name, whole, collector, _member, _refusal_inside)
    else:
        _leaf(name, whole, collector)


def _member(name: str, content: bytes, collector: Collector) -> None:
    """One file out of a ZIP."""
    if not content:
        raise InputError(_EMPTY)
    _leaf(name, content, collector)


def _leaf(name: str, content: bytes, collector: Collector) -> None:
    head, suffix = content[: archive.HEAD], _suffix(name)
    if head.startswith(_GZIP):
        _leaf(name.removesuffix(".gz"), _gunzip(content, collector), collector)
    elif pictures.looks_like_one(head) or suffix in pictures.SUFFIXES:
        pictures.read(name, content, collector)
    elif collector.options.only:
        return
    elif suffix == ".npz":
        npz.read(name, content, collector)
    elif head.startswith(_NPY) or suffix == ".npy":
        npz.read_npy(name, content, collector)
    elif idx.looks_like_one(PurePosixPath(name).name, head):
        idx.read(name, content, collector)
    elif unipen.looks_like_one(head) or suffix == ".unipen":
        unipen.read(name, content, collector)
    elif label_table.looks_like_one(content):
        label_table.read(name, content, collector)
    else:
        csv_table.read(name, content, collector)


_EMPTY = "It is empty (0 bytes). Expected a picture or a file of images."


def refusal(name: str, head: bytes) -> str | None:
    """Why no reader takes a file with these first bytes; None if one may."""
    suffix = _suffix(name)
    if not head:
        return _EMPTY
    if head.startswith(_HDF5) or suffix in (".h5", ".hdf5", ".keras"):
        return (
            "It is a model (or another HDF5 file), not a set of images. "
            "To convert a model, use the command line: digit-parity convert --help."
        )
    known = (
        head.startswith((*_ZIP, _GZIP, _NPY))
        or pictures.looks_like_one(head)
        or suffix in (*pictures.SUFFIXES, *_TABLES, ".npz", ".npy", ".unipen")
        or idx.looks_like_one(PurePosixPath(name).name, head)
        or unipen.looks_like_one(head)
        or head[:1].isdigit()
        or head.startswith(csv_lines.UTF_16)
    )
    return None if known else f"This kind of file cannot be read. {EXPECTED}"


def _refusal_inside(name: str, head: bytes) -> str | None:
    if head.startswith(_ZIP) and _suffix(name) != ".npz":
        return "It is a ZIP inside a ZIP. Unpack it first, and send it by itself."
    return refusal(name, head) if head else None


def _gunzip(content: bytes, collector: Collector) -> bytes:
    left = collector.limits.unpacked_bytes - collector.unpacked
    limit = min(collector.limits.file_bytes, left)
    try:
        with gzip.open(io.BytesIO(content)) as file:
            unpacked = archive.unpacked(file, limit)
    except MemoryError:
        raise
    except Exception as error:  # gzip and zlib fed with any bytes raise many errors
        raise InputError(f"It cannot be unpacked by gzip ({error}). Download it again.") from error
    collector.unpack(len(unpacked), "With it, the file")
    if len(unpacked) > limit:
        raise InputError(f"It unpacks to more than {size(limit)}, the most a file may have.")
    if unpacked.startswith(_GZIP):
        raise InputError("It was packed by gzip twice. Unpack it once.")
    if why := refusal("", unpacked[: archive.HEAD]):
        raise InputError(why)
    return unpacked


def _suffix(name: str) -> str:
    return PurePosixPath(name).suffix.lower()
