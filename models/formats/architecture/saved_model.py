"""What a SavedModel says of itself: its Keras model in ``keras_metadata.pb``, where tf_keras saved
it, and in ``saved_model.pb`` its graph and its signature.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from models.formats.architecture import graph_def
from models.formats.architecture.protobuf import VARINT, entries, fields, last, within

METADATA = "keras_metadata.pb"
GRAPH = "saved_model.pb"
VARIABLES = "variables"
MAX_GRAPH = 64 << 20  # bytes; that of EfficientNetB7 has 13 MB
_NODES, _PATH, _JSON = 1, 3, 5  # fields of SavedMetadata and SavedObject in tf_keras
# Where fields of SavedModel and of MetaGraphDef lie.
_META, _GRAPH, _SIGNATURES = 2, 2, 5
_SERVED = "serving_default"
_STARTS = "__saved_model_init_op"
_KEEPS = "__inference__traced_"  # begins the names of the functions that save and restore


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
            inner = dict(fields(node))
            yield inner.get(_PATH, b""), inner.get(_JSON, b"")


def topology(content: bytes) -> dict[str, Any]:
    """The graph of a ``saved_model.pb`` as a model.json has it. Raises ValueError, in words.

    It is what its functions compute: the graph itself keeps the variables where it has any.
    """
    graph = b"".join(within(content, _META, _GRAPH))  # of several, protobuf makes one
    found = graph_def.topology(graph)
    functions = [
        each
        for each in found.get("library", {}).get("function", [])
        if not each["signature"]["name"].startswith(_KEEPS)
    ]
    return {"node": [], "library": {"function": functions}} if functions else found


def signature(content: bytes) -> dict[str, Any]:
    """What a ``saved_model.pb`` is asked by, as a model.json has it: ``{"inputs": {…}, …}``.

    Raises ValueError, in words, where it has none.
    """
    named = {
        last(each, 1).decode("utf-8", "replace"): last(each, 2)
        for each in within(content, _META, _SIGNATURES)
    }
    named.pop(_STARTS, None)
    if not named:
        raise ValueError(
            f"{GRAPH} has no signature that says what it takes and gives; save it with "
            "model.export(), or name the function: tf.saved_model.save(model, folder, signatures=…)"
        )
    chosen = named.get(_SERVED) or named[min(named)]
    return {
        side: {
            last(each, 1).decode("utf-8", "replace"): _tensor(last(each, 2))
            for each in within(chosen, number)
        }
        for side, number in (("inputs", 1), ("outputs", 2))
    }


def _tensor(content: bytes) -> dict[str, Any]:
    """A TensorInfo."""
    kinds = [value for number, kind, value in entries(content) if (number, kind) == (2, VARINT)]
    return {
        "name": last(content, 1).decode("utf-8", "replace"),
        "dtype": graph_def.dtype(int(kinds[-1]) if kinds else 0),
        "tensorShape": graph_def.shape(last(content, 3)),
    }
