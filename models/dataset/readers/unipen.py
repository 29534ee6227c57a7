"""UNIPEN files of pen drawings: each drawing redrawn from its strokes, as on the canvas."""

from __future__ import annotations

import io

import numpy as np

from models.dataset.collector import Collector
from models.dataset.dataset import Bytes28
from models.dataset.value_range import to_bytes
from models.digit.digit import from_strokes
from models.digit.strokes import parse_unipen


def looks_like_one(head: bytes) -> bool:
    """Whether the first bytes hold one of UNIPEN's keywords at the start of a line."""
    lines = head.split(b"\n")
    return any(line.startswith((b".VERSION", b".SEGMENT", b".COMMENT")) for line in lines[:20])


def read(name: str, content: bytes, collector: Collector) -> None:
    """Put the drawings of a UNIPEN file into the set. Raises InputError."""
    pixels, labels = list[Bytes28](), list[int]()
    others, room = 0, collector.room
    for drawing in parse_unipen(io.TextIOWrapper(io.BytesIO(content), "latin-1"), "It"):
        if not 0 <= drawing.label <= 9:
            others += 1
            continue
        if len(labels) == room:
            collector.skip(
                name,
                f"The set is full: the drawings after its first {room:,} were left out. "
                f"A set holds at most {collector.limits.images:,}.",
            )
            break
        pixels.append(to_bytes(from_strokes(drawing.strokes).pixels))
        labels.append(drawing.label)
    if others:
        collector.skip(name, f"{others:,} of its drawings are labelled as no digit.")
    if labels:
        names = [f"{name} [{index}]" for index in range(len(labels))]
        collector.add(name, names, np.stack(pixels), np.array(labels))
