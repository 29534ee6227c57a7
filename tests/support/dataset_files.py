"""Files to read in tests, made here: pictures, archives, arrays, tables."""

from __future__ import annotations

import gzip
import io
import struct
import tarfile
import zipfile
import zlib
from collections.abc import Mapping
from typing import Any

import numpy as np
import pyarrow.parquet
import scipy.io
from PIL import Image, ImageDraw


def digit_image(size: tuple[int, int] = (60, 60), ink: int = 0, paper: int = 255) -> Image.Image:
    """A 7 on plain paper."""
    image = Image.new("L", size, paper)
    width, height = size
    path = [(0.3, 0.2), (0.7, 0.2), (0.45, 0.8)]
    points = [(x * width, y * height) for x, y in path]
    ImageDraw.Draw(image).line(points, fill=ink, width=max(2, width // 12), joint="curve")
    return image


def picture(image: Image.Image | None = None, kind: str = "PNG", **options) -> bytes:
    file = io.BytesIO()
    (image or digit_image()).save(file, kind, **options)
    return file.getvalue()


def zipped(members: Mapping[str, bytes], compression: int = zipfile.ZIP_DEFLATED) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", compression) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return file.getvalue()


def tarred(members: Mapping[str, bytes]) -> bytes:
    file = io.BytesIO()
    with tarfile.TarFile(fileobj=file, mode="w") as archive:
        for name, content in members.items():
            info = tarfile.TarInfo(name)
            info.size = len(content)
            archive.addfile(info, io.BytesIO(content))
    return file.getvalue()


def parquet(columns: Mapping[str, Any]) -> bytes:
    file = io.BytesIO()
    pyarrow.parquet.write_table(pyarrow.table(columns), file)
    return file.getvalue()


def arrow(columns: Mapping[str, Any]) -> bytes:
    """Arrow's own file, which is Feather, too."""
    table, file = pyarrow.table(columns), io.BytesIO()
    with pyarrow.ipc.new_file(file, table.schema) as writer:
        writer.write_table(table)
    return file.getvalue()


def mat(**arrays: Any) -> bytes:
    """A MATLAB file of version 7."""
    file = io.BytesIO()
    scipy.io.savemat(file, arrays, do_compression=True)
    return file.getvalue()


def idx(values: np.ndarray, *, gz: bool = False) -> bytes:
    header = bytes((0, 0, 8, values.ndim)) + struct.pack(f">{values.ndim}I", *values.shape)
    content = header + values.astype(np.uint8).tobytes()
    return gzip.compress(content) if gz else content


def npz(**arrays: np.ndarray) -> bytes:
    file = io.BytesIO()
    np.savez_compressed(file, **arrays)
    return file.getvalue()


def digits(count: int = 10, seed: int = 0) -> np.ndarray:
    """(n, 28, 28) uint8 of noise: for the readers that take pixels as they are."""
    return np.random.default_rng(seed).integers(0, 256, (count, 28, 28), np.uint8)


def encrypted_zip() -> bytes:
    """A ZIP whose member says that it is encrypted; there is nothing to decrypt behind it."""
    content = bytearray(zipped({"7/a.png": picture()}))
    for magic, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        content[content.index(magic) + offset] |= 1
    return bytes(content)


def flat_png(width: int, height: int) -> bytes:
    """A PNG of one colour with transparency, 4 bytes a pixel when it is decoded."""
    packer, row = zlib.compressobj(9), bytes(4 * width + 1)
    rows = b"".join([*(packer.compress(row) for _ in range(height)), packer.flush()])

    def chunk(kind: bytes, body: bytes) -> bytes:
        check = struct.pack(">I", zlib.crc32(kind + body))
        return struct.pack(">I", len(body)) + kind + body + check

    header = struct.pack(">IIBBBBB", width, height, 8, 6, 0, 0, 0)
    parts = (chunk(b"IHDR", header), chunk(b"IDAT", rows), chunk(b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(parts)


def overlapping_zip(member: bytes, times: int) -> bytes:
    """A ZIP whose table of contents names the same bytes again and again."""
    one = zipped({"7/a.png": member})
    start, end = one.find(b"PK\x01\x02"), one.find(b"PK\x05\x06")
    entries = one[start:end] * times
    tail = struct.pack("<HHHHIIH", 0, 0, times, times, len(entries), start, 0)
    return one[:start] + entries + b"PK\x05\x06" + tail
