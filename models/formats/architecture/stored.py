"""What a model's file says of itself, out of an .h5, a .keras, a model.json or a SavedModel.

A model.json may have any name, and what it says may be written as converters before 1.0 wrote it,
or as TensorFlow.js has a model in memory: here it is what a model.json says.

Nothing in the file is run, no weights are read, and what is read has a bound.
"""

from __future__ import annotations

import mmap
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from models.formats import strict_json
from models.formats.architecture import file_kinds, graph_def, hdf5_heaps, saved_model
from models.formats.architecture.file_kinds import Kind
from models.lanes import Format
from models.storage import plain_files

OLD_WEIGHTS = "weights_manifest.json"  # beside OLD_GRAPH
LIMIT = strict_json.LIMIT
_WEIGHTS_ALONE = (
    "it holds weights without a model; build the model, load the weights into it and save it "
    "whole, model.save('model.h5')"
)
_NO_WEIGHTS = (
    "it holds a model without weights, what model.to_json() gives; build the model from it, load "
    "the weights into it and save it whole, model.save('model.h5')"
)
_WEIGHTS_AS_TEXT = (
    "it holds its weights as text, as a browser's storage keeps them; load it in the page and save "
    "it by model.save('downloads://NAME'), and give both files"
)


class WeightsAloneError(ValueError):
    """An .h5 without a model."""

    def __init__(self) -> None:
        super().__init__(_WEIGHTS_ALONE)


class NoWeightsError(ValueError):
    """A JSON file of a model without weights."""

    def __init__(self) -> None:
        super().__init__(_NO_WEIGHTS)


@dataclass(frozen=True)
class Stored:
    """``model`` is what Keras stores, ``{"class_name": …, "config": …}``, or a graph's topology;
    ``version`` that of the Keras that saved it, "" where it does not say. ``whole`` is all that a
    model.json says, and ``rewritten`` whether it is written otherwise in the file itself, which
    TensorFlow.js does not load. Of a SavedModel without Keras, ``whole`` has the signature.
    """

    kind: Kind
    format: Format
    model: Any
    version: str = ""
    whole: Mapping[str, Any] | None = None
    rewritten: bool = False


def read(path: Path) -> Stored:
    """What the file or folder at ``path`` says.

    Raises ValueError or OSError, or what h5py and zipfile raise, for anything else.
    """
    kind, file = file_kinds.found(path)
    if kind == "json":
        return of_json(file)
    if kind == "old graph":
        return _of_old_graph(file)
    if kind == "keras":
        with zipfile.ZipFile(file) as archive:
            config, metadata = (_member(archive, name) for name in ("config.json", "metadata.json"))
        return Stored(kind, "keras", config, _version(metadata))
    if kind == "h5":
        return _of_h5(file)
    if kind == "exported":
        content = plain_files.read(file, saved_model.MAX_GRAPH)
        said = {"signature": saved_model.signature(content)}
        return Stored(kind, "keras", saved_model.topology(content), whole=said)
    content = plain_files.read(file, LIMIT)
    return Stored(kind, "keras", strict_json.parse(saved_model.root(content)), "2")


def of_json(path: Path) -> Stored:
    """What a model.json says. Raises ValueError, in words, where that is no model."""
    whole = strict_json.parse(plain_files.read(path, LIMIT))
    if isinstance(whole, Mapping) and {"class_name", "config"} <= whole.keys():
        raise NoWeightsError
    if not isinstance(whole, Mapping) or "modelTopology" not in whole:
        raise ValueError(f"{path.name} has no modelTopology")
    topology = whole["modelTopology"]
    if not isinstance(topology, Mapping):
        raise ValueError("its modelTopology is no object")
    listed = _with_weights(whole, path)
    rewritten = listed is not whole
    if "node" in topology:
        return Stored("json", "graph", topology, whole=listed, rewritten=rewritten)
    # TensorFlow.js itself saves a model without the envelope that the converter writes.
    model = topology.get("model_config", topology)
    return Stored("json", "layers", model, _version(topology), listed, rewritten)


def _with_weights(whole: Mapping[str, Any], path: Path) -> Mapping[str, Any]:
    """The same with a weightsManifest, where it lists its weights as TensorFlow.js has them in
    memory, and their one file lies beside it. Raises ValueError where they are text in it.
    """
    if "weightsManifest" in whole or not isinstance(whole.get("weightSpecs"), list):
        return whole
    known = (f"{path.stem}.weights.bin", "weights.bin", f"{path.stem}.bin")
    there = next((name for name in known if plain_files.there(path.with_name(name))), "")
    if not there and isinstance(whole.get("weightData"), str):
        raise ValueError(_WEIGHTS_AS_TEXT)
    there = there or known[0]
    kept = {key: value for key, value in whole.items() if key not in ("weightSpecs", "weightData")}
    return kept | {"weightsManifest": [{"paths": [there], "weights": whole["weightSpecs"]}]}


def _of_old_graph(path: Path) -> Stored:
    """What a converter before 1.0 wrote: the graph in a file of its own, the list of its weights
    in another.
    """
    topology = graph_def.topology(plain_files.read(path, saved_model.MAX_GRAPH))
    if "library" in topology:
        raise ValueError("it has functions, which no converter before 1.0 wrote")
    listed = plain_files.inside(path.parent, OLD_WEIGHTS)
    weights = strict_json.parse(plain_files.read(listed, LIMIT))
    whole = {"format": "graph-model", "modelTopology": topology, "weightsManifest": weights}
    return Stored("old graph", "graph", topology, whole=whole, rewritten=True)


def _member(archive: zipfile.ZipFile, name: str) -> Any:
    with archive.open(name) as file:
        return strict_json.parse(file.read(LIMIT + 1))


def _of_h5(path: Path) -> Stored:
    import h5py

    with path.open("rb") as raw, mmap.mmap(raw.fileno(), 0, access=mmap.ACCESS_READ) as content:
        hdf5_heaps.longest(content)
    with h5py.File(path, "r") as file:
        if "model_config" not in file.attrs:
            raise WeightsAloneError
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
