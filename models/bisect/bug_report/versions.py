"""The versions of what a bug report compares."""

from __future__ import annotations

from importlib import metadata
from pathlib import Path

import models
from models.formats.architecture import stored as stored_files

_PACKAGES = ("tensorflow", "tf_keras", "keras")


def of(path: Path) -> dict[str, str]:
    """By name, for a model whose model.json is at ``path``; what is not known is left out."""
    whole = stored_files.of_json(path).whole or {}
    said = {"converted by": whole.get("convertedBy"), "saved by": whole.get("generatedBy")}
    found = {name: str(each)[:200] for name, each in said.items() if each}
    return found | _installed() | {"digit-parity": models.__version__}


def _installed() -> dict[str, str]:
    found = {}
    for name in _PACKAGES:
        try:
            found[name] = metadata.version(name)
        except metadata.PackageNotFoundError:
            continue
    return found
