"""The TensorFlow.js bundle that ``models.tfjs.bundle`` has built, if there is one."""

from __future__ import annotations

import json
from pathlib import Path

from models.storage import locations

DIST = Path(__file__).resolve().parent / "dist"


def about() -> dict[str, str] | None:
    """The bundle's ``version``, a hash of its contents, and ``entry``, the name of a file.

    None when there is no bundle.
    """
    try:
        version: dict[str, str] = json.loads((DIST / "version.json").read_text("utf-8"))
    except (OSError, ValueError):
        return None
    return version


def entry() -> str | None:
    """``tfjs/VERSION/ENTRY``, the path at which the entry is served; None when there is no bundle.

    The path changes with the bundle's contents.
    """
    version = about()
    return None if version is None else f"tfjs/{version['version']}/{version['entry']}"


def remedy() -> str:
    """The sentence that says how to get the bundle where it is missing."""
    if locations.is_installed():
        return "The package digit-parity brings it: install the package again."
    return "`python -m models.tfjs` in the checkout makes it."
