"""Builds a new model in a temporary folder, which is moved into place when all went well."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from models.errors import ModelError
from models.formats import manifest as manifests
from models.formats import store
from models.storage.whole_folder import whole_folder


@contextmanager
def staged(name: str, replace_old: bool) -> Iterator[Path]:
    """Give an empty folder to build the model ``name`` in; if that fails, nothing has changed.

    Raises ModelError for an invalid name, or one that is taken unless ``replace_old``.
    """
    target = target_of(name, replace_old)
    earlier = store.find_name(name)
    with whole_folder(target) as folder:
        yield folder
    if earlier is not None and earlier != target:
        _remove(earlier)


def target_of(name: str, replace_old: bool) -> Path:
    """The folder of a new model. Raises ModelError for an invalid name, or one that is taken."""
    target = store.root() / name
    if not store.is_name(name):
        raise ModelError(f"{name!r} is no name for a model. Expected letters, digits, - and _.")
    if name.casefold() == store.DEFAULT:  # some disks do not tell MNIST from mnist
        raise ModelError(f"{name} is the model that ships. Give yours another name.")
    if store.find_name(name) is not None and not replace_old:
        raise ModelError(f"There is a model named {name!r}. Choose another name, or say --replace.")
    if target.exists() and not (target / manifests.NAME).is_file():
        raise ModelError(f"{target} exists and is no model. Choose another name.")
    return target


def _remove(folder: Path) -> None:
    """Remove a model that an older version put beside the code.

    Code of the same name stays, and so do the models in a model that was named ``added``.
    """
    if folder.is_symlink():
        folder.unlink()
    elif (folder / "__init__.py").is_file() or folder == store.ADDED:
        (folder / manifests.NAME).unlink()
    else:
        shutil.rmtree(folder)
