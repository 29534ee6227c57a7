"""The models on the operator's disk: folders with a manifest, apart from the code.

The model that ships lies in ``models/mnist``, those of the operator in ``models/added``, for an
installed wheel in the user's folder. Older versions put them into ``models/`` itself, beside the
code: they are found there too. Where the environment variable ``DIGIT_PARITY_MODELS`` names a
folder, all models are in that one.
"""

from __future__ import annotations

import hashlib
import os
import re
from functools import lru_cache
from pathlib import Path

from models.errors import ModelError
from models.formats import manifest as manifests
from models.formats.manifest import Manifest
from models.storage import locations

DEFAULT = "mnist"
VARIABLE = "DIGIT_PARITY_MODELS"
ADDED = locations.added()
_BESIDE_CODE = Path(__file__).resolve().parents[1]
SHIPPED = _BESIDE_CODE / DEFAULT
EXAMPLES = SHIPPED / "examples.npz"  # a hundred digits, in the layout of Keras's mnist.npz
_NAME = re.compile(r"[A-Za-z0-9][\w-]*")


def root() -> Path:
    """The folder that new models are added to, which need not exist yet."""
    return _places()[0]


def names() -> list[str]:
    """All models' names, the shipped one first."""
    known = {
        path.parent.name
        for place in _places()
        for path in place.glob(f"*/{manifests.NAME}")
        if path.is_file()  # a pipe would keep every page waiting
    }
    return sorted(filter(is_name, known), key=lambda name: (name != DEFAULT, name))


def is_name(text: str) -> bool:
    """Whether a model may have this name, which becomes part of URLs."""
    return _NAME.fullmatch(text) is not None


def folder(name: str) -> Path:
    """The folder of a model. Raises ModelError for a name that is not in ``names()``."""
    path = find_name(name)
    if path is None:
        known = ", ".join(names()) or "none"
        raise ModelError(f"There is no model named {name!r}. Models here: {known}.")
    return path


def find_name(name: str) -> Path | None:
    """The folder of the model with this name, None where there is none."""
    if not is_name(name):
        return None
    # Only the shipped model has the shipped model's name.
    places = reversed(_places()) if name == DEFAULT else _places()
    return next((at / name for at in places if (at / name / manifests.NAME).is_file()), None)


def find(path_or_name: str) -> Path:
    """The folder of a model, given its path or its name.

    Raises ModelError when it is neither.
    """
    path = Path(path_or_name)
    return path if (path / manifests.NAME).is_file() else folder(path_or_name)


def find_given(path_or_name: str) -> Path | None:
    """The same, but None for a path where something else lies, such as a model's file.

    Raises ModelError when there is neither.
    """
    path = Path(path_or_name)
    if find_name(path_or_name) is None and path.exists() and not (path / manifests.NAME).is_file():
        return None
    return find(path_or_name)


def manifest(name: str) -> Manifest:
    """The manifest of a model, read again only when its file changes. Raises ModelError."""
    path = folder(name)
    try:
        changed_ns = (path / manifests.NAME).stat().st_mtime_ns
    except OSError:  # gone since; reading it says so
        changed_ns = 0
    return _read(path, changed_ns)


def _places() -> tuple[Path, ...]:
    """The folders that hold models; the first has precedence when a name is in both."""
    elsewhere = os.environ.get(VARIABLE)
    return (Path(elsewhere),) if elsewhere else (ADDED, _BESIDE_CODE)


@lru_cache(maxsize=32)
def _read(path: Path, changed_ns: int) -> Manifest:
    return manifests.read(path)


def version(name: str) -> str:
    """A short hash of a model's manifest, which lists the hash of every file."""
    return hashlib.sha256((folder(name) / "manifest.json").read_bytes()).hexdigest()[:16]
