"""Gives pictures the labels that tables and lists beside them have for their names."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import PurePosixPath

import numpy as np

from models.dataset.classes import UNKNOWN
from models.dataset.collector import Collector
from models.dataset.names import shown
from models.dataset.readers.arrays import said
from models.dataset.readers.label_list import NTH

IN_ORDER = ", in the order of the pictures' names"
_PARTS = re.compile(r"([0-9]+)")


def pair(collector: Collector) -> None:
    """Give pictures the labels that tables beside them have for their names, with their folders or
    without. A table goes before a picture's own name. A list without names that has no pictures
    may be that of an array of as many images, which ``pairs`` looks for next.
    """
    for name, table in collector.part.tables:
        folder = PurePosixPath(shown(name)).parent
        ordered = NTH.format(1) in table
        labels = _Labels(folder, _in_order(folder, table, collector) if ordered else table)
        places, texts = list[tuple[int, int]](), list[str]()
        for block, digits in enumerate(collector.part.digits):
            for at in np.flatnonzero(digits.named).tolist():
                if (text := labels.of(PurePosixPath(digits.names[at]))) is not None:
                    places.append((block, at))
                    texts.append(text)
        if not texts and ordered and _has_array(len(table), collector):
            texts = list(table.values())
            classes = said(collector.options.known.of_texts(texts), texts, collector, name)
            collector.part.labels.append((name, classes))
            continue
        if not texts:
            collector.skip(
                name,
                f"Its {len(table):,} labels belong to no picture that was read. Expected names of "
                "pictures beside it, with or without their folders.",
            )
            continue
        classes = said(collector.options.known.of_texts(texts), texts, collector, name)
        for (block, at), found in zip(places, classes, strict=True):
            digits = collector.part.digits[block]
            digits.labels[at], digits.named[at] = found, False
        source = PurePosixPath(shown(name)).name + (IN_ORDER if ordered else "")
        collector.part.sources[source] += int((classes != UNKNOWN).sum())


def _has_array(count: int, collector: Collector) -> bool:
    return any(each[2] == count for each in collector.part.images)


def _in_order(folder: PurePosixPath, table: dict[str, str], collector: Collector) -> dict[str, str]:
    """Labels without names, by the pictures of their folder in the order of names, with 2 before
    10. None where there are more or fewer, or they are the classes themselves.
    """
    every = (name for digits in collector.part.digits for name in digits.names)
    names = sorted((each for each in every if PurePosixPath(each).parent == folder), key=_natural)
    texts = list(table.values())
    if len(texts) != len(names) or texts == list(collector.options.known.names):
        return table
    return dict(zip((PurePosixPath(each).name for each in names), texts, strict=True))


def _natural(name: str) -> list[tuple[int, str]]:
    return [(int(each[:18]), "") if each.isdecimal() else (-1, each) for each in _PARTS.split(name)]


class _Labels:
    """A table's labels, by whole paths, by names without a suffix and by names alone."""

    def __init__(self, folder: PurePosixPath, table: dict[str, str]) -> None:
        self._folder = folder
        self._whole = {PurePosixPath(file.replace("\\", "/")): text for file, text in table.items()}
        # The same name in two folders is nobody's.
        names = Counter(path.name for path in self._whole)
        self._names = {
            path.name: text for path, text in self._whole.items() if names[path.name] < 2
        }

    def of(self, path: PurePosixPath) -> str | None:
        if not path.name:
            return None
        inner = path.relative_to(self._folder) if path.is_relative_to(self._folder) else path
        for each in (inner, inner.with_suffix("")):
            if (text := self._whole.get(each, self._names.get(each.name))) is not None:
                return text
        return None
