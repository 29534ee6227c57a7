"""What a SavedModel's graph may do: every operation of it and of its functions is looked at.

It has to save and restore its variables, by two functions that TensorFlow writes. They are the only
ones that reach files, and nothing that runs may call them. TensorFlow's loader reads the variables
by itself, runs none of the main graph, where the two are called, but whatever the objects name.
The official converter, where that fails, takes the loader of TensorFlow 1, which runs the main
graph: what it is told to restore by, what it is told to begin with, and what the signatures name.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Iterator

from models.formats import model_limits
from models.formats.architecture import graph_def
from models.formats.architecture.protobuf import entries, last, within
from models.formats.safety import operations

# Where fields of SavedModel and of MetaGraphDef lie.
_META = 2
_GRAPH, _SAVER, _COLLECTIONS, _SIGNATURES, _ASSETS, _OBJECTS = 2, 3, 4, 5, 6, 7
# Where fields of GraphDef, FunctionDef and NodeDef lie.
_NODES, _FUNCTIONS = (1,), (2, 1)
_NAME, _ARGUMENTS, _FUNCTION_NODES = (1, 1), (1, 2, 1), (3,)
_CALLED, _OP, _INPUTS, _ATTRIBUTES = 1, 2, 3, 5
_TENSORS = ((2, 8), (2, 1, 8))  # of an attribute, one or a list of them
_RESTORES_BY = 3  # of a SaverDef
_BEGINS = b"saved_model_main_op"
_PLAIN_TENSOR = {1, 2, 3}  # fields of a TensorInfo that is no sparse or other one of several parts
# The two functions that save and restore.
_SAVES = re.compile(rb"__inference__traced_(save|restore)_\d+")
_STANDS_IN = b"api_implements"  # by this, TensorFlow may call one function for another
_RESTORING = frozenset({"DisableCopyOnRead", "RestoreV2"})
_SAVING = _RESTORING | {"MergeV2Checkpoints", "SaveV2", "ShardedFilename"}
_WIDEST = 8  # bytes of a number


def check(content: bytes) -> None:
    """Look through a ``saved_model.pb``. Raises ValueError, in words."""
    metas = list(within(content, _META))
    if len(metas) != 1 or not list(within(metas[0], _OBJECTS)):
        raise ValueError(
            "has not one graph with objects in it, as TensorFlow 2 saves it: save it again by "
            "that, with model.export(folder) or tf.saved_model.save(model, folder)"
        )
    meta = metas[0]
    if list(within(meta, _ASSETS)):
        raise ValueError("has files of its own beside its variables")
    if any(_SAVES.search(each) for each in within(meta, _OBJECTS)):
        raise ValueError("has an object that saves or restores when it is called")
    constants = 0
    for graph in within(meta, _GRAPH):
        graph_def.refuse_many(graph)
        nodes = list(within(graph, *_NODES))
        constants += _constants(nodes)
        operations.check(_kinds(nodes))
        for function in within(graph, *_FUNCTIONS):
            constants += _constants(within(function, *_FUNCTION_NODES))
            _check_function(function)
    model_limits.check_size(constants, "constants")
    _check_main(meta)


def _check_function(function: bytes) -> None:
    names, nodes = list(within(function, *_NAME)), list(within(function, *_FUNCTION_NODES))
    saves = _SAVES.fullmatch(names[0]) if len(names) == 1 else None
    if saves is None:
        if any(_SAVES.search(node) for node in nodes):
            raise ValueError("has a function that calls what saves or restores")
        operations.check(_kinds(nodes))
        return
    if _STANDS_IN in function:
        raise ValueError("has a function that saves or restores in place of another")
    known = _SAVING if saves[1] == b"save" else _RESTORING
    operations.check(kind for kind in _kinds(nodes) if kind not in known)
    arguments = set(within(function, *_ARGUMENTS))
    for node in nodes:
        if b"RestoreV2" in within(node, _OP) and next(within(node, _INPUTS), b"") not in arguments:
            raise ValueError("has a function that restores from another place than it is told")


def _check_main(meta: bytes) -> None:
    """Nothing of the main graph may depend on what saves, and the one that TensorFlow 1 restores by
    has to restore.
    """
    nodes = list(within(meta, _GRAPH, *_NODES))
    calls = {last(node, _CALLED): node for node in nodes if _SAVES.search(node)}
    inputs = (_node(each) for node in nodes for each in within(node, _INPUTS))
    if any(each in calls for each in (*inputs, *_run(meta))):
        raise ValueError("has an operation that takes what saves or restores gives")
    for saver in within(meta, _SAVER):
        for name in within(saver, _RESTORES_BY):
            called = _SAVES.findall(calls.get(_node(name), b""))
            if set(called) - {b"restore"}:
                raise ValueError("has something else in the place of what restores its variables")


def _run(meta: bytes) -> Iterator[bytes]:
    """The operations of the main graph that are run by name."""
    for collection in within(meta, _COLLECTIONS):
        if last(collection, 1) != _BEGINS:
            raise ValueError("has a collection of its graph's parts, as TensorFlow 1 saves them")
        yield from map(_node, within(collection, 2, 1, 1))
    for side in (1, 2):
        for tensor in within(meta, _SIGNATURES, 2, side, 2):
            if {number for number, _, _ in entries(tensor)} - _PLAIN_TENSOR:
                raise ValueError("takes or gives a sparse tensor, or one of several parts")
            yield from map(_node, within(tensor, 1))


def _node(name: bytes) -> bytes:
    return name.partition(b":")[0].lstrip(b"^")


def _kinds(nodes: Iterable[bytes]) -> Iterator[str]:
    for node in nodes:
        for kind in within(node, _OP):
            yield kind.decode("utf-8", "replace")


def _constants(nodes: Iterable[bytes]) -> int:
    """The bytes that all constants can take: one number can stand for any number of them."""
    size = 0
    for node in nodes:
        for attribute in within(node, _ATTRIBUTES):
            for place in _TENSORS:
                size += sum(map(_size, within(attribute, *place)))
    return size


def _size(tensor: bytes) -> int:
    sizes = [
        int(side.get("size", 0))
        for shape in within(tensor, 2)
        for side in graph_def.shape(shape).get("dim", [])
    ]
    return _WIDEST * math.prod(abs(side) for side in sizes)
