"""Reads what a model is made of from an .h5, a .keras, a model.json or a SavedModel of Keras.

Nothing in the file is run, no weights are read, and what is read has a bound.
"""

from __future__ import annotations

import json
import zipfile
import zlib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from models.errors import ModelError
from models.formats.architecture import saved_model
from models.formats.architecture.description import Description, of_graph, of_layers

LIMIT = 8 << 20  # bytes of JSON; the description of EfficientNetB7 takes 0.5 MB
_EXPECTED = (
    "Expected what model.save() wrote (an .h5, a .keras or a SavedModel of tf_keras), or a folder "
    "of tensorflowjs_converter, or its model.json."
)
_UNREADABLE = (
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
        raise ModelError(f"There is nothing at {path}. {_EXPECTED}")
    try:
        return _read(path)
    except _UNREADABLE as error:
        why = str(error) or type(error).__name__
        raise ModelError(f"{path} is not understood: {why}. {_EXPECTED}") from error


def _read(path: Path) -> Description:
    if path.is_dir():
        return _of_folder(path)
    if zipfile.is_zipfile(path):
        return _of_keras(path)
    with path.open("rb") as file:
        start = file.read(8)
    if start == b"\x89HDF\r\n\x1a\n":
        return _of_h5(path)
    if start.lstrip()[:1] == b"{":
        return _of_json(path)
    raise ValueError("it is no HDF5, ZIP or JSON file")


def _of_folder(path: Path) -> Description:
    if (path / "model.json").is_file():
        return _of_json(path / "model.json")
    metadata = path / saved_model.METADATA
    if metadata.is_file():
        return of_layers("keras", saved_model.root(_bounded(metadata)), "2")
    raise ValueError(f"the folder has neither model.json nor {saved_model.METADATA}")


def _of_keras(path: Path) -> Description:
    with zipfile.ZipFile(path) as archive:
        config, metadata = (_member(archive, name) for name in ("config.json", "metadata.json"))
    return of_layers("keras", config, _version(metadata))


def _member(archive: zipfile.ZipFile, name: str) -> Any:
    with archive.open(name) as file:
        return _json(file.read(LIMIT + 1))


def _of_h5(path: Path) -> Description:
    import h5py

    with h5py.File(path) as file:
        if "model_config" not in file.attrs:
            raise ValueError(
                "it holds weights without a model; build the model, load the weights into it and "
                "save it whole, model.save('model.h5')"
            )
        config, version = (_attribute(file, name) for name in ("model_config", "keras_version"))
    return of_layers("keras", _json(config), _decoded(version))


def _attribute(file: Any, name: str) -> Any:
    """One text of an HDF5 file, "" where it has none of that name."""
    import h5py

    if name not in file.attrs:
        return ""
    attribute = h5py.h5a.open(file.id, name.encode())
    if attribute.shape != () or attribute.get_storage_size() > LIMIT:
        raise ValueError(f"its {name} is not one text")
    return file.attrs[name]


def _of_json(path: Path) -> Description:
    stored = _json(_bounded(path))
    if not isinstance(stored, Mapping) or "modelTopology" not in stored:
        raise ValueError(f"{path.name} has no modelTopology")
    topology = stored["modelTopology"]
    if not isinstance(topology, Mapping):
        raise ValueError("its modelTopology is no object")
    if "node" in topology:
        return of_graph(topology, stored.get("weightsManifest", []))
    # TensorFlow.js itself saves a model without the envelope that the converter writes.
    return of_layers("layers", topology.get("model_config", topology), _version(topology))


def _bounded(path: Path) -> bytes:
    with path.open("rb") as file:
        content = file.read(LIMIT + 1)
    _refuse_length(content)
    return content


def _json(text: Any) -> Any:
    """What a text of JSON says. Raises ValueError for one that is too long, or no JSON."""
    if not isinstance(text, (str, bytes)):
        raise ValueError("its description is no text")
    _refuse_length(text)
    return json.loads(text)


def _refuse_length(text: str | bytes) -> None:
    if len(text) > LIMIT:
        raise ValueError(f"its description is longer than {LIMIT >> 20} MB")


def _version(stored: Any) -> Any:
    return stored.get("keras_version", "") if isinstance(stored, Mapping) else ""


def _decoded(text: Any) -> str:
    return text.decode("utf-8", "replace") if isinstance(text, bytes) else str(text)
