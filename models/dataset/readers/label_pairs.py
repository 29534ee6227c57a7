"""Gives pictures the labels that tables and lists beside them have for their names."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterator
from pathlib import PurePosixPath

import numpy as np

from models.dataset.classes import UNKNOWN, Classes
from models.dataset.collector import Collector
from models.dataset.names import shown
from models.dataset.readers.arrays import said
from models.dataset.readers.label_list import NTH

IN_ORDER = ", in the order of the pictures' names"
_PARTS = re.compile(r"([0-9]+)")

Place = tuple[int, int]
"""A block of pictures, and a picture's place in it."""


def pair(collector: Collector) -> None:
    """Give pictures the labels that tables beside them have for their names, with their folders or
    without. A table goes before a picture's own name. A list without names that has no pictures
    may be that of an array of as many images, which ``pairs`` looks for next.
    """
    if not collector.part.tables:
        return
    known, pictures, folders = collector.options.known, _Pictures(collector), _folders(collector)
    arrays, labelled = {count for *_, count in collector.part.images}, list[dict[Place, str]]()
    for name, given in collector.part.tables:
        folder = PurePosixPath(shown(name)).parent
        table = _named(given, folders[folder], known)
        labelled.append(dict(pictures.by_path(folder, table)))
    for (name, given), found in zip(collector.part.tables, labelled, strict=True):
        ordered = _is_ordered(given)
        if not ordered:
            found |= dict(pictures.by_name(_named(given, [], known)))
        if not found and ordered and len(given) in arrays:
            texts = list(given.values())
            classes = said(known.of_texts(texts), texts, collector, name)
            collector.part.labels.append((name, classes))
        elif not found:
            collector.skip(
                name,
                f"Its {len(given):,} labels belong to no picture that was read. Expected names of "
                "pictures beside it, with or without their folders.",
            )
        else:
            texts = list(found.values())
            classes = said(known.of_texts(texts), texts, collector, name)
            for (block, at), label in zip(found, classes, strict=True):
                collector.part.digits[block].labels[at] = label
            source = PurePosixPath(shown(name)).name + (IN_ORDER if ordered else "")
            collector.part.sources[source] += int((classes != UNKNOWN).sum())


def _is_ordered(table: dict[str, str]) -> bool:
    return NTH.format(1) in table


def _folders(collector: Collector) -> dict[PurePosixPath, list[str]]:
    """The names of each folder's pictures."""
    folders = defaultdict[PurePosixPath, list[str]](list)
    for digits in collector.part.digits:
        for each in digits.names:
            path = PurePosixPath(each)
            folders[path.parent].append(path.name)
    return folders


def _named(table: dict[str, str], names: list[str], known: Classes) -> dict[str, str]:
    """The labels of a table by pictures' names. A list without names is that of ``names``, those of
    its folder, in their order, with 2 before 10; none where these are more or fewer. A list of the
    classes themselves labels nothing.
    """
    texts = list(table.values())
    if not _is_ordered(table):
        return {} if _are_classes(list(table), texts, known) else table
    numbers = [str(at) for at in range(len(texts))]
    if len(texts) != len(names) or _are_classes(numbers, texts, known):
        return {}
    return dict(zip(sorted(names, key=_natural), texts, strict=True))


def _are_classes(numbers: list[str], texts: list[str], known: Classes) -> bool:
    """Whether it lists all classes, "0": "zero" and so on, which are no pictures' labels."""
    if len(texts) != known.count:
        return False
    if texts == list(known.names):
        return True
    every = np.arange(known.count)
    return all(np.array_equal(known.of_texts(each), every) for each in (numbers, texts))


def _natural(name: str) -> list[tuple[int, str]]:
    return [(int(each[:18]), "") if each.isdecimal() else (-1, each) for each in _PARTS.split(name)]


class _Pictures:
    """The pictures that may be labelled, found by their names: a set may have thousands of tables,
    and none of them may look at every picture.
    """

    def __init__(self, collector: Collector) -> None:
        self._digits = collector.part.digits
        self._paths = defaultdict[PurePosixPath, list[Place]](list)  # and those without suffixes
        self._names = defaultdict[str, list[Place]](list)
        for block, digits in enumerate(self._digits):
            for at in np.flatnonzero(digits.named).tolist():
                path = PurePosixPath(digits.names[at])
                for each in {path, _bare(path)}:
                    self._paths[each].append((block, at))
                    self._names[each.name].append((block, at))

    def by_path(self, folder: PurePosixPath, table: dict[str, str]) -> Iterator[tuple[Place, str]]:
        """The pictures whose whole path a table in ``folder`` has, with or without a suffix, each
        with its label. They are labelled from now on.
        """
        for path, text in _whole(table):
            yield from self._take(self._paths.pop(folder / path, []), text)
            if not path.is_relative_to(folder):
                yield from self._take(self._paths.pop(path, []), text)

    def by_name(self, table: dict[str, str]) -> Iterator[tuple[Place, str]]:
        """Likewise by the name alone: the same one in two folders is nobody's."""
        whole = _whole(table)
        names = Counter(path.name for path, _ in whole)
        for path, text in whole:
            if path.name and names[path.name] < 2 and len(self._names[path.name]) == 1:
                yield from self._take(self._names[path.name], text)

    def _take(self, places: list[Place], text: str) -> Iterator[tuple[Place, str]]:
        for block, at in places:
            if self._digits[block].named[at]:
                self._digits[block].named[at] = False
                yield (block, at), text


def _whole(table: dict[str, str]) -> list[tuple[PurePosixPath, str]]:
    return [(PurePosixPath(file.replace("\\", "/")), text) for file, text in table.items()]


def _bare(path: PurePosixPath) -> PurePosixPath:
    return path.with_suffix("") if path.name else path
