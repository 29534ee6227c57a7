"""The files of one model as a command names them, each whatever it is, as what they are."""

from __future__ import annotations

import contextlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path

from models.convert.intake.finding import Found
from models.convert.intake.given import Given
from models.convert.intake.opening import opened
from models.errors import ModelError
from models.formats.labels import Facts
from models.lanes import Format

_OPTIONS: dict[Format, str] = {"keras": "--original", "graph": "--graph", "layers": "--layers"}


@contextlib.contextmanager
def given(
    model: Path | None = None,
    *,
    original: Path | None = None,
    graph: Path | None = None,
    layers: Path | None = None,
) -> Iterator[Given]:
    """What is given, for the block, in which ZIPs are unpacked. ``model`` may be of any format.

    Of a folder with a model and conversions of it, all that are not given by themselves are taken.
    Raises ModelError where one is none, or is of another format than it is given as, or of one that
    is given twice.
    """
    named: dict[Format, Path | None] = {"keras": original, "graph": graph, "layers": layers}
    with contextlib.ExitStack() as stack:
        found: dict[Format, Found] = {}
        for form, path in named.items():
            if path is not None:
                found[form] = _as(form, stack.enter_context(opened(path)))
        taken: list[Found] = []
        if model is not None:
            one = stack.enter_context(opened(model))
            if one.format in found:
                other = _OPTIONS[one.format]
                raise ModelError(f"{one.called} is what {other} gives, too. Give one of them.")
            taken = [each for each in one.conversions if each.format not in found]
            found |= {each.format: each for each in (one, *taken)}
        yield Given(
            _path(found, "keras"),
            _path(found, "graph"),
            _path(found, "layers"),
            called={each.path: each.called for each in found.values()},
            facts=_facts(found.values()),
            notes=(
                *([_beside(one, taken)] if taken else []),
                *dict.fromkeys(note for each in found.values() for note in each.notes),
            ),
        )


def _path(found: Mapping[Format, Found], form: Format) -> Path | None:
    return found[form].path if form in found else None


def _beside(one: Found, taken: Sequence[Found]) -> str:
    names = " and ".join(each.called for each in taken)
    if one.format == "keras":
        said = f"{one.called} is taken for the original, and for conversions of it: {names}."
    else:
        said = f"{one.called} and {names} are taken for two formats of one model."
    return f"{said} Name one of them to take it alone."


def _as(form: Format, found: Found) -> Found:
    """What is given for a format: of a model with conversions the one that is of it."""
    found = next((each for each in found.conversions if each.format == form), found)
    if found.format != form:
        what = "an original" if found.format == "keras" else f"a {found.format} model"
        raise ModelError(
            f"{found.called} is {what}: give it as {_OPTIONS[found.format]}, not as "
            f"{_OPTIONS[form]}."
        )
    return found


def _facts(found: Iterable[Found]) -> Facts:
    """What is said beside the first that says something."""
    said = [each.facts for each in found if each.facts.classes or each.facts.teachable]
    return said[0] if said else Facts()
