"""Pictures written as lines of 0 and 1, 32 of 32: one a file, as in many books, or one after the
other with its label below, as UCI's optical digits came.
"""

from __future__ import annotations

import re

import numpy as np
from numpy.typing import NDArray

from models.dataset.collector import Collector
from models.dataset.readers import arrays, csv_lines
from models.dataset.readers.parts import Parts
from models.dataset.readers.shapes import Pictures
from models.errors import InputError

_ROW = re.compile("[01]{7,4096}")
_HEAD = re.compile(rb"(?:^|\n)([01]{7,4096})\r?\n([01]{7,4096})(?=\r?\n|$)")
_LEAST = 7  # rows


def looks_like_one(head: bytes) -> bool:
    """Whether two lines of the first bytes are as long, of 0 and 1 alone."""
    found = _HEAD.search(head)
    return bool(found and len(found[1]) == len(found[2]))


def read(name: str, content: bytes, collector: Collector) -> None:
    """Add the pictures of such a text, with the labels below them. Raises InputError."""
    pixels, labels = list[NDArray[np.uint8]](), list[int]()
    rows = list[str]()
    others = 0
    for _, line in csv_lines.of(content):
        text = line.strip()
        is_row = bool(_ROW.fullmatch(text))
        if rows and (not is_row or len(text) != len(rows[0]) or len(rows) == len(rows[0])):
            others += not _take(rows, pixels, labels)
            rows = []
        if is_row:
            rows.append(text)
        elif len(text) == 1 and text.isdecimal() and labels:
            labels[-1] = int(text)
        if len(pixels) > collector.room:
            break
    others += bool(rows) and not _take(rows, pixels, labels)
    if others:
        collector.skip(name, f"{others:,} of its pictures have other sides, and were left out.")
    if not pixels:
        raise InputError("It has lines of 0 and 1, but none of its pictures has 7 lines.")
    whole = np.stack(pixels)
    given = Parts.of(whole, Pictures(len(whole), whole.shape[1:]))
    if max(labels) < 0:
        arrays.add_unlabelled(collector, name, given)
    else:
        known = arrays.labels_for(len(whole), lambda: np.array(labels), collector, name)
        arrays.add(collector, name, given, known)


def _take(rows: list[str], pixels: list[NDArray[np.uint8]], labels: list[int]) -> bool:
    """Keep the picture of these rows, if it is one and has the others' sides."""
    if len(rows) < _LEAST or (pixels and pixels[0].shape != (len(rows), len(rows[0]))):
        return False
    flat = np.frombuffer("".join(rows).encode("ascii"), np.uint8) - ord("0")
    pixels.append(flat.reshape(len(rows), len(rows[0])))
    labels.append(-1)
    return True
