"""What lanes are compared with: the reference's answers, exact's, and the bound between them."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from models.dataset.samples import Samples
from models.errors import InputError, ModelError
from models.formats.manifest import Manifest
from models.formats.manifest_fields import Rounding
from models.formats.tensors import Tensors
from models.lanes import Lane
from models.parity import outputs as of_outputs
from models.parity import rule
from models.parity.judgement import ByRule, ByTolerance, Judge, Judgement, Unit
from models.runtimes import ask, server_lane
from models.runtimes.keras import estimate, exact
from models.runtimes.keras.estimate import Ask
from models.runtimes.process import trials

_MOST_VALUES = 1 << 29  # of all inputs: 2 GiB as floats, 3,566 pictures of 224×224 in colour


@dataclass(frozen=True, eq=False)
class Reference:
    """The reference's answers, what lanes are compared with (``base``), and how, all by output.

    Each array of ``answers`` and ``base`` has a row for each input. ``base`` is exact, or the
    reference itself where exact cannot be had, which ``estimated`` then explains, or was not asked
    for. ``own`` is how far the reference is from exact, or its estimate, of the output where that
    is largest; None where a person gave a tolerance. ``names`` are the outputs'.
    """

    lane: Lane
    answers: Tensors
    base: tuple[NDArray[np.floating[Any]], ...]
    judges: tuple[Judge, ...]
    names: tuple[str, ...] = ("",)
    own: float | None = None
    estimated: str | None = None

    @property
    def judge(self) -> Judge:
        """How the first output is judged, the only one of most models."""
        return self.judges[0]

    @property
    def rounding(self) -> Rounding | None:
        """What a manifest keeps of this: pages show models of one output. None where a person gave
        a tolerance.
        """
        if len(self.judges) > 1 or not isinstance(self.judge, ByRule):
            return None
        scale = float(np.abs(self.base[0]).max()) if self.judge.head == "values" else None
        return Rounding(self.judge.head, self.judge.bound, scale)

    def judged(
        self, lane: Lane, outputs: Tensors, at: NDArray[np.int64] | slice = slice(None)
    ) -> Judgement:
        """Judge a lane by its ``outputs`` for the inputs at these places."""
        base = [each[at] for each in self.base]
        return of_outputs.judged(lane, self.judges, self.names, base, outputs)


def find(
    manifest: Manifest, folder: Path, samples: Samples, tolerance: ByTolerance | None = None
) -> Reference:
    """Ask the reference of the model in ``folder``, and derive its bound unless there is a
    tolerance.

    Raises ModelError when it cannot answer, or answers NaN; InputError for more inputs than fit
    into memory.
    """
    _refuse_many(samples, manifest)
    lane = manifest.reference
    answers = _answers(samples, lane, folder)
    if broken := _broken(answers):
        raise ModelError(
            f"The reference {lane} itself gives NaN for {broken:,} of {len(samples):,} inputs, so "
            "there is nothing to compare with."
        )
    if tolerance is not None:
        names, units = _names(manifest, answers), _units(manifest, answers)
        judges = tuple(replace(tolerance, unit=unit) for unit in units)
        return Reference(lane, answers, answers, judges, names)
    return of(manifest, folder, samples.tensors(), answers)


def _refuse_many(samples: Samples, manifest: Manifest) -> None:
    """Raise InputError for more inputs than exact arithmetic can have in memory at once."""
    most = _MOST_VALUES // max(1, sum(math.prod(each.whole) for each in manifest.takes))
    if len(samples) > most:
        raise InputError(
            f"{len(samples):,} inputs as large as this model's do not fit into memory together: "
            f"at most {most:,} can be compared at once. Give fewer. (`evaluate` takes more.)"
        )


def of(manifest: Manifest, folder: Path, given: Tensors, answers: Tensors) -> Reference:
    """The reference of the model in ``folder``, which gave these ``answers`` to ``given``, and its
    bound.

    Raises ModelError when exact cannot be had and the reference cannot be loaded.
    """
    found = _found(manifest, folder, given, answers)
    units = _units(manifest, answers)
    judges = tuple(
        replace(judge, unit=unit) for judge, unit in zip(found.judges, units, strict=True)
    )
    return replace(found, judges=judges, names=_names(manifest, answers))


def _found(manifest: Manifest, folder: Path, given: Tensors, answers: Tensors) -> Reference:
    """Exact, or what stands in for it."""
    lane = manifest.reference
    try:
        model, library = exact.reference_model(manifest, folder)
    except ModelError as error:
        loaded = server_lane.load(folder, lane)
        return _estimated(lane, given, answers, loaded.run, str(error))
    try:
        with trials.trial("exact arithmetic"):
            return _exact(lane, model, library, given, answers)
    except ModelError as error:
        ask = partial(exact.predict, model, dtype="float32")
        return _estimated(lane, given, answers, ask, str(error))


def _answers(samples: Samples, lane: Lane, folder: Path) -> Tensors:
    try:
        with trials.trial(f"the reference {lane}"):
            (answered,) = ask.ask(samples, [lane], folder)
        if answered.error is None:
            return answered.outputs
        why = answered.error
    except ModelError as error:  # it ended the process before
        why = str(error)
    raise ModelError(f"The reference {lane} cannot answer. {why}")


def _broken(answers: Tensors) -> int:
    """How many inputs have an answer that is no number."""
    wrong = [~np.isfinite(each).reshape(len(each), -1).all(axis=1) for each in answers]
    return int(np.logical_or.reduce(wrong).sum())


def _names(manifest: Manifest, answers: Tensors) -> tuple[str, ...]:
    names = tuple(each.name for each in manifest.outputs)
    return names if len(names) == len(answers) else tuple(map(str, range(len(answers))))


def _units(manifest: Manifest, answers: Tensors) -> list[Unit]:
    """What one number of each output is: a class where a softmax ends it, or where the manifest
    says so of the first.
    """
    classes = [rule.head_of(rule.rows(each)) == "softmax" for each in answers]
    classes[0] |= manifest.answers != "values"
    return ["class" if is_class else "value" for is_class in classes]


def _exact(
    lane: Lane,
    model: Any,
    library: Any,
    given: Tensors,
    answers: Tensors,
) -> Reference:
    base = exact.answers(model, given, library)
    heads = [rule.head_of(rule.rows(each)) for each in base]
    own = estimate.distances(base, answers, heads)
    float32: list[float | None] = [None] * len(own)
    if not exact.is_float32(model):
        twin = exact.as_dtype(model, "float32", library)
        float32 = [*estimate.distances(base, exact.predict(twin, given, "float32"), heads)]
    judges = tuple(
        ByRule(head, rule.bound(far, coarse))
        for head, far, coarse in zip(heads, own, float32, strict=True)
    )
    return Reference(lane, answers, base, judges, own=max(own))


def _estimated(lane: Lane, given: Tensors, answers: Tensors, ask: Ask, why: str) -> Reference:
    heads = [rule.head_of(rule.rows(each)) for each in answers]
    own = estimate.moved(given, answers, heads, ask)
    judges = tuple(ByRule(head, rule.bound(far)) for head, far in zip(heads, own, strict=True))
    return Reference(lane, answers, answers, judges, own=max(own), estimated=why)
