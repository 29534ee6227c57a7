"""The model that verify, bisect and hunt are asked about: one that was added, or files of one."""

from __future__ import annotations

import functools
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import click

from models.command_line import options, picture_options
from models.convert.intake import files
from models.convert.intake.given import Given
from models.formats import store
from models.formats.wanted import NOTHING, Wanted

_ORIGINAL = click.option(
    "--original", metavar="FILE", type=options.PATH, help="What Keras saved; nothing is added."
)
_FOR_FILES = "is for files: a model that was added has it."
_ALONE = "does not go with --original, --graph or --layers."


@dataclass(frozen=True)
class Source:
    """``stored`` is the folder of a model that was added. Else ``loose`` is a model's file or
    folder, or ``named`` has those of its formats, and ``wanted`` says what it takes.
    """

    stored: Path | None = None
    loose: Path | None = None
    named: dict[str, Path | None] = field(default_factory=dict)
    wanted: Wanted = NOTHING

    def given(self) -> AbstractContextManager[Given]:
        """The files for the block, in which ZIPs are unpacked. Raises as ``files.given`` does."""
        return files.given(self.loose, **self.named)


def asked(function: Callable[..., int]) -> Callable[..., int]:
    """MODEL, ``--original``, ``--graph``, ``--layers`` and what says what it takes; the command
    gets them as ``source``, a Source. Raises UsageError for options that do not go together.
    """

    @functools.wraps(function)
    def collected(*, model: str, wanted: Wanted, **given: Any) -> int:
        named = {form: given.pop(form) for form in ("original", "graph", "layers")}
        return function(source=_source(model, named, wanted), **given)

    taken: Callable[..., int] = collected
    for each in (picture_options.wanted, options.converted, _ORIGINAL, options.model_argument):
        taken = each(taken)
    return taken


def _source(model: str, named: dict[str, Path | None], wanted: Wanted) -> Source:
    ctx = click.get_current_context()
    if any(named.values()):
        options.refuse(ctx, {"model": "MODEL"}, _ALONE)
        return Source(named=named, wanted=wanted)
    if (stored := store.find_given(model)) is None:
        return Source(loose=Path(model), wanted=wanted)
    options.refuse(ctx, picture_options.NAMES, _FOR_FILES)
    return Source(stored)
