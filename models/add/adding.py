"""Adds a model: converts or copies it, describes it, and verifies it before it is kept."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from models.add import judging, staging
from models.convert import building, converted_source
from models.convert.conversion import Converted
from models.convert.intake.given import KERAS_FILE, Given
from models.convert.runs import Conversion
from models.formats import manifest as manifests
from models.formats import store
from models.formats.wanted import Wanted
from models.lanes import CONVERTED, Format
from models.parity.judgement import ByTolerance
from models.verify import naming
from models.verify.official import Alone
from models.verify.verification import Verification


@dataclass(frozen=True)
class Added:
    """A model that was added. ``right`` is the share of example digits that it reads right; None
    when its classes are not the ten digits. ``changed`` says what our conversion changes of the
    official one's files, a sentence each, and ``notes`` what its owner may not expect.
    """

    folder: Path
    verification: Verification
    right: float | None
    changed: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()


def add(
    name: str,
    files: Given,
    wanted: Wanted,
    *,
    title: str | None = None,
    replace_old: bool = False,
    tolerance: ByTolerance | None = None,
    required: Sequence[Format] = (),
    again: str = "the same command",
) -> Added:
    """Add the model in ``files`` as ``name``, with what can be converted of it.

    It is added when one format, or all that are ``required``, passes on every lane that was tried;
    the others are added with it, as they are. ``again`` is the command to run with another range.
    Raises ModelError, with nothing changed, when the name is taken or the model cannot be read;
    NotKeptError when no format passes.
    """
    for path in files.converted.values():
        converted_source.refuse_shared(path)
    with staging.staged(name, replace_old) as folder, naming.naming(judging.names(files, folder)):
        built = building.build(files, folder, wanted, kept=True)
        manifests.write(replace(built.manifest, name=name, title=title or name), folder)
        result = judging.judged(
            folder,
            files,
            wanted,
            tolerance=tolerance,
            required=required,
            again=again,
            unmade=built.unmade,
            alone=_alone(files, folder, built),
        )
    changed = tuple(built.changed.values())
    return Added(store.folder(name), *result, changed, (*files.notes, *built.misfits))


def _alone(files: Given, folder: Path, built: Converted) -> Alone | None:
    """What the official converter makes otherwise than we."""
    original = files.original
    if original is None or built.manifest.exported:  # also what Keras 3 exported just now
        return None
    rebuilt = bool(built.manifest.original)
    otherwise = {each.form for each in files.left_out if rebuilt} | built.changed.keys()
    conversions = [Conversion(form, "float32") for form in CONVERTED if form in otherwise]
    return Alone(original if rebuilt else folder / KERAS_FILE, original, conversions)
