"""Which kind of model a file or folder is, and the file that describes it.

A file's kind is decided by its first bytes, and no file may be two kinds at once: who loads it may
go by another sign, and load what nobody looked at.
"""

from __future__ import annotations

import zipfile
from pathlib import Path
from typing import Literal

from models.formats import strict_json
from models.formats.architecture import saved_model
from models.storage import plain_files

Kind = Literal["h5", "keras", "json", "saved model", "exported", "old graph"]
MODEL_JSON = "model.json"
OLD_GRAPH = "tensorflowjs_model.pb"  # of converters before 1.0
_HDF5, _ZIP = b"\x89HDF\r\n\x1a\n", b"PK\x03\x04"
_MOST_JSON = 20  # files of a folder that are looked into for the one that describes a model


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
    return path.stat().st_size <= strict_json.LIMIT and b'"modelTopology"' in path.read_bytes()


def _has_hdf5(path: Path) -> bool:
    """Whether HDF5 finds a file of its own in it: it may begin at any power of two."""
    import h5py

    return bool(h5py.is_hdf5(path))
