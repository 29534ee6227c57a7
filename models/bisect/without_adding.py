"""Looks into a model from its files alone, in a temporary folder: nothing is added or written."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

from models.bisect.search import Search, search
from models.convert.intake.given import KERAS_FILE, Given
from models.dataset import sample_inputs
from models.formats.wanted import NOTHING, Wanted
from models.verify import naming, without_adding


def look(
    given: Given,
    data: Path | None,
    *,
    wanted: Wanted = NOTHING,
    seen: Callable[[Path, Search], None] | None = None,
    **settings: Any,
) -> Search:
    """The same as ``search``, whose ``settings`` it takes, for the files that are ``given``, on the
    inputs in ``data``, else on those that are compared on without any.

    ``wanted`` says what the model takes. ``seen`` is told what was found, with the temporary folder
    while it is there. Raises what ``search`` raises, and ModelError when a
    file is not what it is given as.
    """
    with without_adding.folder_of(given, wanted) as (folder, built):
        found = sample_inputs.find(built.manifest, folder, data)
        result = search(folder, found.samples, unmade=built.unmade, **settings)
        said = (*given.notes, *built.misfits, *built.manifest.assumed)
        named = _renamed(result, naming.of_given(given, folder, KERAS_FILE))
        named = replace(named, assumed=said, inputs=found)
        if seen is not None:
            seen(folder, named)
        return named


def _renamed(result: Search, names: naming.Names) -> Search:
    """The same with the user's files in place of our copies wherever a sentence names them."""

    def named(text: str | None) -> str | None:
        return None if text is None else naming.named(text, names)

    return replace(
        result,
        judgements=tuple(replace(each, reason=named(each.reason)) for each in result.judgements),
        bisections={
            lane: replace(each, error=named(each.error)) for lane, each in result.bisections.items()
        },
    )
