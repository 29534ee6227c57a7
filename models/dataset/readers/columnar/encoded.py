"""Pictures that are kept in a column as files are: PNG, JPEG or the like, with their paths."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import nullcontext
from pathlib import PurePosixPath
from typing import Any

from models.dataset.classes import UNKNOWN
from models.dataset.collector import Collector
from models.dataset.limits import size
from models.dataset.readers import arrays, pictures
from models.dataset.readers.columnar import schema
from models.dataset.readers.columnar.schema import Chosen
from models.digit import picture_file
from models.errors import InputError


def read(
    name: str,
    fields: Any,
    chosen: Chosen,
    batches: Callable[[], Iterator[Any]],
    collector: Collector,
) -> None:
    """Add the pictures of a column; one that cannot be read is skipped, with a reason. A picture's
    label is its line's, or in its own path. Raises InputError.
    """
    at = 0
    for batch in batches():
        column = batch.column(chosen.pictures)
        labels = [UNKNOWN] * len(column)
        if chosen.label is not None:
            given = batch.column(chosen.label)
            found = schema.labels(given, fields, chosen.label, collector.options.known)
            labels = arrays.said(found, given.to_pylist(), collector, name).tolist()
        for cell, label in zip(column, labels, strict=True):
            if collector.full:
                collector.skip(name, f"The set is full: the rest was left out. {collector.holds}")
                return
            content, path = _picture(cell)
            shown = f"{name} [{at}]" if chosen.label or not path else f"{name}/{path}"
            at += 1
            try:
                _add(shown, content, collector, label if chosen.label or not path else None)
            except Exception as error:  # one picture must not end the others
                collector.fail(shown, error)
    if not at:
        raise InputError("It holds no lines.")


def _add(name: str, content: bytes, collector: Collector, label: int | None) -> None:
    if not picture_file.looks_like_one(content):
        raise InputError(
            "It holds no picture. Where a table has paths alone, send the pictures themselves."
        )
    if len(content) > collector.limits.file_bytes:
        raise InputError(f"It has {size(len(content))}.")
    with collector.once(content), nullcontext() if label is None else collector.labelled(label):
        pictures.read(name, content, collector)


def _picture(cell: Any) -> tuple[bytes, str]:
    """The bytes of a cell, and the name that its path has."""
    value = cell.as_py()
    if not isinstance(value, dict):
        return value or b"", ""
    path = value.get("path")
    name = PurePosixPath(path.replace("\\", "/")).name if isinstance(path, str) else ""
    return value.get("bytes") or b"", name
