"""Verifies a model from its files alone, in a temporary folder: nothing is added or written."""

from __future__ import annotations

import contextlib
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from models.convert import given as givens
from models.convert.conversion import Converted
from models.convert.given import Given
from models.dataset import Dataset
from models.errors import ModelError
from models.lanes import CONVERTED, Format
from models.parity.judgement import ByTolerance, Judgement
from models.verify import text, verification
from models.verify.verification import RUNTIMES, Verification

REBUILT_ON = 64  # digits on which the rebuild of a Keras 3 file is compared with it


def verify(
    given: Given,
    digits: Dataset,
    *,
    scale: float = 1.0,
    runtimes: Sequence[str] = RUNTIMES,
    tolerance: ByTolerance | None = None,
    required: Sequence[Format] = (),
) -> Verification:
    """Judge what is given, and the formats that are converted from it here, on ``digits``.

    The model takes pixels from 0 to ``scale``. Raises what ``verification.verify`` raises, and
    ModelError when a file is not what it is given as. All messages name the files that are given,
    not their copies.
    """
    with folder_of(given, digits, scale) as (folder, built):
        result = verification.verify(
            folder,
            digits,
            runtimes=runtimes,
            tolerance=tolerance,
            required=required,
            unmade=built.unmade,
        )
    return _renamed(result, folder, given)


@contextlib.contextmanager
def folder_of(given: Given, digits: Dataset, scale: float) -> Iterator[tuple[Path, Converted]]:
    """A temporary model's folder of what is given, and what could be converted from it there.

    A ModelError names the files that are given, not their copies.
    """
    with tempfile.TemporaryDirectory(prefix="digit-parity-") as temporary:
        folder = Path(temporary).resolve()  # as Node names it in its errors
        try:
            few = digits.pixels(0, REBUILT_ON)
            yield folder, givens.build(given, folder, scale=scale, digits=few)
        except ModelError as error:
            raise ModelError(named(str(error), folder, given)) from error


def heading(given: Given, result: Verification) -> str:
    """What was compared with what, in lines."""
    lines = [f"{given.first}: every lane against {text.reference(result)}"]
    lines += [f"{form}: {path}, as it is" for form, path in given.converted.items()]
    lines += [f"{each.form}: converted from {given.original} just now" for each in given.left_out]
    if given.original is None:
        stands_in = result.reference.lane
        lines.append(f"There is no original to compare with: {stands_in} stands in for it.")
    return "\n".join(lines)


def _renamed(result: Verification, folder: Path, given: Given) -> Verification:
    """The same with the user's files in place of our copies wherever a sentence names them."""
    judgements = tuple(_judgement(each, folder, given) for each in result.judgements)
    advice = result.recommendation
    sentence = named(advice.sentence, folder, given)
    estimated = result.reference.estimated and named(result.reference.estimated, folder, given)
    return replace(
        result,
        judgements=judgements,
        recommendation=replace(advice, sentence=sentence),
        reference=replace(result.reference, estimated=estimated),
    )


def _judgement(each: Judgement, folder: Path, given: Given) -> Judgement:
    return each if each.reason is None else replace(each, reason=named(each.reason, folder, given))


def named(message: str, folder: Path, given: Given) -> str:
    """The message with the user's files in place of the copies in ``folder``.

    What was converted here is called as the converter was told to call it: ``model_graph``.
    """
    names = {folder / givens.KERAS_FILE: str(given.original)}
    for form in CONVERTED:
        copied = givens.folder_of(form)
        path = given.converted.get(form, Path(copied))
        names[folder / copied] = str(path.parent if path.name == "model.json" else path)
    for copy, name in names.items():
        message = message.replace(str(copy), name)
    return message
