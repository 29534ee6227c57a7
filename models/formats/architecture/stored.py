"""What a model's file says of itself, out of an .h5, a .keras, a model.json or a SavedModel.

A model.json may have any name, and what it says may be written as converters before 1.0 wrote it,
or as TensorFlow.js has a model in memory: here it is what a model.json says.

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
from models.formats.architecture import graph_def, hdf5_heaps, saved_model
from models.lanes import Format
from models.storage import plain_files

Kind = Literal["h5", "keras", "json", "saved model", "exported", "old graph"]
MODEL_JSON = "model.json"
OLD_GRAPH, OLD_WEIGHTS = "tensorflowjs_model.pb", "weights_manifest.json"  # converters before 1.0
LIMIT = strict_json.LIMIT
_HDF5, _ZIP = b"\x89HDF\r\n\x1a\n", b"PK\x03\x04"
_MOST_JSON = 20  # files of a folder that are looked into for the one that describes a model
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
    kind, file = found(path)
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


def found(path: Path) -> tuple[Kind, Path]:
    """Which kind of model is at ``path``, and the file that describes it.

    Raises ValueError, in words, for what is none or could be taken for two.
    """
    if path.is_dir():
        return _in_folder(path)
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


def _in_folder(path: Path) -> tuple[Kind, Path]:
    kinds: tuple[tuple[str, Kind], ...] = (
        (MODEL_JSON, "json"),
        (saved_model.METADATA, "saved model"),
        (saved_model.GRAPH, "exported"),
        (OLD_GRAPH, "old graph"),
    )
    there = [(name, kind) for name, kind in kinds if plain_files.there(path / name)]
    if len(there) > 1 and there[0][0] == MODEL_JSON:
        raise ValueError(
            f"it could be taken for two kinds of model, with {MODEL_JSON} and {there[1][0]} in one "
            f"folder: name its {MODEL_JSON}, or give each a folder of its own"
        )
    for name, kind in there[:1]:
        return kind, plain_files.inside(path, name)
    described = _descriptions(path)
    if len(described) == 1:
        return "json", described[0]
    if described:
        names = ", ".join(plain_files.shown(each.name) for each in described[:5])
        raise ValueError(f"the folder has several models, {names}: name one of them")
    raise ValueError(
        f"the folder has neither {MODEL_JSON} nor {saved_model.METADATA}, so it does not say "
        "which layers it has; save the model itself, model.save('model.keras')"
    )


def _descriptions(folder: Path) -> list[Path]:
    """The files that are a model.json by another name, as a page names what it saves."""
    named = sorted(each for each in folder.iterdir() if each.suffix == ".json")
    return [
        each
        for each in named[:_MOST_JSON]
        if plain_files.is_inside(folder, each.name) and is_description(each)
    ]


def is_description(path: Path) -> bool:
    """Whether a JSON file says what a model.json says, by a word that no other has."""
    return path.stat().st_size <= LIMIT and b'"modelTopology"' in path.read_bytes()


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
