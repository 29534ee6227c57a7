"""What a model's first output is: probabilities, logits, sigmoids, or other values."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from models.errors import ModelError
from models.formats import labels
from models.formats.architecture.description import Description, Layer, Operation
from models.formats.labels import MOST_CLASSES, Facts
from models.formats.model_output import AnswerKind
from models.formats.tensors import Tensor
from models.formats.wanted import Wanted

_SHOWN = 10  # names, of those that do not fit
_HANDED_ON = ("Flatten", "Reshape", "Dropout", "Identity", "InputLayer", "Permute")
_HANDED_ON_BY_GRAPH = ("Identity", "Reshape", "Squeeze", "Cast", "StopGradient")
_ENDS, _STEPS = 1_000, 16  # that are looked at: a hostile graph has more, or goes round
_NO_END = ("NoOp", "Const", "Placeholder")
_TELLING = ("softmax", "sigmoid", "log_softmax", None)  # None: a division, as in a softmax by hand
_LINEAR = ("MatMul", "BiasAdd", "AddV2", "Add", "Conv2D", "Mean", "_FusedMatMul", "Einsum")
_NUMBERS_SUM = 1e-3  # of probabilities, in float16 too


def guess(
    gives: Sequence[Tensor],
    description: Description | None,
    wanted: Wanted,
    *,
    picture: bool,
    answers: NDArray[Any] | None = None,
) -> tuple[AnswerKind, list[str]]:
    """What the first of ``gives`` is, and sentences for what was guessed of it.

    ``picture`` says whether the model takes one; ``answers`` (n, outputs) are some of the model,
    where they are known: with what the file does not tell, rows of probabilities sum to 1. Raises
    ModelError where it cannot be what is wanted.
    """
    shape = gives[0].shape if gives else ()
    if shape == (None,) and answers is not None:  # a graph that does not say how many
        shape = answers.shape[1:]
    count = shape[0] if len(shape) == 1 else None
    if wanted.answers is not None:
        if shape != (None,):
            _refuse(wanted.answers, shape, count)
        return wanted.answers, []
    if len(gives) != 1 or count is None or not 1 <= count <= MOST_CLASSES:
        return "values", [_no_classes(_why_none(gives, count))]
    end = None if description is None else _end(description)
    if end is None and answers is not None and count > 1 and _sum_to_1(answers):
        return "probabilities", [
            "The outputs are taken for probabilities, as they sum to 1; --answers values or "
            "sigmoid changes it."
        ]
    if end == "softmax" and count > 1:
        return "probabilities", []
    if end == "sigmoid":
        return "sigmoid", []
    if end in (None, "linear", "log_softmax") and picture and count > 1:
        why = "no softmax or sigmoid ends the model"
        if end is None:
            said = "its file does not say what ends it"
            why = said if answers is None else "they do not sum to 1"
        return "logits", [
            f"The outputs are taken for logits, as {why}: pages show their softmax, and what is "
            "compared are the logits; --answers values or sigmoid changes it."
        ]
    end_in = "output ends" if count == 1 else f"{count:,} outputs end"
    return "values", [_no_classes(f"its {end_in} in no softmax or sigmoid of classes")]


def names(count: int, facts: Facts, wanted: Wanted) -> tuple[tuple[str, ...], list[str]]:
    """The names of ``count`` classes: those that are wanted, those that lie beside the model, or
    their numbers. Raises ModelError where the wanted ones are not as many, or not different.
    """
    given = wanted.classes
    if given and (len(given) != count or len(set(given)) < count or not all(map(str.strip, given))):
        first = ", ".join(given[:_SHOWN]) + (", …" if len(given) > _SHOWN else "")
        raise ModelError(
            f"The model has {count:,} classes; {len(given):,} were named: {first}. Expected "
            f"{count:,} different names."
        )
    beside, said = labels.fitting(facts, count) if count and not given else ((), "")
    return given or beside or tuple(map(str, range(count))), [said] if said else []


def _refuse(wanted: AnswerKind, shape: tuple[int | None, ...], count: int | None) -> None:
    if wanted == "values":
        return
    least = 1 if wanted == "sigmoid" else 2
    if count is None or not least <= count <= MOST_CLASSES:
        size = "×".join("?" if each is None else str(each) for each in shape) or "one number"
        raise ModelError(
            f"--answers {wanted} is for a row of {least} to {MOST_CLASSES:,} numbers; the model's "
            f"first output is {size}. Leave it out."
        )


def _why_none(gives: Sequence[Tensor], count: int | None) -> str:
    if len(gives) != 1:
        return f"it has {len(gives)} outputs"
    if gives[0].shape == (None,):
        return "its file does not say how many outputs it has"
    if count is None:
        return "its output is no row of numbers"
    return f"its {count:,} outputs are too many"


def _no_classes(why: str) -> str:
    return (
        f"The pages show no classes of this model, as {why}; verify compares every output as "
        "numbers. --answers says what the first one is."
    )


def _sum_to_1(answers: NDArray[Any]) -> bool:
    values = np.asarray(answers, np.float64)
    off = np.abs(values.sum(axis=-1) - 1)
    return bool(values.size and (values >= 0).all() and (off < _NUMBERS_SUM).all())


def _end(description: Description) -> str | None:
    """The activation that ends a model with one output; None where the file does not tell."""
    if description.format == "graph":
        return _end_of_graph(description.operations)
    for layer in reversed(description.layers):
        if layer.kind not in _HANDED_ON and not isinstance(layer.config.get("layers"), list):
            name = _activation(layer)
            if name != "linear" or layer.kind != "Activation":
                return name
    return None


def _activation(layer: Layer) -> str:
    activation = layer.config.get("activation", layer.config.get("function"))
    if isinstance(activation, Mapping):  # as Keras 3 stores it
        activation = activation.get("config")
        activation = activation.get("name") if isinstance(activation, Mapping) else activation
    if layer.kind in ("Softmax", "Sigmoid", "LogSoftmax"):
        activation = {"LogSoftmax": "log_softmax"}.get(layer.kind, layer.kind.lower())
    name = str(activation or "linear").rpartition(".")[2]
    return "sigmoid" if name == "hard_sigmoid" else name


def _end_of_graph(operations: Sequence[Operation]) -> str | None:
    by_name = {each.name: each for each in operations}
    used = {name.partition(":")[0].lstrip("^") for each in operations for name in each.inputs}
    unused = [each for each in operations if each.name not in used and each.kind not in _NO_END]
    kinds = {_kind(_behind(each, by_name)) for each in unused[-_ENDS:]}
    # Of several, which only a loop's body or what nobody asks for adds, it is what says most.
    return next(
        (each for each in (*_TELLING, "linear") if each in kinds), "other" if kinds else None
    )


def _behind(operation: Operation, by_name: Mapping[str, Operation]) -> Operation:
    for each in _chain(operation, by_name):
        operation = each
        if each.kind not in _HANDED_ON_BY_GRAPH:
            break
    return operation


def _chain(operation: Operation, by_name: Mapping[str, Operation]) -> Iterator[Operation]:
    for _ in range(_STEPS):
        yield operation
        source = operation.inputs[0].partition(":")[0] if operation.inputs else ""
        if source not in by_name:
            return
        operation = by_name[source]


def _kind(operation: Operation) -> str | None:
    fused = operation.settings.get("fused_ops") or ()
    kind = str(fused[-1]) if fused else operation.kind
    return {"Softmax": "softmax", "Sigmoid": "sigmoid", "LogSoftmax": "log_softmax"}.get(
        kind, "linear" if kind in _LINEAR else None if kind == "RealDiv" else "other"
    )
