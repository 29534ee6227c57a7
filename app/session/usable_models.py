"""The models that pages offer: those whose files are whole. The others are named, with the reason.

Looked at are the manifest and the files that the manifest lists for the three lanes of the server,
by their sizes: whether they hold the right numbers is what the pages are for.
"""

from __future__ import annotations

import json
import logging
import stat
import time
from pathlib import Path, PurePosixPath

from models.errors import escaped
from models.formats import store
from models.formats.manifest import Manifest, stored_form
from models.lanes import FORMATS

RECHECK_SECONDS = 5.0  # a damaged model is looked at again: the operator may have mended it

_LOG = logging.getLogger(__name__)
_known: dict[tuple[Path, int], tuple[float, str]] = {}


def names() -> list[str]:
    """The usable models' names, the shipped one first."""
    return [name for name in store.names() if not _problem(name)]


def problems() -> dict[str, str]:
    """Why models cannot be used: half a sentence for each, without a path."""
    return {name: problem for name in store.names() if (problem := _problem(name))}


def first() -> str | None:
    """The model that a visitor sees first: the shipped one, or the first that is usable."""
    return next(iter(names()), None)


def _problem(name: str) -> str:
    """Empty for a usable model, which is looked at once for each version of its manifest."""
    path = store.find_name(name)
    if path is None:
        return ""  # gone in this moment: ``store.names`` will not have it again
    try:
        key = (path, (path / "manifest.json").stat().st_mtime_ns)
    except OSError:
        key = (path, 0)
    checked, problem = _known.get(key, (0.0, "never looked at"))
    if problem and (not checked or time.monotonic() - checked > RECHECK_SECONDS):
        before, problem = problem, _look(name, path)
        if problem and problem != before:
            _LOG.error("The model in %s is left out: %s.", escaped(str(path)), escaped(problem))
        _known[key] = (time.monotonic(), problem)
    return problem


def _look(name: str, path: Path) -> str:
    try:
        manifest = store.manifest(name)
    except Exception as error:  # whatever a damaged file makes the parser raise
        _LOG.error("%s", escaped(str(error)))
        return "its manifest.json cannot be read"
    if not manifest.lanes or not manifest.classes:
        return "its manifest.json names no files to load, or no classes"
    found = (_damage(path / each, manifest.files[each].bytes) for each in _needed(manifest))
    return next(filter(None, found), "")


def _needed(manifest: Manifest) -> list[str]:
    """The listed files of the formats with float32 weights, and of the original."""
    paths = [manifest.lanes[form] for form in map(stored_form, FORMATS) if form in manifest.lanes]
    places = {PurePosixPath(path) for path in [*paths, manifest.original] if path}
    root = PurePosixPath(".")
    folders = {place.parent for place in places} - {root}
    return [
        name
        for name in manifest.files
        if PurePosixPath(name) in places or PurePosixPath(name).parent in folders
    ]


def _damage(path: Path, expected: int) -> str:
    """What is wrong with one file. More or other bytes than expected are not for us to judge."""
    where = f"{path.parent.name}/{path.name}" if path.suffix in (".json", ".bin") else path.name
    try:
        found = path.stat()
        if not stat.S_ISREG(found.st_mode):
            return f"its file {where} is no ordinary file"
        if path.suffix == ".json":
            json.loads(path.read_text("utf-8"))
        elif found.st_size < expected:
            return f"its file {where} has {found.st_size:,} of {expected:,} bytes"
        else:
            path.open("rb").close()
    except FileNotFoundError:
        return f"its file {where} is missing"
    except OSError:
        return f"its file {where} cannot be read"
    except (ValueError, RecursionError):
        return f"its file {where} is damaged"
    return ""
