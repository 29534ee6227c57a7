"""Protobuf's wire format: what a message's fields hold, and nothing of what they mean.

A few dozen lines read it, where TensorFlow takes seconds to import.
"""

from __future__ import annotations

from collections.abc import Iterator

VARINT, FIXED64, BYTES, FIXED32 = 0, 1, 2, 5  # protobuf's wire types
_SIZES = {FIXED64: 8, FIXED32: 4}

Value = int | bytes  # a varint's number, or the bytes of another field


def within(content: bytes, *numbers: int) -> Iterator[bytes]:
    """The contents of all fields that lie at these numbers, one within the other."""
    first, *others = numbers
    for number, inner in fields(content):
        if number == first:
            if others:
                yield from within(inner, *others)
            else:
                yield inner


def last(content: bytes, number: int) -> bytes:
    """What a field that may be there once holds; of several, the last, as protobuf has it."""
    found = list(within(content, number))
    return found[-1] if found else b""


def fields(content: bytes) -> Iterator[tuple[int, bytes]]:
    """The numbers and contents of a message's fields that hold bytes; others are passed over."""
    for number, kind, value in entries(content):
        if kind == BYTES and isinstance(value, bytes):
            yield number, value


def entries(content: bytes) -> Iterator[tuple[int, int, Value]]:
    """The number, wire type and value of every field. Raises ValueError, in words."""
    at = 0
    while at < len(content):
        key, at = (content[at], at + 1) if content[at] < 128 else varint(content, at)
        kind = key & 7
        if key >> 32 or kind not in (VARINT, FIXED64, BYTES, FIXED32):
            raise ValueError("it is no protobuf")
        if kind == VARINT:
            number, at = varint(content, at)
            yield key >> 3, kind, number
            continue
        length = _SIZES.get(kind, 0)
        if kind == BYTES:
            short = at < len(content) and content[at] < 128
            length, at = (content[at], at + 1) if short else varint(content, at)
        if at + length > len(content):
            raise ValueError("it ends within a field")
        yield key >> 3, kind, content[at : at + length]
        at += length


def varint(content: bytes, at: int) -> tuple[int, int]:
    """The number that begins at a place, and the place behind it."""
    value = 0
    for shift in range(0, 70, 7):
        if at >= len(content):
            raise ValueError("it ends within a number")
        byte = content[at]
        at += 1
        value |= (byte & 127) << shift
        if byte < 128:
            return value, at
    raise ValueError("it holds a number that is too long")
