"""What a model's file says of itself, out of an .h5, a .keras, a model.json or a SavedModel.

Nothing in the file is run, no weights are read, and what is read has a bound. Which kind a file is
is decided by its first bytes, and no file may be two kinds at once: who loads it may go by another
sign, and load what nobody looked at.
"""

from __future__ import annotations

import mmap
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from models.formats import strict_json
from models.formats.architecture import hdf5_heaps, saved_model
from models.lanes import Format
from models.storage import plain_files

Kind = Literal["h5", "keras", "json", "saved model"]
MODEL_JSON = "model.json"
LIMIT = strict_json.LIMIT
_HDF5, _ZIP = b"\x89HDF\r\n\x1a\n", b"PK\x03\x04"
_WEIGHTS_ALONE = (
    "it holds weights without a model; build the model, load the weights into it and save it "
    "whole, model.save('model.h5')"
)


@dataclass(frozen=True)
class Stored:
    """``model`` is what Keras stores, ``{"class_name": …, "config": …}``, or a graph's topology;
    ``version`` that of the Keras that saved it, "" where it does not say. ``whole`` is all that a
    model.json says.
    """

    kind: Kind
    format: Format
    model: Any
    version: str = ""
    whole: Mapping[str, Any] | None = None


def read(path: Path) -> Stored:
    """What the file or folder at ``path`` says.

    Raises ValueError or OSError, or what h5py and zipfile raise, for anything else.
    """
    kind, file = found(path)
    if kind == "json":
        return of_json(file)
    if kind == "keras":
        with zipfile.ZipFile(file) as archive:
            config, metadata = (_member(archive, name) for name in ("config.json", "metadata.json"))
        return Stored(kind, "keras", config, _version(metadata))
    if kind == "h5":
        return _of_h5(file)
    content = plain_files.read(file, LIMIT)
    return Stored(kind, "keras", strict_json.parse(saved_model.root(content)), "2")


def found(path: Path) -> tuple[Kind, Path]:
    """Which kind of model is at ``path``, and the file that describes it.

    Raises ValueError, in words, for what is none or could be taken for two.
    """
    if path.is_dir():
        if plain_files.there(path / MODEL_JSON):
            return "json", plain_files.inside(path, MODEL_JSON)
        if plain_files.there(path / saved_model.METADATA):
            return "saved model", plain_files.inside(path, saved_model.METADATA)
        raise ValueError(
            f"the folder has neither model.json nor {saved_model.METADATA}, so it does not say "
            "which layers it has; save the model itself, model.save('model.keras')"
        )
    plain_files.plain(path)
    with path.open("rb") as file:
        start = file.read(len(_HDF5))
    archive = zipfile.is_zipfile(path)
    if start == _HDF5 and not archive:
        return "h5", path
    if start.startswith(_ZIP) and archive and not _has_hdf5(path):
        return "keras", path
    if start == _HDF5 or archive:
        raise ValueError("it could be taken for two kinds of file")
    if start.lstrip()[:1] in (b"{", b"["):
        return "json", path
    raise ValueError("it is no HDF5, ZIP or JSON file")


def of_json(path: Path) -> Stored:
    """What a model.json says. Raises ValueError, in words, where that is no model."""
    whole = strict_json.parse(plain_files.read(path, LIMIT))
    if not isinstance(whole, Mapping) or "modelTopology" not in whole:
        raise ValueError(f"{path.name} has no modelTopology")
    topology = whole["modelTopology"]
    if not isinstance(topology, Mapping):
        raise ValueError("its modelTopology is no object")
    if "node" in topology:
        return Stored("json", "graph", topology, whole=whole)
    # TensorFlow.js itself saves a model without the envelope that the converter writes.
    model = topology.get("model_config", topology)
    return Stored("json", "layers", model, _version(topology), whole)


def _has_hdf5(path: Path) -> bool:
    """Whether HDF5 finds a file of its own in it: it may begin at any power of two."""
    import h5py

    return bool(h5py.is_hdf5(path))


def _member(archive: zipfile.ZipFile, name: str) -> Any:
    with archive.open(name) as file:
        return strict_json.parse(file.read(LIMIT + 1))


def _of_h5(path: Path) -> Stored:
    import h5py

    with path.open("rb") as raw, mmap.mmap(raw.fileno(), 0, access=mmap.ACCESS_READ) as content:
        hdf5_heaps.longest(content)
    with h5py.File(path, "r") as file:
        if "model_config" not in file.attrs:
            raise ValueError(_WEIGHTS_ALONE)
        config, version = (_attribute(file, name) for name in ("model_config", "keras_version"))
    return Stored("h5", "keras", strict_json.parse(config), _decoded(version))


def _attribute(file: Any, name: str) -> Any:
    """One text of an HDF5 file, "" where it has none of that name."""
    import h5py

    if name not in file.attrs:
        return ""
    attribute = h5py.h5a.open(file.id, name.encode())
    if attribute.shape != () or attribute.get_storage_size() > LIMIT:
        raise ValueError(f"its {name} is not one text")
    return file.attrs[name]


def _version(stored: Any) -> str:
    return _decoded(stored.get("keras_version", "")) if isinstance(stored, Mapping) else ""


def _decoded(text: Any) -> str:
    return text.decode("utf-8", "replace") if isinstance(text, bytes) else str(text)
