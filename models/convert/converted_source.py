"""Copies folders that any tensorflowjs converter since version 1.0 wrote, unchanged."""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from models.errors import ModelError
from models.formats import safety, weights_manifest
from models.formats.architecture import stored as stored_files
from models.lanes import Format
from models.storage import plain_files


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
    # A copy may be published: a path or a link to elsewhere could publish any file of the disk.
    for shard in _shards(stored, path.parent):
        shutil.copyfile(shard, target / shard.name)
    shutil.copyfile(path, target / "model.json")
    made_by = stored.get("convertedBy")
    known = isinstance(made_by, str) and made_by and plain_files.is_line(made_by)
    return str(made_by) if known else "an unnamed converter"


def refuse_shared(source: Path) -> None:
    """Raise ModelError for a shard that lies under a second name, too: whose file that is, nobody
    can tell, and what is added is published. To compare it is no harm: some installers link so.
    """
    safety.check(source)
    folder = source if source.is_dir() else source.parent
    stored = stored_files.read(source).whole or {}
    for shard in _shards(stored, folder):
        if shard.stat().st_nlink > 1:
            raise ModelError(
                f"{shard} has a second name elsewhere, a hard link. Give a copy: `cp -r` makes one."
            )


def _shards(stored: Mapping[str, Any], folder: Path) -> Iterator[Path]:
    for group in weights_manifest.groups(stored.get("weightsManifest", []), folder):
        yield from group.files
