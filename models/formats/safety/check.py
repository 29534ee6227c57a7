"""Looks at all files of a model before any of them is loaded."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from models.errors import ModelError
from models.formats import manifest as manifests
from models.formats import model_json, weights_manifest
from models.formats.architecture import file_kinds, reader, stored
from models.formats.manifest import Manifest
from models.formats.safety import descriptions, keras_files, operations
from models.lanes import Format
from models.storage import plain_files


@dataclass(frozen=True)
class Looked:
    """What was looked at: the format, and how many numbers its files can hold at most."""

    format: Format
    values: int


def check(path: Path) -> Looked:
    """Look at a model's files: an .h5, a .keras, a SavedModel, a converted folder, its model.json,
    which may have another name.

    Raises ModelError, which names the file and what is wrong with it, for what may not be loaded:
    code, an operation that reaches beyond its tensors, a link or a name that leads elsewhere, and
    sizes that the files do not have.
    """
    if not plain_files.there(path):
        raise ModelError(f"There is nothing at {path}. {reader.EXPECTED}")
    named = path
    try:
        kind, file = file_kinds.found(path)
        if kind not in ("json", "old graph"):
            return Looked("keras", keras_files.check(path))
        named = file
        return _converted(path if path.is_dir() else file)
    except reader.UNREADABLE as error:
        raise ModelError(_sentence(named, error)) from error


def check_model(folder: Path, manifest: Manifest) -> None:
    """Look at every stored form of a model, and at the original that Keras 3 saved.

    Raises what ``check`` raises; the files that the manifest only lists have to be plain ones.
    """
    check_files(folder, manifest)
    for name in (*manifest.lanes.values(), *filter(None, [manifest.original])):
        check(folder / name)


def check_files(folder: Path, manifest: Manifest) -> None:
    """Raise ModelError for a link, a device or a name that leads elsewhere among its files."""
    listed = (*manifest.files, *manifest.lanes.values(), *filter(None, [manifest.original]))
    for name in dict.fromkeys((manifests.NAME, *listed)):
        if name in manifest.lanes.values() and _is_folder(folder / name):
            continue  # a SavedModel, whose files are listed, and are all looked at by `check`
        if plain_files.there(folder / name):
            try:
                plain_files.inside(folder, name)
            except ValueError as error:
                raise ModelError(f"The model in {folder} is not read: {error}.") from error


def _is_folder(path: Path) -> bool:
    return path.is_dir() and not path.is_symlink()


def _converted(path: Path) -> Looked:
    found = stored.read(path)
    whole = found.whole or {}
    if found.format == "graph":
        operations.check(operations.of_topology(found.model))
        # What TensorFlow.js runs first, to fill tables.
        operations.check(operations.of_topology(whole.get("modelInitializer") or {}))
    else:
        descriptions.check(found.model)
    manifest, folder = whole.get("weightsManifest"), path if path.is_dir() else path.parent
    groups = weights_manifest.groups(manifest, folder)
    if any(group.texts for group in groups):
        model_json.read_weights(manifest, folder)  # raises where they end elsewhere
    return Looked(found.format, sum(group.values for group in groups))


def _sentence(path: Path, error: Exception) -> str:
    why = getattr(error, "strerror", None) or plain_files.line(error).rstrip(".")
    if why.startswith(("calls ", "cannot ", "has ", "is ", "lists ", "takes ")):
        return f"{path} {why}."
    return f"{path} is no model that can be loaded: {why}. {reader.EXPECTED}"
