"""Reads Parquet, and Arrow's own files and streams (Feather), batch by batch."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from models.dataset.collector import Collector
from models.dataset.readers import libraries
from models.dataset.readers.columnar import encoded, numbers, schema
from models.errors import InputError

_PARQUET, _FILE, _STREAM = b"PAR1", b"ARROW1\0\0", b"\xff\xff\xff\xff"
_ROWS = 256  # at once

Batches = Callable[[], Iterator[Any]]
"""Begins anew at each call; gives ``pyarrow.RecordBatch``es."""


def looks_like_one(head: bytes) -> bool:
    """Whether these first bytes begin a Parquet or Arrow file."""
    return head.startswith((_PARQUET, _FILE, _STREAM))


def read(name: str, content: bytes, collector: Collector) -> None:
    """Add the pictures of a Parquet or Arrow file with their labels. Raises InputError."""
    with libraries.with_room():
        try:
            import pyarrow
            import pyarrow.parquet
        except ImportError as error:
            raise InputError(
                "Parquet and Arrow files are read by PyArrow, which is not installed: "
                "`pip install pyarrow`"
            ) from error
    try:
        fields, batches = _open(pyarrow, content)
        chosen = schema.choose(fields)
        if chosen.pictures is None:
            numbers.read_table(name, fields, batches, collector)
        elif chosen.encoded:
            encoded.read(name, fields, chosen, batches, collector)
        else:
            numbers.read_lists(name, fields, chosen, batches, collector)
    except (InputError, MemoryError):  # Arrow's own is one of them
        raise
    except (pyarrow.ArrowException, OSError, ValueError, KeyError) as error:
        raise InputError(f"It is damaged ({error}). Download or save it again.") from error


def _open(pyarrow: Any, content: bytes) -> tuple[Any, Batches]:
    """The schema, and what gives the batches."""
    source = pyarrow.py_buffer(content)
    if content.startswith(_PARQUET):
        file = pyarrow.parquet.ParquetFile(source, pre_buffer=False)
        return file.schema_arrow, lambda: file.iter_batches(_ROWS, use_threads=False)
    options = pyarrow.ipc.IpcReadOptions(use_threads=False)
    if content.startswith(_STREAM):
        stream = pyarrow.ipc.open_stream(source, options=options)
        return stream.schema, lambda: _checked(
            iter(pyarrow.ipc.open_stream(source, options=options))
        )
    file = pyarrow.ipc.open_file(source, options=options)
    return file.schema, lambda: _checked(
        file.get_batch(at) for at in range(file.num_record_batches)
    )


def _checked(batches: Iterator[Any]) -> Iterator[Any]:
    """The batches in short ones. A file may lie on where their values are."""
    for batch in batches:
        batch.validate(full=True)
        for start in range(0, batch.num_rows, _ROWS):
            yield batch.slice(start, _ROWS)
