"""Folders that a tensorflowjs converter wrote, of any version since 1.0, taken as they are."""

from __future__ import annotations

import json
import shutil
from pathlib import Path, PurePosixPath

from models.add.keras_source import refuse_code
from models.errors import ModelError
from models.lanes import Format


def copy(source: Path, form: Format, target: Path) -> str:
    """Copy a converted model's model.json and shards, nothing else, to a new folder ``target``.

    ``source`` is its folder, or the model.json in it. Returns the converter that wrote it, in its
    own words. Raises ModelError when it is no model of that format.
    """
    path = source / "model.json" if source.is_dir() else source
    try:
        text = path.read_bytes()
        stored = json.loads(text)
        found = "graph" if "node" in stored["modelTopology"] else "layers"
        shards = [str(name) for group in stored["weightsManifest"] for name in group["paths"]]
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise ModelError(
            f"{path} is no converted model ({type(error).__name__}: {error}). Expected the folder "
            "that tensorflowjs_converter wrote, with model.json and its shards."
        ) from error
    if found != form:
        raise ModelError(f"{path} is a {found} model: give it as --{found}, not as --{form}.")
    refuse_code(text, path)
    target.mkdir()
    (target / "model.json").write_bytes(text)
    for name in shards:
        # A name that leads elsewhere would copy any file of the disk to where all may fetch it.
        if PurePosixPath(name).name != name or not (path.parent / name).is_file():
            raise ModelError(f"{path} lists the shard {name!r}, which is not beside it.")
        shutil.copyfile(path.parent / name, target / name)
    return str(stored.get("convertedBy") or "an unnamed converter")
