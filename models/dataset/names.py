"""Names of files as they are shown and logged: on one line, of bearable length, without surprises.

A name may hold what turns a terminal red, ends a line, writes backwards or is as long as a book.
"""

from __future__ import annotations

from models.errors import escaped

LONGEST = 200  # characters
_TAIL = 120  # of which are kept of a name's end: its folder and its suffix are there


def shown(text: str, longest: int = LONGEST) -> str:
    """The text with control codes escaped (``\\x1b``, ``\\u202e``) and its middle left out if long.

    Any other text stays as it is.
    """
    if len(text) > longest:
        text = f"{text[: longest - _TAIL - 1]}…{text[-_TAIL:]}"
    return escaped(text)
