"""Kinds of pictures that are read, by their first bytes and their suffixes."""

from __future__ import annotations

import re
from pathlib import Path

from models.errors import InputError

FORMATS = ("PNG", "JPEG", "WEBP", "BMP", "GIF", "TIFF", "PPM", "AVIF")
"""By Pillow's names."""
SUFFIXES = frozenset({".png", ".jpg", ".jpeg", ".jfif", ".webp", ".bmp", ".gif", ".tif", ".tiff"})
SUFFIXES |= {".pgm", ".ppm", ".pbm", ".pnm", ".avif", ".heic", ".heif"}
_MAGIC = (b"\x89PNG", b"\xff\xd8\xff", b"BM", b"GIF8", b"II*\0", b"MM\0*", b"II+\0", b"MM\0+")
_AVIF = (b"avif", b"avis")
_HEIC = (b"heic", b"heix", b"hevc", b"heim", b"heis", b"mif1", b"msf1")
_NUMBER = rb"(?:\s|#[^\r\n]*[\r\n])+\d{1,10}"
_PNM = re.compile(rb"P(?:[14](?:%b){2}|[2356](?:%b){3})\s" % (_NUMBER, _NUMBER))
_HEAD = 512  # bytes: Pillow reads comments of PNM byte by byte, however long they are


def looks_like_one(head: bytes) -> bool:
    """Whether these first bytes begin a picture."""
    return (
        head.startswith(_MAGIC)
        or (head[:4] == b"RIFF" and head[8:12] == b"WEBP")
        or (head[4:8] == b"ftyp" and head[8:12] in (*_AVIF, *_HEIC))
        or bool(_PNM.match(head[:_HEAD]))
    )


def formats(content: bytes | Path) -> tuple[str, ...]:
    """The kinds that a picture may be of. Raises InputError for an iPhone's HEIC where the package
    that decodes it is missing.
    """
    head = first_bytes(content)
    if head[:1] == b"P" and not _PNM.match(head):
        return tuple(each for each in FORMATS if each != "PPM")
    if head[4:8] != b"ftyp" or head[8:12] not in _HEIC:
        return FORMATS
    try:
        import pillow_heif
    except ImportError as error:
        raise InputError(
            "It is a HEIC picture, which is read once its decoder is installed: "
            '`pip install "digit-parity[heic]"`. Or save it as JPEG; an iPhone does under '
            "Settings, Camera, Formats, Most Compatible."
        ) from error
    pillow_heif.register_heif_opener(thumbnails=False)
    return (*FORMATS, "HEIF")


def first_bytes(content: bytes | Path) -> bytes:
    """Those that tell a picture's kind."""
    if isinstance(content, bytes):
        return content[:_HEAD]
    with content.open("rb") as file:
        return file.read(_HEAD)
