"""A text's lines, however long they are, in the encodings in which tables are saved."""

from __future__ import annotations

import codecs
import io
import itertools
import re
from collections.abc import Iterable, Iterator

LONGEST = 400_000  # characters a line: pictures of 64×64 as np.savetxt writes them have 100,000
UTF_16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
"""Begins a text in UTF-16, as Excel saves it."""

_SEPARATOR = re.compile(r"sep=.\s*", re.IGNORECASE)  # Excel's own first line
_LINES = 2_000  # at once
_CHARACTERS = 4_000_000  # at once

Line = tuple[int, str]
"""Its number, from 1, and its text."""


def of(content: bytes) -> Iterator[Line]:
    """The lines with their numbers from 1, each cut off after ``LONGEST`` and one characters."""
    encoding = "utf-16" if content.startswith(UTF_16) else "utf-8-sig"
    text = io.TextIOWrapper(io.BytesIO(content), encoding, "replace")
    number = 0
    while line := text.readline(LONGEST + 1):
        number += 1
        rest = line
        while not rest.endswith("\n") and len(rest) > LONGEST:
            rest = text.readline(LONGEST + 1)
        if number > 1 or not _SEPARATOR.fullmatch(line):
            yield number, line


def some(lines: Iterable[Line]) -> list[Line]:
    """The next lines, as many as are worth an array, within a limit of characters."""
    taken: list[Line] = []
    characters = 0
    for number, line in itertools.islice(lines, _LINES):
        taken.append((number, line))
        characters += len(line)
        if characters >= _CHARACTERS:
            break
    return taken
