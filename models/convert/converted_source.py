"""Copies folders that any tensorflowjs converter since version 1.0 wrote, unchanged."""

from __future__ import annotations

import shutil
from pathlib import Path

from models.errors import ModelError
from models.formats import safety, weights_manifest
from models.formats.architecture import stored as stored_files
from models.lanes import Format


def copy(source: Path, form: Format, target: Path) -> str:
    """Copy a converted model's model.json and shards, nothing else, to a new folder ``target``.

    ``source`` is the model's folder, or the model.json in it. Returns the model's own description
    of its converter. Raises ModelError when it is no model of that format, or
    what ``safety.check`` raises.
    """
    looked = safety.check(source)
    if looked.format == "keras":
        raise ModelError(
            f"{source} is no converted model. Expected the folder that tensorflowjs_converter "
            "wrote, with model.json and its shards."
        )
    path = source / "model.json" if source.is_dir() else source
    stored = stored_files.of_json(path).whole or {}
    if looked.format != form:
        actual = looked.format
        raise ModelError(f"{path} is a {actual} model: give it as --{actual}, not as --{form}.")
    target.mkdir()
    # The copies are public: a path or a link to elsewhere could publish any file of the disk.
    for group in weights_manifest.groups(stored["weightsManifest"], path.parent):
        for shard in group.files:
            shutil.copyfile(shard, target / shard.name)
    shutil.copyfile(path, target / "model.json")
    return str(stored.get("convertedBy") or "an unnamed converter")
