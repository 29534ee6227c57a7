"""Opens what a person gives, whatever it is packed in, and however it was divided."""

from __future__ import annotations

import contextlib
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from models.convert.intake import graph_alone, in_two_files, unpacking
from models.convert.intake.finding import Found, find
from models.errors import ModelError
from models.formats import labels
from models.formats.architecture import reader, stored
from models.storage import plain_files


@contextlib.contextmanager
def opened(path: Path) -> Iterator[Found]:
    """The same, and of a ZIP the model in it, unpacked until the block ends.

    Raises ModelError, also for a ZIP that is no model's or larger than a model may be. Errors of
    the block that name what was unpacked name the ZIP.
    """
    if not path.is_file() or not zipfile.is_zipfile(path) or unpacking.is_of_keras(path):
        with _whole(path) as found, _loadable(found) as loadable:
            yield loadable
        return
    with unpacking.unpacked(path) as folder:
        try:
            with _whole(folder) as found, _loadable(_in_zip(found, folder, path)) as loadable:
                yield loadable
        except ModelError as error:
            said = str(error).replace(str(folder), str(path))
            if type(error) is not ModelError or said == str(error):
                raise
            raise ModelError(said) from error


def _in_zip(found: Found, folder: Path, path: Path) -> Found:
    """The same, called by its place in the ZIP at ``path`` that was unpacked into ``folder``."""
    inner = Path(found.called).relative_to(folder).as_posix()
    called = str(path) if inner == "." else f"{path}/{inner}"
    others = tuple(_in_zip(each, folder, path) for each in found.conversions)
    return replace(found, called=called, conversions=others)


@contextlib.contextmanager
def _whole(path: Path) -> Iterator[Found]:
    """What ``find`` finds, and where that is half of a model, it and the other half in one file."""
    try:
        found = find(path)
    except ModelError:
        if not plain_files.there(path):
            raise
        with contextlib.ExitStack() as stack:
            try:
                joined = stack.enter_context(in_two_files.joined(path))
            except reader.UNREADABLE as why:
                said = plain_files.line(why).rstrip(".")
                raise ModelError(f"{path} is not understood: it {said}.") from why
            if joined is None:
                raise
            whole, note = joined
            facts = labels.beside(path)
            notes = (note, *facts.notes)
            version = stored.read(whole).version
            yield Found("h5", whole, "keras", str(path), version, facts, notes)
        return
    yield found


@contextlib.contextmanager
def _loadable(found: Found) -> Iterator[Found]:
    """The same, or the graph alone of a SavedModel whose layers are code."""
    if found.kind != "saved model":
        yield found
        return
    with contextlib.ExitStack() as stack:
        try:
            taken = stack.enter_context(graph_alone.taken(found.path))
        except (ValueError, OSError) as error:
            why = plain_files.line(error).rstrip(".")
            raise ModelError(f"{found.called} is not read: {why}.") from error
        if taken is not None:
            path, note = taken
            found = replace(found, kind="exported", path=path, notes=(note, *found.facts.notes))
        yield found
