"""Puts the user's files in place of our copies of them wherever a message names one."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from models.convert.intake.given import EXPORTED_FOLDER, Given, folder_of
from models.errors import ModelError
from models.lanes import CONVERTED
from models.parity.judgement import Judgement
from models.verify.verification import Verification

Names = Mapping[str, str]  # a copy's path to what its user calls it


def of_given(given: Given, folder: Path, keras_file: str) -> Names:
    """The names of what is given, whose copies are in ``folder``.

    What was converted here is called as the converter was told to call it: ``model_graph``.
    """
    names = {}
    if given.original or given.layers:  # of which layers are an .h5 while a graph is made of them
        names = {
            str(folder / name): given.name(given.first) for name in (keras_file, EXPORTED_FOLDER)
        }
    for form in CONVERTED:
        copied = folder_of(form)
        path = given.converted.get(form, Path(copied))
        called = given.name(path).removesuffix("/model.json")
        names[str(folder / copied)] = called
        names[f"({copied}/"] = f"({called}/"  # as Node calls it
    # What was unpacked is called as its ZIP.
    unpacked = {str(path): called for path, called in given.called.items() if str(path) != called}
    return names | {f"{folder}{os.sep}": ""} | unpacked


def named(message: str, names: Names) -> str:
    """The message with the user's files in it."""
    for copy, name in names.items():
        message = message.replace(copy, name)
    return message


@contextmanager
def naming(names: Names) -> Iterator[None]:
    """Let errors of the block name the user's files."""
    try:
        yield
    except ModelError as error:
        message = named(str(error), names)
        if message == str(error):
            raise
        raise ModelError(message) from error


def renamed(result: Verification, names: Names) -> Verification:
    """The same with the user's files in all sentences."""
    advice, reference = result.recommendation, result.reference
    numbers = tuple(
        replace(each, problem=each.problem and named(each.problem, names))
        for each in result.numbers
    )
    return replace(
        result,
        judgements=tuple(_judgement(each, names) for each in result.judgements),
        official=tuple(_judgement(each, names) for each in result.official),
        numbers=numbers,
        recommendation=replace(advice, sentence=named(advice.sentence, names)),
        reference=replace(
            reference, estimated=reference.estimated and named(reference.estimated, names)
        ),
    )


def _judgement(each: Judgement, names: Names) -> Judgement:
    return each if each.reason is None else replace(each, reason=named(each.reason, names))
