"""Every lane's answers to the ready pictures, judged as `verify` judges them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from models.dataset import Dataset
from models.formats.manifest import Manifest, stored_form
from models.lanes import CONVERTED, Lane, Probabilities, Weights, gives_nan, page_name, where
from models.parity import cautions, conclusion, explanation, judgement
from models.parity.advice import recommendation
from models.parity.figures import share
from models.parity.judgement import ByRule, Judge, Judgement
from models.parity.set_verdict import many
from models.runtimes.references import Reference


@dataclass(frozen=True, eq=False)
class Answered:
    """A lane's answers (n, classes) and what they took, or why it has none."""

    values: Probabilities | None = None
    seconds: float = 0.0
    error: str | None = None


Answers = Mapping[Lane, Answered]


@dataclass(frozen=True, eq=False)
class Exact:
    """The reference in exact arithmetic, on the digits at these places."""

    found: Reference
    places: NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class Judged:
    """The judgement of every lane that was asked, compared with ``reference``, and what else is
    said of them, a sentence each; the last says what to ship. ``rounding`` says how far a lane may
    be off.
    """

    reference: Lane
    judgements: tuple[Judgement, ...]
    rounding: str
    sentences: tuple[str, ...]


def judge(
    manifest: Manifest, folder: Path, answers: Answers, digits: Dataset, exact: Exact | None = None
) -> Judged | None:
    """Judge the lanes in ``answers`` to ``digits``, from exact if that is there, else from the
    reference; None where the reference has no answer.
    """
    given = answers.get(manifest.reference)
    if given is None or given.values is None:
        return None
    judge = judgement.stored(manifest)
    base: NDArray[np.floating] = given.values
    places = np.arange(len(base))
    if exact is not None:
        judge = judge if isinstance(judge, ByRule) else exact.found.judge
        base, places = exact.found.base[0], exact.places
    judged = explanation.explained(
        (
            _judged(lane, each, base, places, judge)
            for lane, each in answers.items()
            if lane != manifest.reference
        ),
        manifest,
        folder,
    )
    warned = (f"Caution: {each}" for each in cautions.find(base, judge, digits.labels[places]))
    said = (*warned, *_sentences(manifest, judged, exact))
    rounding = f"{many(len(places), 'picture')}. {conclusion.allowed(judge)}"
    return Judged(manifest.reference, judged, rounding, said)


def lanes(manifest: Manifest, runtime: str, weights: Weights) -> list[Lane]:
    """What is compared with the reference: the formats that there are, on ``runtime``."""
    return [
        lane
        for form in CONVERTED
        if stored_form(form, weights) in manifest.lanes
        and (lane := Lane(form, runtime, weights)) != manifest.reference
    ]


def _judged(
    lane: Lane, given: Answered, base: NDArray[np.floating], at: NDArray[np.int64], judge: Judge
) -> Judgement:
    if gives_nan(given.error):
        return judgement.not_a_number(lane, judge)
    if given.values is None:
        return judgement.cannot_run(lane, given.error or "It gave no answer.")
    found = judge.judge(lane, base, given.values[at])
    worst = found.worst and (int(at[found.worst[0]]), found.worst[1])
    return replace(found, worst=worst, seconds=given.seconds, inputs=len(given.values))


def _sentences(
    manifest: Manifest, judged: tuple[Judgement, ...], exact: Exact | None
) -> Iterator[str]:
    yield from conclusion.limits(judged)
    if exact is not None:
        own, estimated = exact.found.own, exact.found.estimated
        yield conclusion.figures(judged, manifest.reference, own, estimated, where)
    for form in CONVERTED:
        if form not in manifest.lanes:
            yield f"This model has no {form} model."
    if any(each.lane.weights != "float32" for each in judged):
        yield "These weights are rounded on purpose: what to ship is said of float32."
    else:
        sizes = {form: manifest.size(form) for form in CONVERTED if form in manifest.lanes}
        original = manifest.reference.format == "keras"
        yield recommendation.recommend(judged, sizes, original=original).sentence


def table(judged: Judged) -> pd.DataFrame:
    """One row per lane, in the columns of `verify`."""
    return pd.DataFrame(
        {
            "version": page_name(each.lane, judged.reference),
            "judgement": each.kind,
            "distance": "" if each.distance is None else share(each.distance),
            "bound": "" if each.bound is None else share(each.bound),
            "same top": "" if each.same_top is None else f"{each.same_top:.2%}",
            "worst at": each.place,
            "why": each.reason or "",
        }
        for each in judged.judgements
    )
