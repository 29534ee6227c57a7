"""What files beside a model say of it: the names of its classes, and of Teachable Machine's models
the size and range of their pictures.

These files may come from anybody: each has a bound, and each name is one line that can be printed.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from models.errors import ModelError
from models.formats import strict_json
from models.storage import plain_files
from models.storage.plain_files import shown

MOST_CLASSES = 21_841  # those of all ImageNet
_LIMIT = 4 << 20  # bytes; ImageNet's 21,841 names take 0.5 MB
_LARGEST = 4_096  # pixels of a side
METADATA = "metadata.json"  # of Teachable Machine
_OF_ML5 = "_meta.json"  # after the name of the model
_NAMED = (  # the first that is there counts
    METADATA,
    "labels.txt",
    "class_names.txt",
    "classes.txt",
    "class_names.json",
    "labels.json",
    "classes.json",
    "class_indices.json",
    "imagenet_class_index.json",
    f"model{_OF_ML5}",
)
_KEYS = ("labels", "wordLabels", "class_names", "classes")  # of a list in an object
_NUMBERED = re.compile(r"(\d{1,5})[ \t:,]\s*(\S.*)")
_MARK = "\ufeff"
_TEACHABLE = "@teachablemachine/image"
# What Teachable Machine calls its Keras models, which have labels.txt beside them.
_TEACHABLE_FILES = ("keras_model.h5", "model.savedmodel")


@dataclass(frozen=True)
class Facts:
    """What is said beside a model: ``classes`` are their names, none where no file names them.

    ``teachable`` is whether Teachable Machine made it for pictures: it takes them from -1 to 1,
    cut to the square in their middle. ``size`` is their height and width where that is said,
    ``grey`` whether they have no colours. ``source`` is the name of the file that says so, and
    ``notes`` what was found and is not used, a sentence each.
    """

    classes: tuple[str, ...] = ()
    teachable: bool = False
    size: tuple[int, int] | None = None
    grey: bool = False
    source: str = ""
    notes: tuple[str, ...] = ()


def beside(model: Path) -> Facts:
    """What lies in a model's folder, or beside its file; beside its folder where nothing is in it.

    A file that cannot be used is passed over, with a note.
    """
    folders = [model, model.parent] if model.is_dir() else [model.parent]
    notes: tuple[str, ...] = ()
    for folder in folders:
        for name in dict.fromkeys((*_NAMED, f"{model.stem}{_OF_ML5}")):
            if not plain_files.there(folder / name):
                continue
            try:
                facts = _facts(plain_files.inside(folder, name))
            except (OSError, ValueError) as error:
                notes += (f"{name} beside the model is not used: {plain_files.line(error)}.",)
                continue
            if facts is not None:
                known = model.name in _TEACHABLE_FILES and name == "labels.txt"
                teachable = facts.teachable or known
                return replace(facts, teachable=teachable, source=name, notes=notes)
    return Facts(notes=notes)


def read(path: Path) -> tuple[str, ...]:
    """The classes that a file names: lines of text, or JSON.

    Lines are names, or ``0 cat``; JSON is a list, ``{"0": "cat"}``, ``{"cat": 0}``,
    ``{"0": ["n02123045", "tabby"]}`` or ``{"labels": […]}``. Names that are there twice get their
    number behind them. Raises ModelError, which names the file and says what was expected.
    """
    try:
        facts = _facts(path)
    except (OSError, ValueError) as error:
        why = getattr(error, "strerror", None) or plain_files.line(error)
        raise ModelError(f"{path} does not name classes: {why}.") from error
    if facts is None or not facts.classes:
        raise ModelError(
            f"{path} does not name classes. Expected a line for each, or JSON: a list of names."
        )
    return facts.classes


def fitting(facts: Facts, classes: int) -> tuple[tuple[str, ...], str]:
    """The names for a model of so many classes, and a sentence; no names where they do not fit."""
    count = len(facts.classes)
    if not count:
        return (), ""
    if count == classes:
        return facts.classes, (
            f"The classes are named by {facts.source}, which lies beside the model; "
            "--classes names others."
        )
    return (), (
        f"{facts.source} beside the model names {count:,} class{'' if count == 1 else 'es'}, and "
        f"the model has {classes:,}, so it is not used; --classes names them."
    )


def _facts(path: Path) -> Facts | None:
    """What one file says, None where it is about something else."""
    content = plain_files.read(path, _LIMIT)
    if path.suffix != ".json":
        return Facts(_distinct(_lines(content)))
    said = strict_json.parse(content.removeprefix(_MARK.encode()), limit=_LIMIT)
    if path.name.endswith(_OF_ML5):
        numbered = _of_ml5(said)
        return None if numbered is None else Facts(_distinct(_names(numbered)))
    if path.name != METADATA:
        return Facts(_distinct(_names(said)))
    if not isinstance(said, Mapping) or not {"labels", "wordLabels", "imageSize"} & said.keys():
        return None
    size = said.get("imageSize")
    if size is not None and (type(size) is not int or not 1 <= size <= _LARGEST):
        raise ValueError(f"its imageSize is {shown(size)}, which is no number of pixels")
    made_by = said.get("packageName")
    return Facts(
        _distinct(_names(said)) if {"labels", "wordLabels"} & said.keys() else (),
        teachable=made_by == _TEACHABLE or (made_by is None and size is not None),
        size=None if size is None else (size, size),
        grey=said.get("grayscale") is True,
    )


def _lines(content: bytes) -> list[str]:
    try:
        text = content.decode("utf-8").removeprefix(_MARK)
    except UnicodeDecodeError as error:
        raise ValueError("it is no UTF-8; save it as UTF-8") from error
    lines = [line.strip() for line in text.strip().splitlines()]
    found = [_NUMBERED.fullmatch(line) for line in lines]
    numbered = {int(each[1]): each[2] for each in found if each}
    first = min(numbered, default=0)
    if first in (0, 1) and sorted(numbered) == list(range(first, first + len(lines))):
        return [numbered[key] for key in sorted(numbered)]
    return lines


def _of_ml5(said: Any) -> dict[str, int] | None:
    """The numbers of the classes of ml5's neural network, which has a 1 for each among zeros; None
    where it has none, as one that gives values. Raises ValueError, in words.
    """
    outputs = said.get("outputs") if isinstance(said, Mapping) else None
    each = list(outputs.values()) if isinstance(outputs, Mapping) else []
    found = each[0].get("legend") if len(each) == 1 and isinstance(each[0], Mapping) else None
    if not isinstance(found, Mapping):
        return None
    try:
        return {name: row.index(1) for name, row in found.items()}
    except (AttributeError, TypeError, ValueError) as error:
        raise ValueError("expected a 1 among zeros for each class in its legend") from error


def _names(said: Any) -> list[str]:
    """The names in what JSON says. Raises ValueError, in words, where there are none."""
    if isinstance(said, Mapping):
        for key in _KEYS:
            if isinstance(said.get(key), (list, Mapping)):
                return _names(said[key])
        if said and all(type(value) is int for value in said.values()):
            numbered = {str(number): name for name, number in said.items()}
        else:
            numbered = dict(said)
        keys = [str(number) for number in range(len(said))]
        if set(keys) != numbered.keys():
            raise ValueError("expected a name for each number from 0 on")
        said = [numbered[key] for key in keys]
    if not isinstance(said, list):
        raise ValueError("expected a list of names")
    return [_name(each) for each in said]


def _name(said: Any) -> str:
    # ImageNet's have the number of a noun in WordNet before the name.
    if isinstance(said, list) and said:
        said = said[-1]
    if type(said) is int:
        return str(said)
    if not isinstance(said, str):
        raise ValueError(f"{shown(said)} is no name")
    return said.strip()


def _distinct(names: Sequence[str]) -> tuple[str, ...]:
    """The names, each once. Raises ValueError, in words, for what is none."""
    if not 1 <= len(names) <= MOST_CLASSES:
        raise ValueError(
            f"it names {len(names):,} classes; from 1 to {MOST_CLASSES:,} are possible"
        )
    for name in names:
        if not name or not plain_files.is_line(name):
            raise ValueError(f"{shown(name)} is no name in one line")
    often = Counter(names)
    found = [f"{name} ({at})" if often[name] > 1 else name for at, name in enumerate(names)]
    if len(set(found)) < len(found):
        raise ValueError("it names a class twice")
    return tuple(found)
