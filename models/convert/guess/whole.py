"""All that is guessed of a model, in one."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from numpy.typing import NDArray

from models.convert.guess import numbers as files
from models.convert.guess import output, picture
from models.convert.guess.numbers import Numbers
from models.convert.guess.taken import Taken, sized
from models.formats import model_output
from models.formats.architecture.description import Description
from models.formats.labels import Facts
from models.formats.tensors import Tensor
from models.formats.wanted import Wanted


def model(
    takes: Sequence[Tensor],
    gives: Sequence[Tensor],
    description: Description | None,
    facts: Facts,
    wanted: Wanted,
    *,
    numbers: Numbers = files.unknown,
    answers: NDArray[Any] | None = None,
) -> Taken:
    """What is known of a model that ``takes`` and ``gives`` these tensors.

    ``answers`` (n, outputs) are some of its first output, where they are known. Raises ModelError
    where what is wanted does not fit the model.
    """
    found, of_input = picture.guess(takes, description, facts, wanted, gives=gives, numbers=numbers)
    kind, of_answers = output.guess(
        gives, description, wanted, picture=found is not None, answers=answers
    )
    classes: tuple[str, ...] = ()
    of_names: list[str] = []
    if answers is not None or not gives or gives[0].shape != (None,):  # else nobody knows how many
        count = 0 if kind == "values" else _count(gives, answers)
        classes, of_names = output.names(model_output.classes(kind, count), facts, wanted)
    return Taken(
        tuple(map(sized, picture.sized(takes, found))),
        found,
        kind,
        classes,
        (*of_input, *of_answers, *of_names),
    )


def _count(gives: Sequence[Tensor], answers: NDArray[Any] | None) -> int:
    """How many numbers the first output has."""
    said = gives[0].shape[0] if gives else None
    return said or (0 if answers is None else int(answers.shape[1]))
