"""Verifies a model from its files alone, in a temporary folder: nothing is added or written."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from models.convert import given as givens
from models.convert.given import Given
from models.dataset import Dataset
from models.errors import ModelError
from models.lanes import CONVERTED
from models.parity.agreement import ATOL, RTOL
from models.verify import verification
from models.verify.verification import RUNTIMES, Check, Verification


def verify(
    given: Given,
    digits: Dataset,
    *,
    scale: float = 1.0,
    runtimes: Sequence[str] = RUNTIMES,
    atol: float = ATOL,
    rtol: float = RTOL,
) -> Verification:
    """Compare what is given, and the formats that are converted from it here, on ``digits``.

    The model takes pixels from 0 to ``scale``. Raises what ``verification.verify`` raises, and
    ModelError when a file is not what it is given as or cannot be converted. All messages name the
    files that are given, not their copies.
    """
    with tempfile.TemporaryDirectory(prefix="digit-parity-") as temporary:
        folder = Path(temporary).resolve()  # as Node names it in its errors
        try:
            givens.build(given, folder, scale=scale)
            result = verification.verify(folder, digits, runtimes=runtimes, atol=atol, rtol=rtol)
        except ModelError as error:
            raise ModelError(_named(str(error), folder, given)) from error
    return replace(result, checks=tuple(_check(each, folder, given) for each in result.checks))


def heading(given: Given, result: Verification) -> str:
    """What was compared with what, in lines."""
    reference = result.manifest.reference
    lines = [f"{given.first}: every lane against {reference}"]
    lines += [f"{form}: {path}, as it is" for form, path in given.converted.items()]
    lines += [f"{each.form}: converted from {given.original} just now" for each in given.left_out]
    if given.original is None:
        lines.append(f"There is no original to compare with: {reference} stands in for it.")
    return "\n".join(lines)


def _check(check: Check, folder: Path, given: Given) -> Check:
    return (
        check if check.error is None else replace(check, error=_named(check.error, folder, given))
    )


def _named(message: str, folder: Path, given: Given) -> str:
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
