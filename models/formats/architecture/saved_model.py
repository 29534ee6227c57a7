"""The model's description in a SavedModel of tf_keras: ``keras_metadata.pb``.

It is protobuf, a list of objects with a path and a JSON text each. A dozen lines read it, where
TensorFlow takes seconds to import.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

METADATA = "keras_metadata.pb"
_NODES, _PATH, _JSON = 1, 3, 5  # fields of SavedMetadata and SavedObject in tf_keras
_VARINT, _FIXED64, _BYTES, _FIXED32 = 0, 1, 2, 5  # protobuf's wire types


def root(content: bytes) -> Any:
    """The stored model, ``{"class_name": …, "config": …}``. Raises ValueError if there is none."""
    for entries in _objects(content):
        if entries.get(_PATH) == b"root":
            return json.loads(entries.get(_JSON, b""))
    raise ValueError(f"{METADATA} describes no model")


def texts(content: bytes) -> Iterator[bytes]:
    """The JSON of every object: tf_keras loads each layer from its own. Raises ValueError."""
    return (entries[_JSON] for entries in _objects(content) if _JSON in entries)


def _objects(content: bytes) -> Iterator[dict[int, bytes]]:
    return (dict(_fields(node)) for number, node in _fields(content) if number == _NODES)


def _fields(content: bytes) -> Iterator[tuple[int, bytes]]:
    """The numbers and contents of a message's fields that hold bytes; others are passed over."""
    at = 0
    while at < len(content):
        key, at = _varint(content, at)
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
