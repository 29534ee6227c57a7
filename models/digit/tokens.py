"""Bytes as text in a link: letters, numbers, ``-`` and ``_``, which a URL does not escape.

A token is base64url of a version byte, a CRC-32 (big-endian) of what follows, and the content as a
raw DEFLATE stream (RFC 1951).
"""

from __future__ import annotations

import base64
import binascii
import zlib

_VERSION = b"\x01"
_CRC_BYTES = 4
# DEFLATE without zlib's checksum, which covers the content. Different streams can hold the same
# content, and any change to a link must be detected, so our checksum covers the stream itself.
_RAW = -15


def pack(content: bytes) -> str:
    """The content as a token."""
    compressor = zlib.compressobj(9, zlib.DEFLATED, _RAW, 9)
    compressed = compressor.compress(content) + compressor.flush()
    return _base64url(_VERSION + _checksum(compressed) + compressed)


def unpack(token: str, most: int) -> bytes | None:
    """The content, or None for any text but the one that ``pack`` gives, and for more than ``most``
    bytes: no more than that are inflated, whatever the token holds.
    """
    try:
        raw = base64.b64decode(token + "=" * (-len(token) % 4), altchars=b"-_", validate=True)
    except (ValueError, binascii.Error):
        return None
    head, compressed = raw[: 1 + _CRC_BYTES], raw[1 + _CRC_BYTES :]
    if _base64url(raw) != token or head != _VERSION + _checksum(compressed):
        return None
    decompressor = zlib.decompressobj(_RAW)
    try:
        content = decompressor.decompress(compressed, most + 1)
    except zlib.error:
        return None
    complete = decompressor.eof and not decompressor.unused_data and len(content) <= most
    return content if complete else None


def _base64url(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode("ascii")


def _checksum(compressed: bytes) -> bytes:
    return zlib.crc32(compressed).to_bytes(_CRC_BYTES, "big")
