"""The TensorFlow.js bundle that ``models.tfjs.bundle`` has built, if there is one."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TypedDict

from models.storage import locations

DIST = Path(__file__).resolve().parent / "dist"


class About(TypedDict):
    """What ``build.js`` says of the bundle.

    ``version`` is a hash of its contents, ``entry`` the name of a file, ``first`` those of all
    scripts that it imports before it computes on its default backend, itself included.
    """

    version: str
    entry: str
    first: list[str]


def about() -> About | None:
    """What is known of the bundle.

    None when there is no bundle.
    """
    try:
        found: About = json.loads((DIST / "version.json").read_text("utf-8"))
    except (OSError, ValueError):
        return None
    return found


def entry() -> str | None:
    """``tfjs/VERSION/ENTRY``, the path at which the entry is served; None when there is no bundle.

    The path changes with the bundle's contents.
    """
    version = about()
    return None if version is None else f"tfjs/{version['version']}/{version['entry']}"


def first() -> list[str]:
    """The paths of the scripts that are imported first, like ``entry``; none without a bundle."""
    found = about()
    if found is None:
        return []
    names = found.get("first", [])  # an older bundle does not say
    return [f"tfjs/{found['version']}/{name}" for name in names]


def remedy() -> str:
    """The sentence that says how to get the bundle where it is missing."""
    if locations.is_installed():
        return "The package digit-parity brings it: install the package again."
    return "`python -m models.tfjs` in the checkout makes it."
