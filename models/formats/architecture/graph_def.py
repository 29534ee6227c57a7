"""A GraphDef as TensorFlow stores it → the JSON that a model.json has of it.

It gives what protobuf's own ``json_format`` gives, of nodes with their attributes, but for the
numbers of constants: converters keep these apart.
"""

from __future__ import annotations

import base64
import math
import struct
from collections.abc import Iterator
from typing import Any

import numpy as np

from models.formats import model_limits
from models.formats.architecture.protobuf import (
    BYTES,
    FIXED32,
    VARINT,
    Value,
    entries,
    fields,
    last,
    varint,
    within,
)

# TensorFlow's numbers of dtypes; a hundred more stands for a reference to one.
_NAMES = (
    "INVALID FLOAT DOUBLE INT32 UINT8 INT16 INT8 STRING COMPLEX64 INT64 BOOL QINT8 QUINT8 QINT32 "
    "BFLOAT16 QINT16 QUINT16 UINT16 COMPLEX128 HALF RESOURCE VARIANT UINT32 UINT64"
)
_DTYPES = _NAMES.split()
_REFERENCE = 100
_TIMES = 8  # as many as a model may have: an exported one has its operations in several functions
# Where fields of GraphDef, FunctionDef and NodeDef lie.
_NODE, _LIBRARY, _VERSIONS = 1, 2, 4
_SIGNATURE, _FUNCTION_NODE = 1, 3
_NAME, _INPUT, _ATTRIBUTE = 1, 3, 5
_TEXTS = {1: "name", 2: "op", 4: "device"}
# Fields of an AttrValue and of a list in one, by number: the words of protobuf's JSON.
_VALUES = {2: "s", 3: "i", 4: "f", 5: "b", 6: "type", 7: "shape"}
_LIST, _TENSOR, _CALLED = 1, 8, 10


def topology(content: bytes) -> dict[str, Any]:
    """A graph's ``modelTopology``. Its functions have their names and nodes, no more.

    Raises ValueError, in words, for what is no graph, or has too many operations.
    """
    refuse_many(content)
    functions = [
        {
            "signature": {"name": _text(last(last(each, _SIGNATURE), _NAME))},
            "nodeDef": _counted(within(each, _FUNCTION_NODE)),
        }
        for each in within(content, _LIBRARY, _NODE)
    ]
    found: dict[str, Any] = {"node": _counted(within(content, _NODE))}
    if functions:
        found["library"] = {"function": functions}
    for number, kind, value in entries(last(content, _VERSIONS)):
        if number == 1 and kind == VARINT:  # what some operations mean depends on it
            found["versions"] = {"producer": value}
    return found


def refuse_many(content: bytes) -> None:
    """Raise ValueError for a graph with so many operations, in all of its functions together, that
    to list them takes gigabytes: two bytes are enough for one.
    """
    count, most = 0, _TIMES * model_limits.PARTS.value
    for place in ((_NODE,), (_LIBRARY, _NODE), (_LIBRARY, _NODE, _FUNCTION_NODE)):
        for _ in within(content, *place):
            count += 1
            if count > most:
                raise ValueError(f"has more than {most:,} operations and functions")


def dtype(number: int) -> str:
    """The name of a dtype, DT_FLOAT. Raises ValueError for none."""
    referred, plain = divmod(number, _REFERENCE)
    if referred > 1 or plain >= len(_DTYPES):
        raise ValueError(f"it has tensors of the dtype {number}, which TensorFlow does not have")
    return f"DT_{_DTYPES[plain]}" + ("_REF" if referred else "")


def shape(content: bytes) -> dict[str, Any]:
    """A TensorShapeProto: ``{"dim": [{"size": "-1"}]}``, or ``{"unknownRank": true}``."""
    sizes, unknown = [], False
    for number, kind, value in entries(content):
        if number == 2 and isinstance(value, bytes):
            side = [each for at, wire, each in entries(value) if (at, wire) == (1, VARINT)]
            sizes.append({"size": str(_signed(side[-1]))} if side and side[-1] else {})
        elif number == 3 and kind == VARINT:
            unknown = bool(value)
    if unknown:
        return {"unknownRank": True}
    return {"dim": sizes} if sizes else {}


def _counted(nodes: Iterator[bytes]) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    for each in nodes:
        model_limits.check_parts(len(found) + 1, "operations")
        found.append(_node(each))
    return found


def _node(content: bytes) -> dict[str, Any]:
    node: dict[str, Any] = {"name": "", "op": ""}
    for number, value in fields(content):
        if number in _TEXTS:
            node[_TEXTS[number]] = _text(value)
        elif number == _INPUT:
            node.setdefault("input", []).append(_text(value))
        elif number == _ATTRIBUTE:
            entry = dict(fields(value))
            name = _text(entry.get(1, b""))
            node.setdefault("attr", {})[name] = _attribute(entry.get(2, b""))
    return node


def _attribute(content: bytes) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for number, kind, value in entries(content):
        if number in _VALUES:
            found = {_VALUES[number]: _plain(number, kind, value)}
        elif isinstance(value, bytes) and number == _LIST:
            found = {"list": _listed(value)}
        elif isinstance(value, bytes) and number == _TENSOR:
            found = {"tensor": _tensor(value)}
        elif isinstance(value, bytes) and number == _CALLED:
            found = {"func": {"name": _text(last(value, 1))}}
    return found


def _listed(content: bytes) -> dict[str, Any]:
    found: dict[str, list[Any]] = {}
    for number, kind, value in entries(content):
        if number in _VALUES:
            values = found.setdefault(_VALUES[number], [])
            if kind == BYTES and _VALUES[number] not in ("s", "shape"):
                values += (_plain(number, *each) for each in _packed(number, value))
            else:
                values.append(_plain(number, kind, value))
    return found


def _packed(number: int, content: Value) -> Iterator[tuple[int, Value]]:
    """The numbers of a list that lie one behind the other."""
    if not isinstance(content, bytes):
        raise ValueError("it is no protobuf")
    at = 0
    while at < len(content):
        if _VALUES[number] == "f":
            yield FIXED32, content[at : at + 4]
            at += 4
        else:
            value, at = varint(content, at)
            yield VARINT, value


def _plain(number: int, kind: int, value: Value) -> Any:
    word = _VALUES[number]
    if isinstance(value, bytes):
        if word == "s":
            return base64.b64encode(value).decode()
        if word == "shape":
            return shape(value)
        if word == "f" and kind == FIXED32 and len(value) == 4:
            return _float(value)
    elif word == "i":
        return str(_signed(value))
    elif word == "b":
        return bool(value)
    elif word == "type":
        return dtype(value)
    raise ValueError("it has an attribute of another kind than it says")


def _tensor(content: bytes) -> dict[str, Any]:
    """The dtype and shape of a constant."""
    kinds = [value for number, _, value in entries(content) if number == 1]
    kind = kinds[-1] if kinds else 0
    return {
        "dtype": dtype(kind if isinstance(kind, int) else 0),
        "tensorShape": shape(last(content, 2)),
    }


def _float(content: bytes) -> float | str:
    value = struct.unpack("<f", content)[0]
    if math.isfinite(value):
        return float(str(np.float32(value)))  # the shortest that means the same
    return "NaN" if math.isnan(value) else "Infinity" if value > 0 else "-Infinity"


def _signed(value: Value) -> int:
    number = value if isinstance(value, int) else 0
    return number - (1 << 64) if number >> 63 else number


def _text(content: bytes) -> str:
    return content.decode("utf-8", "replace")
