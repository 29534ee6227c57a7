"""The model's description in a SavedModel of tf_keras: ``keras_metadata.pb``.

It is protobuf, a list of objects with a path and a JSON text each. A dozen lines read it, where
TensorFlow takes seconds to import.
"""

from __future__ import annotations

from collections.abc import Iterator

METADATA = "keras_metadata.pb"
_NODES, _PATH, _JSON = 1, 3, 5  # fields of SavedMetadata and SavedObject in tf_keras
_VARINT, _FIXED64, _BYTES, _FIXED32 = 0, 1, 2, 5  # protobuf's wire types


def root(content: bytes) -> bytes:
    """The stored model as JSON, ``{"class_name": …, "config": …}``. Raises ValueError if there is
    none.
    """
    for path, described in nodes(content):
        if path == b"root":
            return described
    raise ValueError(f"{METADATA} describes no model")


def nodes(content: bytes) -> Iterator[tuple[bytes, bytes]]:
    """The path of every object that Keras saved, and its JSON. Raises ValueError, in words."""
    for number, node in fields(content):
        if number == _NODES:
            entries = dict(fields(node))
            yield entries.get(_PATH, b""), entries.get(_JSON, b"")


def within(content: bytes, *numbers: int) -> Iterator[bytes]:
    """The contents of all fields that lie at these numbers, one within the other."""
    first, *others = numbers
    for number, inner in fields(content):
        if number == first:
            if others:
                yield from within(inner, *others)
            else:
                yield inner


def fields(content: bytes) -> Iterator[tuple[int, bytes]]:
    """The numbers and contents of a message's fields that hold bytes; others are passed over."""
    at = 0
    while at < len(content):
        key, at = _varint(content, at)
        if key >> 32:
            raise ValueError("it is no protobuf")
        kind = key & 7
        if kind == _VARINT:
            _, at = _varint(content, at)
        elif kind == _BYTES:
            length, at = _varint(content, at)
            if at + length > len(content):
                raise ValueError("it ends within a field")
            yield key >> 3, content[at : at + length]
            at += length
        elif kind in (_FIXED64, _FIXED32):
            at += 8 if kind == _FIXED64 else 4
        else:
            raise ValueError("it is no protobuf")


def _varint(content: bytes, at: int) -> tuple[int, int]:
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
