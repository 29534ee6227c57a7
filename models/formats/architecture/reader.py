"""Reads what a model is made of from its file or folder, of any kind."""

from __future__ import annotations

import zipfile
import zlib
from dataclasses import replace
from pathlib import Path

from models.errors import ModelError
from models.formats.architecture import stored
from models.formats.architecture.description import Description, of_graph, of_layers
from models.storage import plain_files

LIMIT = stored.LIMIT
EXPECTED = (
    "Expected what model.save() wrote (an .h5, a .keras or a SavedModel of tf_keras) or "
    "model.export(), or a folder of tensorflowjs_converter, or its model.json."
)
UNREADABLE = (
    OSError,
    EOFError,
    ValueError,
    KeyError,
    TypeError,
    AttributeError,
    IndexError,
    OverflowError,
    RecursionError,
    RuntimeError,  # h5py's and zipfile's, for an encrypted file too
    NotImplementedError,
    MemoryError,
    zipfile.BadZipFile,
    zlib.error,
)


def read(path: Path) -> Description:
    """The description of the model at ``path``, a file or a folder.

    Raises ModelError, with what was expected, for anything that does not say which layers or
    operations it has.
    """
    if not path.exists():
        raise ModelError(f"There is nothing at {path}. {EXPECTED}")
    try:
        found = stored.read(path)
        if found.format == "graph" or found.kind == "exported":
            whole = found.whole or {}
            described = of_graph(found.model, whole.get("weightsManifest", []))
            return replace(described, format=found.format)
        return of_layers(found.format, found.model, found.version)
    except UNREADABLE as error:
        why = plain_files.line(error)
        raise ModelError(f"{path} is not understood: {why}. {EXPECTED}") from error
