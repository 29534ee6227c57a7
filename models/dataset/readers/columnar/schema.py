"""Which columns of a table hold pictures and labels, and the names of classes beside them."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from models.dataset.classes import UNKNOWN, Classes
from models.dataset.readers import pairs
from models.dataset.readers.tables import columns

_HUB = b"huggingface"  # where the dataset hub keeps what its columns mean


@dataclass(frozen=True)
class Chosen:
    """Names of columns. ``encoded``: pictures as files are, else lists of numbers; without any,
    each column may be a pixel.
    """

    pictures: str | None
    encoded: bool
    label: str | None


def choose(fields: Any) -> Chosen:
    """The columns of a schema that hold pictures and labels."""
    kinds = {field.name: _kind(field.type) for field in fields}
    found = [name for name, kind in kinds.items() if kind in ("bytes", "numbers")]
    named = [name for name in found if pairs.are_images(name)] or found
    pictures = min(named, key=lambda name: kinds[name] != "bytes", default=None)
    labels = [name for name, kind in kinds.items() if kind == "label" and _is_label(name)]
    encoded = pictures is not None and kinds[pictures] == "bytes"
    return Chosen(pictures, encoded, labels[0] if labels else None)


def labels(column: Any, fields: Any, name: str, classes: Classes) -> NDArray[np.int32]:
    """The classes (n,) of a column's numbers or names, ``UNKNOWN`` for what is none."""
    from pyarrow import types

    values = column.to_pylist()
    kind = column.type.value_type if types.is_dictionary(column.type) else column.type
    if types.is_string(kind) or types.is_large_string(kind):
        return classes.of_texts(["" if each is None else each for each in values])
    given = np.array([np.nan if each is None else each for each in values], np.float64)
    names = _class_names(fields, name)
    if not names:
        return classes.of_numbers(given)
    table = classes.of_texts(names)
    found = np.full(len(given), UNKNOWN, np.int32)
    inside = (given >= 0) & (given < len(names))
    found[inside] = table[given[inside].astype(np.intp)]
    return found


def _is_label(name: str) -> bool:
    return pairs.are_labels(name) or name.lower() in columns.LABELS


def _kind(type_: Any) -> str | None:
    """``bytes`` of a picture, lists of ``numbers``, or what may be a ``label``."""
    from pyarrow import types

    type_ = getattr(type_, "storage_type", type_)
    if types.is_struct(type_):
        names = [type_.field(at).name for at in range(type_.num_fields)]
        return "bytes" if "bytes" in names and _is_binary(type_.field("bytes").type) else None
    if _is_binary(type_):
        return "bytes"
    if _is_list(type_):
        while _is_list(type_):
            type_ = type_.value_type
        return "numbers" if _is_number(type_) else None
    if types.is_dictionary(type_):
        type_ = type_.value_type
    return "label" if _is_number(type_) or _is_text(type_) else None


def _is_binary(type_: Any) -> bool:
    from pyarrow import types

    return bool(
        types.is_binary(type_) or types.is_large_binary(type_) or types.is_fixed_size_binary(type_)
    )


def _is_list(type_: Any) -> bool:
    from pyarrow import types

    return bool(
        types.is_list(type_) or types.is_large_list(type_) or types.is_fixed_size_list(type_)
    )


def _is_number(type_: Any) -> bool:
    from pyarrow import types

    return bool(types.is_integer(type_) or types.is_floating(type_) or types.is_boolean(type_))


def _is_text(type_: Any) -> bool:
    from pyarrow import types

    return bool(types.is_string(type_) or types.is_large_string(type_))


def _class_names(fields: Any, column: str) -> Sequence[str]:
    """The names of a column's classes, as the hub keeps them; none where it does not."""
    try:
        features = json.loads((fields.metadata or {})[_HUB])["info"]["features"]
        names = features[column]["names"]
    except (KeyError, TypeError, ValueError, RecursionError):
        return ()
    return [str(each) for each in names] if isinstance(names, list) else ()
