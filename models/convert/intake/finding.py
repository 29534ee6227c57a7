"""Finds the one model in what a person gives, its conversions, and what is said beside it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import islice
from pathlib import Path

from models.errors import ModelError
from models.formats import labels
from models.formats.architecture import file_kinds, reader, saved_model, stored
from models.formats.architecture.file_kinds import OLD_GRAPH, Kind
from models.formats.architecture.stored import Stored
from models.formats.labels import Facts
from models.lanes import Format
from models.storage import plain_files
from models.storage.plain_files import shown

_FIRST: tuple[Format, ...] = ("keras", "layers", "graph")  # of a model that is there in several
_DEPTH = 3  # folders within folders
_MOST = 1_000  # files and folders that are looked at
_SHOWN = 5
_SUFFIXES = (".h5", ".hdf5", ".keras", ".json")
_WEIGHTS_ALONE = ".weights.h5"
_DESCRIBES_FOLDER = (saved_model.GRAPH, saved_model.METADATA, OLD_GRAPH)


@dataclass(frozen=True)
class Found:
    """A model: ``path`` is what to load or copy, a file or a folder, and ``called`` what its owner
    calls it, which is another name where it was unpacked.

    ``format`` is "keras" for an original. ``version`` is that of the Keras that saved it, "" where
    it does not say. ``facts`` are what files beside it say, and ``notes`` what its owner may not
    expect, a sentence each. ``conversions`` lie beside it in the same folder, one of a format.
    """

    kind: Kind
    path: Path
    format: Format
    called: str
    version: str = ""
    facts: Facts = field(default_factory=Facts)
    notes: tuple[str, ...] = ()
    conversions: tuple[Found, ...] = ()


def find(path: Path) -> Found:
    """The model at ``path``: a file, its folder, or a folder that it alone lies in, or with its
    conversions, one of a format: the original is the model then, or else the layers model.

    Nothing of it is loaded, and whether it may be is not asked. Raises ModelError, with what was
    expected, where there is none, or more than one; a ZIP of models is for ``opened``.
    """
    if not plain_files.there(path):
        raise ModelError(f"There is nothing at {path}. {reader.EXPECTED}")
    path = path.parent if path.name in _DESCRIBES_FOLDER else path
    try:
        first, *others = map(_found, [path] if _is_model(path) else _together(path))
        return replace(first, conversions=tuple(others))
    except reader.UNREADABLE as error:
        why = plain_files.line(error).rstrip(".")
        raise ModelError(f"{path} is not understood: {why}. {reader.EXPECTED}") from error


def _found(at: Path) -> Found:
    read, facts = stored.read(at), labels.beside(at)
    return Found(
        read.kind,
        at,
        read.format,
        str(at),
        version=read.version,
        facts=facts,
        notes=(*_notes(read), *facts.notes),
    )


def _is_model(path: Path) -> bool:
    try:
        return bool(file_kinds.found(path))
    except reader.UNREADABLE:
        if not path.is_dir():
            raise
        return False


def _together(folder: Path) -> Sequence[Path]:
    """The one model that lies in a folder of other things, then its conversions, which are of
    other formats. Raises ValueError, in words, where there is none, and ModelError where there are
    several.
    """
    models = list(_models(folder))
    if len(models) == 1:
        return models
    if not models:
        file_kinds.found(folder)  # says why it is none
    by_format = {stored.read(each).format: each for each in models[: len(_FIRST)]}
    if len(by_format) == len(models):
        return [by_format[form] for form in _FIRST if form in by_format]
    names = [shown(each.relative_to(folder).as_posix()) for each in models[:_SHOWN]]
    more = ", …" if len(models) > _SHOWN else ""
    raise ModelError(
        f"{folder} has several models, {', '.join(names)}{more}. Name one of them, or its "
        "formats: --original FILE, --graph DIR and --layers DIR."
    )


def _models(folder: Path) -> Iterator[Path]:
    """The models in a folder; links are not followed."""
    waiting, count = [(folder, 0)], 0
    while waiting:
        at, depth = waiting.pop()
        for each in sorted(islice(at.iterdir(), _MOST + 1)):
            count += 1
            if count > _MOST:
                raise ValueError(f"it has more than {_MOST:,} files: name the model in it")
            if each.is_symlink() or each.name.startswith("."):
                continue
            if each.is_dir():
                if _is_model(each):
                    yield each
                elif depth < _DEPTH:
                    waiting.append((each, depth + 1))
            elif _is_file_of_model(each):
                yield each


def _is_file_of_model(path: Path) -> bool:
    if path.suffix.lower() not in _SUFFIXES or path.name.endswith(_WEIGHTS_ALONE):
        return False
    try:
        kind, _ = file_kinds.found(path)
    except reader.UNREADABLE:
        return False
    return kind != "json" or file_kinds.is_description(path)


def _notes(read: Stored) -> Iterator[str]:
    if read.kind == "old graph":
        yield (
            f"A converter before 1.0 wrote its {OLD_GRAPH}, which TensorFlow.js no longer loads: "
            "it is rewritten as model.json, with the same operations and weights."
        )
    elif read.kind == "exported":
        yield (
            "It is a SavedModel without Keras's layers, as model.export() writes it: there is a "
            "graph model of it, and no layers model."
        )
    elif read.rewritten:
        yield (
            "It lists its weights as TensorFlow.js has them in memory: its model.json is rewritten "
            "with the name of their file."
        )
