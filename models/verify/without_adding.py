"""Verifies a model from its files alone, in a temporary folder: nothing is added or written."""

from __future__ import annotations

import contextlib
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from models.convert import building
from models.convert.conversion import Converted
from models.convert.intake.given import KERAS_FILE, Given
from models.dataset import sample_inputs
from models.dataset.sample_inputs import ComparedOn
from models.formats.wanted import Wanted
from models.lanes import Format
from models.parity.judgement import ByTolerance
from models.verify import naming, official, text, verification
from models.verify.listing import RUNTIMES
from models.verify.official import Alone
from models.verify.verification import Verification

if TYPE_CHECKING:
    from models.runtimes.browser.program import Program


def verify(
    given: Given,
    wanted: Wanted,
    data: Path | None,
    *,
    runtimes: Sequence[str] = RUNTIMES,
    tolerance: ByTolerance | None = None,
    required: Sequence[Format] = (),
    again: str = "the same command",
    browser: Program | None = None,
) -> tuple[Verification, ComparedOn]:
    """Judge what is given, and the formats that are converted from it here, on the inputs in
    ``data``, else on those that are compared on without any. Returns these, too.

    ``again`` is what to run with another range. Raises what ``verification.verify`` raises, and
    ModelError when a file is not what it is given as. All messages name the files that are given,
    not their copies.
    """
    with folder_of(given, wanted) as (folder, built):
        found = sample_inputs.find(built.manifest, folder, data)
        result = verification.verify(
            folder,
            found.samples,
            runtimes=runtimes,
            tolerance=tolerance,
            required=required,
            unmade=built.unmade,
            again=again,
            browser=browser,
        )
        answers = result.reference.answers[0]
        told = building.described(result.manifest, given, folder, wanted, answers)
        result = replace(
            result,
            manifest=told,
            given=tuple(given.converted),
            cautions=(*built.misfits, *result.cautions),
        )
        if given.original is not None and result.manifest.original:  # it was built again
            alone = Alone(given.original, given.original, given.left_out)
            result = official.judged(result, alone, found.samples)
        names = naming.of_given(given, folder, KERAS_FILE)
        return naming.renamed(result, names), found


@contextlib.contextmanager
def folder_of(given: Given, wanted: Wanted) -> Iterator[tuple[Path, Converted]]:
    """A temporary model's folder of what is given, and what could be converted from it there.

    A ModelError names the files that are given, not their copies.
    """
    with tempfile.TemporaryDirectory(prefix="digit-parity-") as temporary:
        folder = Path(temporary).resolve()  # as Node names it in its errors
        with naming.naming(naming.of_given(given, folder, KERAS_FILE)):
            yield folder, building.build(given, folder, wanted)


def heading(given: Given, result: Verification) -> str:
    """What was compared with what, in lines."""
    first = given.name(given.first)
    lines = [f"{first}: every lane against {text.reference(result)}"]
    lines += [f"{form}: {given.name(path)}, as it is" for form, path in given.converted.items()]
    lines += [f"{each.form}: converted from {first} just now" for each in given.left_out]
    if given.original is None:
        stands_in = result.reference.lane
        lines.append(f"There is no original to compare with: {stands_in} stands in for it.")
    return "\n".join(lines)
