"""Labels that are no table: a list in JSON, ``{"a.png": 3}``, or a text with a picture and its
label a line, or only a label for each picture in the order of their names.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import PurePosixPath
from typing import Any

from models.dataset.collector import Collector
from models.dataset.limits import MIB, size
from models.dataset.names import shown
from models.dataset.readers import csv_lines, kinds
from models.digit.picture_file import SUFFIXES
from models.errors import InputError
from models.formats import strict_json

FILES = (
    *("file", "filename", "file_name", "image", "image_name", "img", "picture", "path", "name"),
    *("filepath", "file_path", "image_path", "photo", "image_id", "imageid", "img_id", "id"),
)
LABELS = (
    *("true_label", "y_true", "ground_truth", "truth", "label", "labels", "class", "category"),
    *("class_name", "target", "species", "breed", "digit", "y", "number", "value"),
)
"""The likeliest names of a column, or a field, come first."""
LONGEST = 100  # characters of a label
NTH = "#{}"  # in place of a picture's name: the one at this place, from 1, in the order of names
_MOST = 4 * MIB  # as objects it takes many times as much
_DEPTH = 3  # lists in lists
_SHORT = 1_000  # characters of a line
_UNNAMED = ("label", "labels", "y", "y_test", "y_train", "target", "targets", "truth")
_SUFFIX = "|".join(each[1:] for each in sorted(SUFFIXES))
_BETWEEN = re.compile(r"[\s:=,;]+")
_NAMED = re.compile(rf"(.{{1,300}}?\.(?:{_SUFFIX}))[\"']?[\s:=,;]+[\"']?(.+?)[\"']?", re.IGNORECASE)
_EXPECTED = 'Expected labels such as {"a.png": 3}, or [{"file": "a.png", "label": 3}].'

Pairs = Iterator[tuple[str, str]]


def looks_like_one(name: str, content: bytes) -> bool:
    """Whether it is JSON by its name, or a text whose first line is a picture's name and a label,
    or a short text named as labels are.
    """
    path = PurePosixPath(name)
    if path.suffix.lower() in kinds.LISTS:
        return True
    first = next((line.strip() for _, line in csv_lines.of(content) if line.strip()), "")
    if len(first) > _SHORT:
        return False
    return _named(first) is not None or (_is_unnamed(path) and len(first.split()) == 1)


def read(name: str, content: bytes, collector: Collector) -> None:
    """Keep the labels until all pictures have come. Raises InputError."""
    if len(content) > _MOST:
        raise InputError(
            f"As a list of labels it may have at most {size(_MOST)}, and has "
            f"{size(len(content))}. Divide it."
        )
    path = PurePosixPath(name)
    is_json = path.suffix.lower() in kinds.LISTS
    pairs = _of_json(content) if is_json else _of_text(content, unnamed=_is_unnamed(path))
    table = {shown(file): label[:LONGEST] for file, label in pairs if file and label}
    if not table:
        raise InputError(f"It names no picture with a label. {_EXPECTED}")
    collector.keep_table(name, table)


def _is_unnamed(path: PurePosixPath) -> bool:
    return path.suffix.lower() in (".txt", ".csv", "") and path.stem.lower() in _UNNAMED


def _of_text(content: bytes, *, unnamed: bool) -> Pairs:
    named = [pair for line in _texts(content) if (pair := _named(line))]
    if named or not unnamed:
        yield from named
        return
    number = 0
    for line in _texts(content):
        if number or line.lower() not in LABELS:  # a header
            number += 1
            yield NTH.format(number), line


def _texts(content: bytes) -> Iterator[str]:
    lines = (line.strip() for _, line in csv_lines.of(content))
    return (line for line in lines if line and len(line) <= _SHORT)


def _named(line: str) -> tuple[str, str] | None:
    """A picture's name and its label, whichever comes first in a line."""
    if match := _NAMED.fullmatch(line):
        return match[1].strip("\"'"), match[2]
    first, *rest = _BETWEEN.split(line, maxsplit=1)
    name = rest[0].strip("\"'") if rest else ""
    is_name = PurePosixPath(name).suffix.lower() in SUFFIXES
    return (name, first.strip("\"'")) if first and is_name else None


def _of_json(content: bytes) -> Pairs:
    try:
        value = strict_json.parse(content.removeprefix(b"\xef\xbb\xbf"), limit=_MOST)
    except ValueError as error:
        value = _lines(content)
        if not value:
            raise InputError(f"It is no JSON that can be read ({error}). {_EXPECTED}") from error
    return _pairs(value, _DEPTH)


def _lines(content: bytes) -> list[Any]:
    """JSON a line, as in a ``metadata.jsonl``; none where a line is none."""
    try:
        return [json.loads(line) for line in content.splitlines() if line.strip()]
    except (ValueError, RecursionError):
        return []


def _pairs(value: Any, depth: int) -> Pairs:
    """Names and labels, wherever in JSON they lie."""
    if depth and isinstance(value, dict):
        yield from _of_object(value, depth)
    elif depth and isinstance(value, list):
        if value and all(_text(each) for each in value):
            yield from ((NTH.format(at), _text(each)) for at, each in enumerate(value, 1))
            return
        for each in value:
            if isinstance(each, dict):
                yield from _of_row(each)
            elif isinstance(each, list) and len(each) == 2:
                yield str(each[0]), _text(each[1])


def _of_object(value: Mapping[str, Any], depth: int) -> Pairs:
    files, labels = _field(value, FILES), _field(value, LABELS)
    columns = _column(files), _column(labels)
    if all(columns) and len(columns[0]) == len(columns[1]):
        yield from ((str(file), _text(label)) for file, label in zip(*columns, strict=True))
        return
    for key, inner in value.items():
        if _text(inner):
            yield key, _text(inner)  # {"a.png": 3}
        elif isinstance(inner, dict) and (label := _text(_field(inner, LABELS))):
            yield key, label  # {"a.png": {"label": 3}}
        elif _is_names(inner):
            yield from ((name, key) for name in inner)  # {"3": ["a.png", "b.png"]}
        else:
            yield from _pairs(inner, depth - 1)  # {"images": […]}


def _of_row(row: Mapping[str, Any]) -> Pairs:
    file, label = _field(row, FILES), _text(_field(row, LABELS))
    if isinstance(file, (str, int)) and label:
        yield str(file), label


def _field(row: Mapping[str, Any], names: Sequence[str]) -> Any:
    """The first of these fields that a row has."""
    return next((row[each] for each in names if each in row), None)


def _column(value: Any) -> list[Any]:
    """A column as a list, or as pandas writes it, by its rows."""
    if isinstance(value, dict):
        value = list(value.values())
    return value if isinstance(value, list) and all(map(_text, value)) else []


def _is_names(value: Any) -> bool:
    return (
        isinstance(value, list)
        and bool(value)
        and all(
            isinstance(each, str) and PurePosixPath(each).suffix.lower() in SUFFIXES
            for each in value
        )
    )


def _text(value: Any) -> str:
    """A label as a table has it; empty for what is none."""
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return (
        str(value).strip() if isinstance(value, (str, int)) and not isinstance(value, bool) else ""
    )
