"""The TensorFlow.js bundle that ``models.tfjs.bundle`` has made, if it has."""

from __future__ import annotations

import json
from pathlib import Path

DIST = Path(__file__).resolve().parent / "dist"


def about() -> dict[str, str] | None:
    """What the build says of itself: ``version``, a hash of the contents, and ``entry``, a file.

    None when there is no bundle.
    """
    try:
        said: dict[str, str] = json.loads((DIST / "version.json").read_text())
    except (OSError, ValueError):
        return None
    return said


def entry() -> str | None:
    """``tfjs/VERSION/ENTRY``, the path that the entry is served at; None when there is no bundle.

    It changes with the bundle's contents.
    """
    said = about()
    return None if said is None else f"tfjs/{said['version']}/{said['entry']}"
