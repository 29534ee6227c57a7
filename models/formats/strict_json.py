"""JSON that may come from somebody else, read so that no two readers can understand it otherwise.

Python's own reader takes the last of two equal keys, numbers that are none, and a text of any
length and depth; a browser's takes some of that in another way.
"""

from __future__ import annotations

import json
import math
from collections.abc import Sequence
from typing import Any

from models.storage import plain_files

LIMIT = 8 << 20  # bytes; the description of EfficientNetB7 takes 0.5 MB
MAX_DEPTH = 64  # settings within layers within models: a dozen is usual, thousands end a process
_DIGITS = 20  # of a whole number: 64 bits
_MARK = b"\xef\xbb\xbf"


def parse(text: Any, *, limit: int = LIMIT) -> Any:
    """What a text of JSON says. Raises ValueError, in words, for one that is too long or nested
    too deep, says something twice, has a number that no computer holds, or is no JSON.
    """
    if isinstance(text, str):
        text = text.encode("utf-8", "surrogatepass")
    if not isinstance(text, bytes):
        raise ValueError("its description is no text")
    if len(text) > limit:
        raise ValueError(f"its description is longer than {limit >> 20} MB")
    if text.startswith(_MARK):
        raise ValueError("its description begins with a byte order mark, which is no JSON")
    try:
        value = json.loads(
            text.decode("utf-8"),
            object_pairs_hook=_object,
            parse_int=_whole,
            parse_float=_finite,
            parse_constant=_no_number,
        )
    except UnicodeDecodeError as error:
        raise ValueError("its description is no UTF-8") from error
    except RecursionError as error:
        raise ValueError(f"it is nested more than {MAX_DEPTH} levels deep") from error
    refuse_depth(value)
    return value


def refuse_depth(value: Any) -> None:
    """Raise ValueError for JSON so deep that what follows it would run out of stack."""
    level = [value]
    for _ in range(MAX_DEPTH):
        level = [
            inner
            for each in level
            if isinstance(each, (dict, list))
            for inner in (each.values() if isinstance(each, dict) else each)
        ]
        if not level:
            return
    raise ValueError(f"it is nested more than {MAX_DEPTH} levels deep")


def _object(pairs: Sequence[tuple[str, Any]]) -> dict[str, Any]:
    value = dict(pairs)
    if len(value) < len(pairs):
        keys = [key for key, _ in pairs]
        double = next(key for key in keys if keys.count(key) > 1)
        raise ValueError(f"its description says {plain_files.shown(double)} twice")
    return value


def _whole(text: str) -> int:
    if len(text) > _DIGITS:
        raise ValueError(f"its description has a number of {len(text):,} digits")
    return int(text)


def _finite(text: str) -> float:
    value = float(text)
    if not math.isfinite(value):
        return _no_number(text)
    return value


def _no_number(text: str) -> float:
    raise ValueError(f"its description has {plain_files.shown(text)} in place of a number")
