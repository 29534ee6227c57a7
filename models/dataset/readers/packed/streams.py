"""Files that were compressed by gzip, bzip2 or xz, unpacked within bounds."""

from __future__ import annotations

import bz2
import gzip
import io
import lzma
from typing import IO, Any, cast

from models.dataset.collector import Collector
from models.dataset.limits import size
from models.dataset.readers.packed import archive
from models.errors import InputError

_GZIP, _BZIP2, _XZ = b"\x1f\x8b", b"BZh", b"\xfd7zXZ\0"
MAGIC = (_GZIP, _BZIP2, _XZ)
_SUFFIXES = {".tgz": ".tar", ".tbz2": ".tar", ".txz": ".tar", ".gz": "", ".bz2": "", ".xz": ""}


def inner_name(name: str) -> str:
    """The name of what was packed: ``a.csv`` of ``a.csv.gz``, ``a.tar`` of ``a.tgz``."""
    for suffix, inner in _SUFFIXES.items():
        if name.lower().endswith(suffix):
            return name[: -len(suffix)] + inner
    return name


def unpacked(content: bytes, collector: Collector) -> bytes:
    """What was compressed, which counts for what the file unpacks to. Raises InputError."""
    left = collector.limits.unpacked_bytes - collector.unpacked
    limit = min(collector.limits.file_bytes, left)
    kind = _kind(content)
    try:
        with _open(kind, content) as file:
            whole = archive.unpacked(cast(IO[bytes], file), limit)
    except MemoryError:
        raise
    except Exception as error:  # a decompressor fed with any bytes raises many errors
        raise InputError(
            f"It cannot be unpacked by {kind} ({error}). Download it again."
        ) from error
    collector.unpack(len(whole), "With it, the file")
    if len(whole) > limit:
        raise InputError(f"It unpacks to more than {size(limit)}, the most a file may have.")
    if whole.startswith(MAGIC):
        raise InputError(f"It was packed by {_kind(whole)} once more. Unpack it once.")
    return whole


def _kind(content: bytes) -> str:
    if content.startswith(_GZIP):
        return "gzip"
    return "bzip2" if content.startswith(_BZIP2) else "xz"


def _open(kind: str, content: bytes) -> Any:
    source = io.BytesIO(content)
    if kind == "gzip":
        return gzip.open(source)
    return bz2.open(source) if kind == "bzip2" else lzma.open(source, format=lzma.FORMAT_XZ)
