"""The models on the operator's disk: each folder of ``models/`` that has a manifest."""

from __future__ import annotations

import hashlib
import os
import re
from functools import lru_cache
from pathlib import Path

from models.errors import ModelError
from models.formats import manifest as manifests
from models.formats.manifest import Manifest

DEFAULT = "mnist"
_HERE = Path(__file__).resolve().parents[1]
_NAME = re.compile(r"[A-Za-z0-9][\w-]*")


def root() -> Path:
    """Where models live; the environment variable ``DIGIT_PARITY_MODELS`` may point elsewhere."""
    return Path(os.environ.get("DIGIT_PARITY_MODELS", _HERE))


def names() -> list[str]:
    """The models that are there, the shipped one first."""
    found = {path.parent.name for path in root().glob("*/manifest.json")}
    return sorted(filter(is_name, found), key=lambda name: (name != DEFAULT, name))


def is_name(text: str) -> bool:
    """Whether a model may have this name: it is part of addresses."""
    return _NAME.fullmatch(text) is not None


def folder(name: str) -> Path:
    """The folder of a model. Raises ModelError for a name that is not in ``names()``."""
    path = root() / name
    if not is_name(name) or not (path / "manifest.json").is_file():
        known = ", ".join(names()) or "none"
        raise ModelError(f"There is no model named {name!r}. Models here: {known}.")
    return path


def find(asked: str) -> Path:
    """The folder of a model, asked for by its path or by its name.

    Raises ModelError when it is neither.
    """
    path = Path(asked)
    return path if (path / "manifest.json").is_file() else folder(asked)


def manifest(name: str) -> Manifest:
    """The manifest of a model, read again only when its file changes."""
    path = folder(name)
    return _read(path, (path / "manifest.json").stat().st_mtime_ns)


@lru_cache(maxsize=32)
def _read(path: Path, changed_ns: int) -> Manifest:
    return manifests.read(path)


def version(name: str) -> str:
    """A short hash of a model's manifest, which lists the hash of every file."""
    return hashlib.sha256((folder(name) / "manifest.json").read_bytes()).hexdigest()[:16]
