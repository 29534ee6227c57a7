"""Names of files as they are shown and logged: on one line, of bearable length, without surprises.

A name may hold what turns a terminal red, ends a line, writes backwards or is as long as a book.
"""

from __future__ import annotations

import unicodedata

LONGEST = 200  # characters
_TAIL = 120  # of which are kept of a name's end: its folder and its suffix are there
_JOINERS = "\u200c\u200d"  # within words of some scripts, and within emoji


def shown(text: str, longest: int = LONGEST) -> str:
    """The text with control codes escaped (``\\x1b``, ``\\u202e``) and its middle left out if long.

    Any other text stays as it is.
    """
    if len(text) > longest:
        text = f"{text[: longest - _TAIL - 1]}…{text[-_TAIL:]}"
    return text if text.isprintable() else "".join(map(_shown, text))


def _shown(character: str) -> str:
    if character.isprintable() or character in _JOINERS:
        return character
    if unicodedata.category(character) == "Zs":  # a space of another width, as macOS has in names
        return character
    return character.encode("unicode_escape").decode("ascii")
