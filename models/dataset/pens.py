"""UNIPEN files of pen drawings: each drawing redrawn from its strokes, as on the canvas."""

from __future__ import annotations

import tempfile
from pathlib import Path

import numpy as np

from models.dataset.arrays import to_bytes
from models.dataset.items import Collector
from models.digit import from_strokes
from models.errors import InputError
from models.strokes import read_unipen


def looks_like_one(head: bytes) -> bool:
    """Whether the first bytes hold one of UNIPEN's keywords at the start of a line."""
    lines = head.split(b"\n")
    return any(line.startswith((b".VERSION", b".SEGMENT", b".COMMENT")) for line in lines[:20])


def read(name: str, content: bytes, collector: Collector) -> None:
    """Put the drawings of a UNIPEN file into the set. Raises InputError."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "drawings.unipen"
        path.write_bytes(content)
        try:
            drawings = read_unipen(path)
        except InputError as error:
            raise InputError(str(error).replace(str(path), "It")) from error
    room = max(collector.limits.images - collector.count, 0)
    pixels = np.zeros((len(drawings), 28, 28), np.uint8)
    labels = np.array([drawing.label for drawing in drawings])
    for index, drawing in enumerate(drawings[:room]):
        pixels[index] = to_bytes(from_strokes(drawing.strokes).pixels)
    known = (labels >= 0) & (labels <= 9)
    if not known.all():
        collector.skip(name, f"{(~known).sum():,} of its drawings are labelled as no digit.")
    names = [f"{name} [{index}]" for index in np.flatnonzero(known)]
    collector.add(name, names, pixels[known], labels[known])
