"""How many numbers a lane gives for one picture: what a browser's answer is checked against."""

from __future__ import annotations

import math

from models.formats.manifest import Manifest


def count(manifest: Manifest) -> int:
    """Those of the first output."""
    if not manifest.outputs:  # a manifest of an older version: a number for each class
        return len(manifest.classes)
    return math.prod(manifest.outputs[0].whole)
