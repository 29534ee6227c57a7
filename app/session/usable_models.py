"""The models that pages offer: those whose files are whole. The others are named, with the reason.

Looked at are the manifest and the files that the manifest lists for the three lanes of the server,
by their sizes: whether they hold the right numbers is what the pages are for. Models that take no
picture, or answer with something else than classes, are whole, but not for pages.
"""

from __future__ import annotations

import json
import logging
import os
import stat
import time
from pathlib import Path, PurePosixPath

from models.errors import ModelError, escaped
from models.formats import store
from models.formats.manifest import Manifest, stored_form
from models.lanes import FORMATS

ORDER = (
    "DIGIT_PARITY_DEFAULT"  # environment variable: names with commas between, the first is default
)
RECHECK_SECONDS = 5.0  # a damaged model is looked at again: the operator may have mended it

_LOG = logging.getLogger(__name__)
_known: dict[tuple[Path, int], tuple[float, str]] = {}


def names() -> list[str]:
    """The names of the models that pages offer: the operator's first, then the shipped one."""
    first = [*_operators(), store.DEFAULT]
    usable = [each for each in store.names() if not _problem(each) and not _elsewhere(each)]
    return sorted(usable, key=lambda each: first.index(each) if each in first else len(first))


def default() -> str:
    """The model that a visitor shall see first, whether it is usable or not."""
    return next(iter(_operators()), store.DEFAULT)


def not_for_pages() -> dict[str, str]:
    """Why whole models are not on pages, a sentence each, with what judges them."""
    return {name: why for name in store.names() if not _problem(name) and (why := _elsewhere(name))}


def _operators() -> list[str]:
    """The order that the operator has set. Names of models that are not here do no harm."""
    return [name for each in os.environ.get(ORDER, "").split(",") if (name := each.strip())]


def _elsewhere(name: str) -> str:
    """Why a whole model is not for pages; empty for one that is."""
    try:
        manifest = store.manifest(name)
    except ModelError:  # gone in this moment
        return ""
    if manifest.input is None:
        what = "takes no pictures"
    elif manifest.answers == "values":
        what = "answers with numbers that are no classes"
    else:
        return ""
    return (
        f"The model {name} {what}, so pages do not show it: `digit-parity verify {name}` judges it."
    )


def problems() -> dict[str, str]:
    """Why models cannot be used: half a sentence for each, without a path."""
    return {name: problem for name in store.names() if (problem := _problem(name))}


def first() -> str | None:
    """The model that a visitor sees first: the default, or the first that is usable."""
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
    if not manifest.lanes or not (manifest.classes or _has_no_classes(manifest)):
        return "its manifest.json names no files to load, or no classes"
    found = (_damage(path / each, manifest.files[each].bytes) for each in _needed(manifest))
    return next(filter(None, found), "")


def _has_no_classes(manifest: Manifest) -> bool:
    return manifest.answers == "values" or manifest.input is None


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
