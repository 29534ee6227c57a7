"""Where an HDF5 file keeps its texts, looked through before HDF5 reads one of them.

HDF5 goes round for ever, taking memory, in a heap whose rest says that it has no size.
"""

from __future__ import annotations

from typing import Any

_HEAP = b"GCOL\x01\0\0\0"  # eight bytes follow with its size, then its texts
_HEADER = 16  # bytes of a heap's, and of each text's: its number in two, its size in the last eight


def longest(content: Any) -> int:
    """The size of the largest heap, which no text is longer than. Raises ValueError, in words, for
    a heap that is damaged. ``content`` is the file's bytes, or a map of them.
    """
    at, most = content.find(_HEAP), 0
    while at >= 0:
        size = int.from_bytes(content[at + 8 : at + _HEADER], "little")
        if at + size <= len(content):
            most = max(most, size)
            _check(content, at + _HEADER, at + size)
        at = content.find(_HEAP, at + 1)
    return most


def _check(content: Any, at: int, end: int) -> None:
    while at + _HEADER <= end:
        size = int.from_bytes(content[at + 8 : at + _HEADER], "little")
        if content[at : at + 2] == b"\0\0":  # the rest, its header included
            if size < _HEADER:
                raise ValueError("its texts are damaged; save or send it again")
            return
        at += _HEADER + -(-size // 8) * 8
