"""The root's JSON out of ``keras_metadata.pb``, written here as protobuf writes it."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.formats.architecture import saved_model


def varint(value: int) -> bytes:
    digits = bytearray()
    while value > 127:
        digits.append(value & 127 | 128)
        value >>= 7
    return bytes([*digits, value])


def field(number: int, content: bytes) -> bytes:
    return varint(number << 3 | 2) + varint(len(content)) + content


def node(path: str, described: object) -> bytes:
    parts = (varint(2 << 3) + varint(300), field(3, path.encode()), field(4, b"_tf_keras_model"))
    return field(1, b"".join(parts) + field(5, json.dumps(described).encode()))


MODEL = {"class_name": "Sequential", "config": {"layers": ["x" * 300]}}
FILE = node("root.layer-0", {"class_name": "Dense"}) + node("root", MODEL)


def test_the_roots_description_is_read():
    assert json.loads(saved_model.root(FILE)) == MODEL


def test_a_file_without_a_root_is_refused():
    with pytest.raises(ValueError, match="describes no model"):
        saved_model.root(node("root.layer-0", MODEL))


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (FILE[:-1], "ends within a field"),
        (b"\x8a", "ends within a number"),
        (b"\xff" * 12, "a number that is too long"),
        (b"\x0f", "no protobuf"),
    ],
)
def test_a_damaged_file_is_refused(content, sentence):
    with pytest.raises(ValueError, match=sentence):
        saved_model.root(content)


@given(at=st.integers(0, len(FILE) - 1), byte=st.integers(0, 255))
def test_a_file_with_a_wrong_byte_is_read_or_refused(at, byte):
    damaged = FILE[:at] + bytes([byte]) + FILE[at + 1 :]
    try:
        found = saved_model.root(damaged)
    except ValueError:
        return
    assert isinstance(found, bytes)
