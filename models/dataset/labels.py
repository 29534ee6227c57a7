"""Labels from folder and file names: ``7/abc.png``, ``7_abc.png``, ``abc_label7.png``.

Names are a guess, so guesses are counted by kind and can be turned off.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import PurePosixPath
from typing import Literal, get_args

Rule = Literal["auto", "folder", "name", "none"]
RULES: tuple[Rule, ...] = get_args(Rule)

FOLDER = "the folder (7/abc.png)"
MARKER = "the file name (abc_label7.png, digit-7-003.png)"
START = "the file name's start (7_abc.png)"

_WORD = r"(?:label|class|digit|target)[ _=-]?([0-9])(?![0-9])"
_MARKED = re.compile(rf"(?<![a-z]){_WORD}", re.IGNORECASE)
_FOLDER = re.compile(rf"([0-9])|{_WORD}", re.IGNORECASE)
_START = re.compile(r"([0-9])(?=[_\-. (]|$)")
_NUMBER = re.compile(r"[0-9]{2,}")


def from_names(names: Sequence[str], rule: Rule = "auto") -> list[tuple[int, str] | None]:
    """The label of each path and where it was found, or None where there is none.

    ``auto`` takes the nearest folder that is a digit, else the file name. Files that are merely
    numbered (1.png, 2.png, … 12.png) have no label in their name.
    """
    numbered = any(_NUMBER.fullmatch(PurePosixPath(name).stem) for name in names)
    return [_one(PurePosixPath(name), rule, numbered) for name in names]


def _one(path: PurePosixPath, rule: Rule, numbered: bool) -> tuple[int, str] | None:
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
