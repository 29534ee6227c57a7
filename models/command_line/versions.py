"""The versions that an answer depends on, without importing the packages."""

from __future__ import annotations

import json
import sys
from importlib import metadata
from pathlib import Path

from models.storage import locations

_PACKAGES = {"tensorflow": "", "tf_keras": "", "tensorflowjs": " (the converter)"}
_LOCK = Path(__file__).resolve().parents[1] / "tfjs" / "package-lock.json"


def lines(own: str) -> list[str]:
    """The versions of digit-parity, ``own``, and of the packages that convert and run models."""
    return [
        f"digit-parity {own}",
        *(f"{name} {_installed(name)}{what}" for name, what in _PACKAGES.items()),
        f"TensorFlow.js {_locked('@tensorflow/tfjs-core')}",
    ]


def _installed(name: str) -> str:
    places = [*sys.path, str(locations.converter())]  # where `digit-parity setup` installs
    found = next(iter(metadata.distributions(name=name, path=places)), None)
    return "is not installed" if found is None else found.version


def _locked(name: str) -> str:
    """The version in the lock file, which is the one in the bundle."""
    packages = json.loads(_LOCK.read_text("utf-8"))["packages"]
    return str(packages[f"node_modules/{name}"]["version"])
