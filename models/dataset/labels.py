"""Labels from folder and file names: ``7/abc.png``, ``7_abc.png``, ``abc_label7.png``, and by a
class's name ``cat/1.jpg``, ``cat_1.jpg``, ``cat.1.jpg``.

Names are a guess, so guesses are counted by kind and can be turned off.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from pathlib import PurePosixPath
from typing import Literal, get_args

from models.dataset.classes import DIGITS, Classes

Rule = Literal["auto", "folder", "name", "none"]
RULES: tuple[Rule, ...] = get_args(Rule)
Label = tuple[int, str]
"""A class, and where its label was found."""

FOLDER = "the folder (7/abc.png)"
MARKER = "the file name (abc_label7.png, digit-7-003.png)"
START = "the file name's start (7_abc.png)"
CLASS_FOLDER = "the folder (cat/1.jpg)"
CLASS_START = "the file name's start (cat_1.jpg)"

_WORD = r"(?:label|class|digit|target)[ _=-]?"
_DIGIT = rf"{_WORD}([0-9])(?![0-9])"
_MARKED = re.compile(rf"(?<![a-z]){_DIGIT}", re.IGNORECASE)
_FOLDER = re.compile(rf"([0-9])|{_DIGIT}", re.IGNORECASE)
_START = re.compile(r"([0-9])(?=[_\-. (]|$)")
_NUMBER = re.compile(r"[0-9]{2,}")

_MARKED_NUMBER = re.compile(rf"(?<![a-z]){_WORD}([0-9]{{1,5}})(?![0-9])", re.IGNORECASE)
_MARKED_NAME = re.compile(rf"{_WORD}(.+)", re.IGNORECASE)
_START_NUMBER = re.compile(r"([0-9]{1,3})(?=[_\-. (]|$)")  # more are a year, or count
_BETWEEN = re.compile(r"[\s_\-.()]+")
_COUNT = re.compile(r"[0-9]+$")


def from_names(
    names: Sequence[str],
    rule: Rule = "auto",
    classes: Classes = DIGITS,
    no_class: Callable[[str], None] = lambda _name: None,
) -> list[Label | None]:
    """The label of each path and where it was found, or None where there is none.

    ``auto`` takes the nearest folder that is a class, else the file name; a folder with a class's
    name goes before one with a number. Files that are merely numbered (1.png, 2.png, … 12.png)
    have no label in their name. ``no_class`` is called with each folder that should be a class and
    is none.
    """
    numbered = any(_NUMBER.fullmatch(PurePosixPath(name).stem) for name in names)
    paths = map(PurePosixPath, names)
    if classes.are_digits:
        return [_digit(path, rule, numbered) for path in paths]
    return [_class(path, rule, numbered, classes, no_class) for path in paths]


def _digit(path: PurePosixPath, rule: Rule, numbered: bool) -> Label | None:
    if rule in ("auto", "folder"):
        for part in reversed(path.parts[:-1]):
            if match := _FOLDER.fullmatch(part):
                return int(match[1] or match[2]), FOLDER
    if rule in ("auto", "name"):
        if match := _MARKED.search(path.stem):
            return int(match[1]), MARKER
        match = _START.match(path.stem)
        if match and not (numbered and len(path.stem) == 1):
            return int(match[1]), START
    return None


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
    if in_folder and rule != "none":
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
