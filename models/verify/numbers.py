"""Compares the numbers in the files of a model's formats with those of its reference."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from models.errors import ModelError
from models.formats import anatomy
from models.formats.anatomy.numbers import Numbers, compare_numbers
from models.formats.manifest import Manifest
from models.lanes import CONVERTED


def find(manifest: Manifest, folder: Path) -> tuple[Numbers, ...]:
    """The numbers of each float32 format beside the reference's; nothing where that is a graph."""
    return tuple(_find(manifest, folder))


def _find(manifest: Manifest, folder: Path) -> Iterator[Numbers]:
    against = manifest.reference.format
    forms = [form for form in CONVERTED if form in manifest.lanes and form != against]
    if against == "graph" or (against == "keras" and manifest.exported) or not forms:
        return
    original = folder / manifest.original if manifest.original else None
    try:
        reference = anatomy.read(folder, against)
    except ModelError as error:
        yield from (Numbers(form, against, problem=_cause(error)) for form in forms)
        return
    for form in forms:
        try:
            yield compare_numbers(reference, anatomy.read(folder, form), original)
        except ModelError as error:
            yield Numbers(form, against, problem=_cause(error))


def _cause(error: ModelError) -> str:
    """A sentence as the end of ours."""
    return f"since {error}".removesuffix(".")
