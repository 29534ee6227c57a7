"""Copies what any tensorflowjs converter wrote, or TensorFlow.js itself, unchanged where it can be.

The copy is a folder with model.json and its shards, which is what TensorFlow.js loads. Converters
before 1.0 wrote graphs in other files, which it no longer loads: these are written anew.
"""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Iterator, Mapping
from itertools import count
from pathlib import Path
from typing import Any

from models.errors import ModelError
from models.formats import model_tensors, safety, tensors, weights_manifest
from models.formats.architecture import file_kinds, reader
from models.formats.architecture import stored as stored_files
from models.formats.architecture.file_kinds import MODEL_JSON, OLD_GRAPH
from models.formats.architecture.stored import Stored
from models.formats.manifest import Manifest
from models.lanes import Format
from models.parity import known_limits
from models.storage import plain_files

OLD = f"a converter before 1.0, from whose {OLD_GRAPH} model.json was made"
# A page asks for a shard by its name, and # and ? and % mean something else in an address.
_PLAIN = re.compile(r"[A-Za-z0-9_(][A-Za-z0-9._ ()-]*", re.ASCII)


def copy(source: Path, form: Format, target: Path) -> str:
    """Copy a converted model's model.json and shards, nothing else, to a new folder ``target``.

    ``source`` is the model's folder, or the JSON file that describes it, of any name. Shards whose
    names cannot stay get others. Returns the model's own description of its converter. Raises
    ModelError when it is no model of that format, or what ``safety.check`` raises.
    """
    looked = safety.check(source)
    if looked.format == "keras":
        raise ModelError(
            f"{source} is no converted model. Expected the folder that tensorflowjs_converter "
            "wrote, with model.json and its shards."
        )
    stored, (_, path) = stored_files.read(source), file_kinds.found(source)
    if looked.format != form:
        actual = looked.format
        raise ModelError(f"{path} is a {actual} model: give it as --{actual}, not as --{form}.")
    target.mkdir()
    # A copy may be published: a path or a link to elsewhere could publish any file of the disk.
    shards = list(_shards(stored, path.parent))
    names = _names([shard.name for shard in shards])
    for shard in shards:
        shutil.copyfile(shard, target / names[shard.name])
    if stored.rewritten or any(old != new for old, new in names.items()):
        whole = json.dumps(_renamed(stored.whole or {}, names), separators=(",", ":"))
        (target / MODEL_JSON).write_text(whole, "utf-8")
    else:
        shutil.copyfile(path, target / MODEL_JSON)
    return _made_by(stored)


def refuse_shared(source: Path) -> None:
    """Raise ModelError for a shard that lies under a second name, too: whose file that is, nobody
    can tell, and what is added is published. To compare it is no harm: some installers link so.
    """
    safety.check(source)
    folder = source if source.is_dir() else source.parent
    for shard in _shards(stored_files.read(source), folder):
        if shard.stat().st_nlink > 1:
            raise ModelError(
                f"{shard} has a second name elsewhere, a hard link. Give a copy: `cp -r` makes one."
            )


def _shards(stored: Stored, folder: Path) -> Iterator[Path]:
    manifest = (stored.whole or {}).get("weightsManifest", [])
    for group in weights_manifest.groups(manifest, folder):
        yield from group.files


def _names(shards: list[str]) -> dict[str, str]:
    """What each shard is called in the copy."""
    taken = {MODEL_JSON, *(name.casefold() for name in shards)}
    fresh = (name for number in count(1) if (name := f"shard{number}.bin") not in taken)
    return {
        name: name if _PLAIN.fullmatch(name) and name.casefold() != MODEL_JSON else next(fresh)
        for name in shards
    }


def _renamed(whole: Mapping[str, Any], names: Mapping[str, str]) -> dict[str, Any]:
    """The same with other names of its shards."""
    groups = [
        {**group, "paths": [names[path.removeprefix("./")] for path in group["paths"]]}
        for group in whole["weightsManifest"]
    ]
    return {**whole, "weightsManifest": groups}


def _made_by(stored: Stored) -> str:
    if stored.kind == "old graph":
        return OLD
    whole = stored.whole or {}
    said = whole.get("convertedBy") or whole.get("generatedBy")
    known = isinstance(said, str) and said and plain_files.is_line(said)
    return str(said) if known else "an unnamed converter"


def misfits(
    manifest: Manifest, folders: Mapping[Format, Path], names: Mapping[Format, str], first: str
) -> Iterator[str]:
    """A sentence for each converted model in ``folders`` that takes or gives other shapes than the
    model of ``manifest``, which is called ``first``; ``names`` are what they are called.
    """
    for form, folder in folders.items():
        try:
            ends = model_tensors.read(folder)
        except ModelError:  # its lanes say why
            continue
        for verb, mine, its in (
            ("takes", manifest.takes, ends.inputs),
            ("gives", manifest.outputs, ends.outputs),
        ):
            if mine and its and not tensors.fit(mine, its):
                shapes = f"it {verb} {tensors.shapes(its)}, not {tensors.shapes(mine)}"
                yield f"{names[form]} does not fit {first}: {shapes}."


def of_keras_3(layers: Path) -> str | None:
    """Why nothing loads a layers model of Keras 3; None for any other."""
    for each in known_limits.predict(reader.read(layers)):
        if each.format == "layers" and each.limit.name == "keras3-batch-shape":
            return (
                f"{layers} was converted from {each.limit.what}. {each.limit.happens} tf_keras "
                f"does not load it either. {each.limit.way_out} Or give the original, too, or the "
                "graph model."
            )
    return None
