"""Errors whose message is meant for the person at the screen: what is wrong, what to do."""

from __future__ import annotations

import os
import re
import sys
import unicodedata
from pathlib import Path

MOST_SHOWN = 600  # characters; TensorFlow's own errors can have thousands

# A path in quotes may hold spaces, one without quotes ends at the first. What has a scheme before
# it is an address, and `tfjs/wasm` no path.
_QUOTED = re.compile(r"""(['"])(?:[A-Za-z]:)?[\\/][^'"\n]*\1""")
_ABSOLUTE = re.compile(
    r"""(?<![\w/\\])(?!(?<=:)//)(?:[A-Za-z]:(?=[\\/]))?(?:[\\/]+[^\s\\/'"<>:,;()\[\]{}]+)+[\\/]?"""
)
_JOINERS = "\u200c\u200d"  # within words of some scripts, and within emoji


class DigitParityError(Exception):
    """Base of all errors that this project raises on purpose."""


class InputError(DigitParityError):
    """A picture, drawing or file of digits that cannot be used."""


class ModelError(DigitParityError):
    """A model's files that cannot be read, converted or run."""


def shown(error: BaseException | str, folder: Path | None = None) -> str:
    """What a visitor is told of an error: one line, a file's name in place of its path.

    Every error that a page or an endpoint shows goes through here. The log has the whole text.
    ``folder`` is one that the error may name, of any characters.
    """
    text = (str(error).strip() or type(error).__name__).replace("file://", "")
    known = [*([str(folder)] if folder else ()), *_folders_with_spaces()]
    for each in known:
        text = text.replace(each, "/_")
    text = re.sub(r"\s*\n\s*", " ", text)
    text = _QUOTED.sub(lambda found: found[1] + _name(found[0][1:-1]) + found[1], text)
    text = escaped(_ABSOLUTE.sub(lambda found: _name(found[0]), text))
    return text if len(text) <= MOST_SHOWN else f"{text[: MOST_SHOWN - 1]}…"


def escaped(text: str) -> str:
    """The text on one line, with what a terminal would obey as ``\\x1b``; the rest stays as it is.

    File names come from strangers: with a newline in it, one could forge a line of the log.
    """
    return text if text.isprintable() else "".join(map(_escaped, text))


def _escaped(character: str) -> str:
    if character.isprintable() or character in _JOINERS:
        return character
    if unicodedata.category(character) == "Zs":  # a space of another width, as macOS has in names
        return character
    return character.encode("unicode_escape").decode("ascii")


def _name(path: str) -> str:
    return re.split(r"[\\/]", path.rstrip("\\/"))[-1]


def _folders_with_spaces() -> list[str]:
    """Folders of this server that ``_ABSOLUTE`` would cut at a space, the longest first."""
    known = [str(Path(__file__).resolve().parents[1]), sys.prefix]
    known += [os.environ.get(name, "") for name in ("HOME", "TMPDIR", "DIGIT_PARITY_MODELS")]
    return sorted((each for each in known if " " in each), key=len, reverse=True)
