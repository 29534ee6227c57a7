"""Copies folders that any tensorflowjs converter since version 1.0 wrote, unchanged."""

from __future__ import annotations

import json
import shutil
from pathlib import Path, PurePosixPath, PureWindowsPath

from models.convert.keras_source import refuse_code
from models.errors import ModelError
from models.lanes import Format


def copy(source: Path, form: Format, target: Path) -> str:
    """Copy a converted model's model.json and shards, nothing else, to a new folder ``target``.

    ``source`` is the model's folder, or the model.json in it. Returns the model's own description
    of its converter. Raises ModelError when it is no model of that format.
    """
    path = source / "model.json" if source.is_dir() else source
    try:
        text = path.read_bytes()
        stored = json.loads(text)
        actual = "graph" if "node" in stored["modelTopology"] else "layers"
        shards = [str(name) for group in stored["weightsManifest"] for name in group["paths"]]
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise ModelError(
            f"{path} is no converted model ({type(error).__name__}: {error}). Expected the folder "
            "that tensorflowjs_converter wrote, with model.json and its shards."
        ) from error
    if actual != form:
        raise ModelError(f"{path} is a {actual} model: give it as --{actual}, not as --{form}.")
    refuse_code(text, path)
    target.mkdir()
    (target / "model.json").write_bytes(text)
    for name in shards:
        # The copies are public: a path or a link to elsewhere could publish any file of the disk.
        shard = path.parent / name
        # On Windows, a backslash or a drive leads elsewhere, too.
        plain = PurePosixPath(name).name == PureWindowsPath(name).name == name
        if not plain or not shard.is_file():
            raise ModelError(f"{path} lists the shard {name!r}, which is not beside it.")
        if shard.is_symlink():
            raise ModelError(
                f"{shard} is a link. Give the files themselves: `cp -rL` copies a folder without "
                "links."
            )
        shutil.copyfile(shard, target / name)
    return str(stored.get("convertedBy") or "an unnamed converter")
