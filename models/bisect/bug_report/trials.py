"""Runs an operation in TensorFlow.js on cut inputs, beside the original, and says how far they are
apart.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal

import numpy as np

from models.bisect.bug_report.case import Cut, Operation, Values, along, input_axes
from models.bisect.bug_report.original import Original
from models.errors import ModelError
from models.formats.tensors import Tensors
from models.parity.difference import absolute

# What each of some cases gives, or what it failed with, in order; and why there are fewer, or "".
Run = Callable[[Sequence[Mapping[str, Any]]], tuple[Sequence[Values | str], str]]
Kind = Literal["values", "nan", "shape", "error", "same"]


@dataclass(frozen=True, eq=False)
class Trial:
    """One cut of an operation: ``case`` is what TensorFlow.js was given, ``inputs`` and
    ``expected`` are arrays with a row for each input, ``found`` what TensorFlow.js gave,
    None where it failed with ``error``.
    """

    cut: Cut
    case: Mapping[str, Any]
    inputs: Tensors
    expected: Values
    found: Values | None = None
    error: str = ""

    @property
    def kind(self) -> Kind:
        """In what way TensorFlow.js differs."""
        if self.found is None:
            return "error"
        if self.found.shape != self.expected.shape:
            return "shape"
        if not np.isfinite(self.difference):
            return "nan"
        return "values" if self.difference else "same"

    @property
    def difference(self) -> float:
        """The largest; NaN where the two cannot be compared."""
        if self.found is None or self.found.shape != self.expected.shape:
            return float("nan")
        apart = absolute(self.expected.astype(np.float64), self.found.astype(np.float64))
        return float(apart.max(initial=0.0))

    @property
    def scale(self) -> float:
        """The largest finite magnitude that is expected."""
        largest = np.abs(self.expected).max(initial=0.0, where=np.isfinite(self.expected))
        return float(largest)


class Trials:
    """Tries of one operation, by ``run``. ``original`` says what is expected of what is cut."""

    def __init__(self, operation: Operation, run: Run, original: Original | None) -> None:
        self.operation, self.run, self.original = operation, run, original
        self.failure = ""  # of what runs it, in the latest job

    def whole(self, inputs: Sequence[Tensors], expected: Sequence[Values]) -> list[Trial]:
        """Nothing is cut: each of some batches by itself, with what is expected of it."""
        return self._run([self._of(*each, {}) for each in zip(inputs, expected, strict=True)])

    def cut(self, inputs: Tensors, cuts: Sequence[Cut]) -> list[Trial]:
        """Those cuts of which the original gives something."""
        prepared = []
        for cut in cuts:
            taken = tuple(along(each, input_axes(each), cut) for each in inputs)
            try:
                expected = self.original.answer(inputs, cut) if self.original else None
            except ModelError:
                continue
            if expected is not None and expected.size:
                prepared.append(self._of(taken, expected, cut))
        return self._run(prepared)

    def _of(self, inputs: Tensors, expected: Values, cut: Cut) -> Trial:
        return Trial(cut, self.operation.case(inputs, cut), inputs, expected)

    def _run(self, prepared: Sequence[Trial]) -> list[Trial]:
        """Trials with what TensorFlow.js gave; those that were not got to are left out."""
        if not prepared:
            return []
        answers, self.failure = self.run([each.case for each in prepared])
        return [_answered(*each) for each in zip(prepared, answers, strict=False)]


def _answered(trial: Trial, answer: Values | str) -> Trial:
    if isinstance(answer, str):
        return replace(trial, error=answer)
    return replace(trial, found=answer)
