"""The class that a picture's path says, by a name or a number: ``cat/1.jpg``, ``cat_1.jpg``."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from pathlib import PurePosixPath

from models.dataset.classes import Classes
from models.dataset.labels.places import (
    CLASS_FOLDER,
    CLASS_START,
    MARKER,
    START,
    Label,
    Rule,
)

_WORD = r"(?:label|class|digit|target)[ _=-]?"
_NUMBER = re.compile(r"[0-9]{2,}")

_MARKED_NUMBER = re.compile(rf"(?<![a-z]){_WORD}([0-9]{{1,5}})(?![0-9])", re.IGNORECASE)
_MARKED_NAME = re.compile(rf"{_WORD}(.+)", re.IGNORECASE)
_START_NUMBER = re.compile(r"([0-9]{1,3})(?=[_\-. (]|$)")  # more are a year, or count
_BETWEEN = re.compile(r"[\s_\-.()]+")
_COUNT = re.compile(r"[0-9]+$")


def labels(
    paths: Sequence[PurePosixPath],
    rule: Rule,
    classes: Classes,
    no_class: Callable[[str], None],
) -> list[Label | None]:
    """The label of each path; see ``labels.from_names``. Files that are merely numbered (1.png,
    2.png, … 12.png) have no label in their name.
    """
    numbered = any(_NUMBER.fullmatch(path.stem) for path in paths)
    return [_class(path, rule, numbered, classes, no_class) for path in paths]


def _class(
    path: PurePosixPath,
    rule: Rule,
    numbered: bool,
    classes: Classes,
    no_class: Callable[[str], None],
) -> Label | None:
    folders = [part for part in reversed(path.parts[:-1]) if part not in ("/", "..")]
    if rule in ("auto", "folder"):
        for find in (classes.of_name, lambda part: _marked(part, classes)):
            for part in folders:
                if (found := find(part)) is not None:
                    return found, CLASS_FOLDER
    in_folder = bool(folders) and rule != "name" and not folders[0].lower().endswith(".zip")
    # In a folder whose name should be a class, a number before a file's name counts.
    read_name = rule in ("auto", "name")
    if read_name and (label := _in_stem(path.stem, numbered, classes, counts=in_folder)):
        return label
    if in_folder and rule not in ("none", "off"):
        no_class(folders[0])
    return None


def _marked(folder: str, classes: Classes) -> int | None:
    """The class of a folder that is a number, or that says ``class_…`` before a name or number."""
    marked = _MARKED_NAME.fullmatch(folder)
    return classes.of_text(marked[1] if marked else folder)


def _in_stem(stem: str, numbered: bool, classes: Classes, *, counts: bool) -> Label | None:
    match = _MARKED_NUMBER.search(stem)
    if match and (found := classes.of_number(int(match[1]))) is not None:
        return found, MARKER
    only_a_number = stem.isdigit() and (numbered or counts or not classes.are_numbers)
    if not only_a_number and (found := _by_words(stem, classes)) is not None:
        return found, CLASS_START
    match = _START_NUMBER.match(stem)
    if match and not only_a_number and not counts:
        found = classes.of_number(int(match[1]))
        return None if found is None else (found, START)
    return None


def _by_words(stem: str, classes: Classes) -> int | None:
    """The class that the name's first words are, as many as may be; a number may stand before it,
    and one right behind it.
    """
    words = _BETWEEN.split(stem)
    if not classes.may_start(words[0]):
        return None
    for count in range(min(classes.longest + 1, len(words)), 0, -1):
        start = " ".join(words[:count])
        for each in (start, _COUNT.sub("", start)):  # cat12.jpg
            if each and (found := classes.of_name(each)) is not None:
                return found
    return None
