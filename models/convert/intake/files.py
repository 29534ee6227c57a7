"""The files of one model as a command names them, each whatever it is, as what they are."""

from __future__ import annotations

import contextlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path

from models.convert.given import Given
from models.convert.intake import finding
from models.convert.intake.finding import Found, opened
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

    Raises ModelError where one is none, or is of another format than it is given as, or of one that
    is given twice.
    """
    named: dict[Format, Path | None] = {"keras": original, "graph": graph, "layers": layers}
    with contextlib.ExitStack() as stack:
        found: dict[Format, Found] = {}
        for form, path in named.items():
            if path is not None:
                found[form] = _as(form, stack.enter_context(opened(path)))
        of_model = () if model is None else finding.forms(model)
        for path in of_model:
            one = stack.enter_context(opened(path))
            if one.format in found:
                other = _OPTIONS[one.format]
                raise ModelError(f"{one.called} is what {other} gives, too. Give one of them.")
            found[one.format] = one
        both = _taken_together(of_model)
        yield Given(
            _path(found, "keras"),
            _path(found, "graph"),
            _path(found, "layers"),
            called={each.path: each.called for each in found.values()},
            facts=_facts(found.values()),
            notes=(*both, *(note for each in found.values() for note in each.notes)),
        )


def _taken_together(paths: Sequence[Path]) -> tuple[str, ...]:
    if len(paths) < 2:
        return ()
    names = " and ".join(str(each) for each in paths)
    return (f"{names} are taken for formats of one model; name one of them to take it alone.",)


def _path(found: Mapping[Format, Found], form: Format) -> Path | None:
    return found[form].path if form in found else None


def _as(form: Format, found: Found) -> Found:
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
