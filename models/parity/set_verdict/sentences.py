"""What is said of a whole dataset: how many are read right by format, and whether they agree.

It needs what each lane read and how it was judged, not all its answers: a report that was saved has
just that.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from models.dataset import UNKNOWN
from models.lanes import FORMATS, Lane, gives_nan, spoken
from models.parity import scores
from models.parity.apart import difference, farthest
from models.parity.judgement import Judge, Judgement
from models.parity.set_verdict.counted import many, percent
from models.parity.verdict import Kind, Verdict


@dataclass(frozen=True, eq=False)
class Read:
    """What a lane read: ``top`` (n,) is the class of each image, ``UNKNOWN`` where it has not
    answered; ``error`` says why it stopped.
    """

    lane: Lane
    top: NDArray[np.int64]
    error: str | None = None

    @property
    def done(self) -> NDArray[np.bool_]:
        """(n,): which images were answered."""
        answered: NDArray[np.bool_] = self.top != UNKNOWN
        return answered


@dataclass(frozen=True, eq=False)
class Seen:
    """A set as its lanes read it. ``labels`` (n,) are ``UNKNOWN`` where there is none; ``judged``
    has every lane that was compared; ``left_out`` counts files that could not be read.
    """

    read: Sequence[Read]
    judged: Sequence[Judgement]
    labels: NDArray[np.integer]
    reference: Lane
    judge: Judge
    left_out: int = 0

    @property
    def answered(self) -> list[Read]:
        return [each for each in self.read if each.done.any()]

    @property
    def by_lanes(self) -> NDArray[np.int64]:
        """(n,): how many lanes read each image."""
        done = [each.done for each in self.answered]
        return np.sum(done, axis=0) if done else np.zeros(len(self.labels), np.int64)

    @property
    def apart(self) -> int:
        """How many images two lanes read as different classes."""
        return int(scores.disagree(self.answered).sum())


def conclude(seen: Seen) -> Verdict:
    """The sentence and its figures; only images that two lanes read can be compared."""
    broken = [each.lane for each in seen.read if gives_nan(each.error)]
    compared, right = int((seen.by_lanes > 1).sum()), _right(seen)
    if broken:
        who, gives = spoken(broken, seen.reference), "gives" if len(broken) == 1 else "give"
        said = f"{_capital(who)} {gives} NaN."
        return Verdict("differ", said, _joined(right and f"{_capital(right)}.", _left(seen)))
    if len(seen.answered) < 2:
        said = "Fewer than two versions answered: nothing can be compared."
        return Verdict("failed", said, _left(seen))
    if not compared:
        said = "No image was read by two versions: nothing can be compared."
        return Verdict("failed", said, _left(seen))
    kind, agree = _agreement(seen, compared, "they" if right else "")
    headline = f"{right}; {agree}." if right else f"{agree}."
    if len(seen.answered) < len(seen.read) or any(each.error for each in seen.read):
        headline = f"{len(seen.answered)} of {len(seen.read)} versions answered: {headline}"
        kind = "differ" if kind == "differ" else "failed"
    worst = farthest(seen.judged)
    far = difference(worst or 0.0, seen.judge) if seen.judged else ""
    return Verdict(kind, _capital(headline), _joined(far, _left(seen)))


def _agreement(seen: Seen, compared: int, they: str) -> tuple[Kind, str]:
    """Whether the versions agree, and a clause that says so of ``they``, or of their name."""
    kinds, apart, everyone = {each.kind for each in seen.judged}, seen.apart, _everyone(seen)
    formats = they or f"the {everyone.split()[-1]}"
    all_read = compared == len(seen.labels) == int((seen.by_lanes == len(seen.answered)).sum())
    where = "" if all_read else " that two of them read"
    if "differs" in kinds and apart:
        share = percent(apart / compared)
        said = f"{formats} disagree on {apart:,} of {many(compared, 'image')}{where} ({share})"
        return "differ", said
    if "differs" in kinds:
        return "differ", f"{formats} always name the same class, but not with the same numbers"
    images = f"all of {many(compared, 'image')}" if compared > 1 else "the one image"
    if apart:
        ties = f"{many(apart, 'tie')} that rounding decides"
        agree = f"{they or everyone} agree on {images}{where}, but for {ties}"
    elif not all_read:
        agree = f"{they or everyone} never disagree where two of them answered"
    else:
        agree = f"{they} never disagree" if they else f"{everyone} read {images} alike"
    if "cannot be judged" in kinds:
        return "unsure", f"{agree}, but this model rounds too coarsely to tell more"
    return "agree", agree


def _right(seen: Seen) -> str:
    """How many images are right, by format where that differs: of the labelled ones that every
    lane which answered has read, so that all are asked the same. Empty where there is none.
    """
    answered = seen.answered
    if not answered:
        return ""
    by_all = seen.by_lanes == len(answered)
    asked = by_all & (seen.labels != UNKNOWN)
    if not asked.any():
        return ""
    groups: dict[str, list[Lane]] = {}
    for each in answered:
        share = percent(float((each.top == seen.labels)[asked].mean()))
        groups.setdefault(share, []).append(each.lane)
    lanes = [each.lane for each in answered]
    names = [(share, _named(some, lanes, seen.reference)) for share, some in groups.items()]
    text = ", ".join(f"{share} with {who}" for share, who in names).replace(
        " with", " right with", 1
    )
    few = not by_all.all()
    return f"{text} on the {many(int(asked.sum()), 'image')} that all read" if few else text


def _named(some: Sequence[Lane], lanes: Sequence[Lane], reference: Lane) -> str:
    """These of all lanes: "all formats", "Keras and the graph model"; with their place only where
    a format is not the same everywhere.
    """
    if len(some) == len(lanes):
        count = len({(each.format, each.weights) for each in lanes})
        return {1: "every version", 2: "both formats"}.get(count, "all formats")
    whole = [
        form
        for form in FORMATS
        if [each for each in lanes if each.format == form]
        == [each for each in some if each.format == form]
        != []
    ]
    converted = [form for form in whole if form != "keras"]
    plural = "s" if len(converted) > 1 else ""
    names = ["Keras"] if "keras" in whole else []
    names += [f"the {' and '.join(converted)} model{plural}"] if converted else []
    rest = [each for each in some if each.format not in whole]
    names += [spoken(rest, reference)] if rest else []
    return " and ".join(names)


def _everyone(seen: Seen) -> str:
    lanes = [each.lane for each in seen.answered]
    named = _named(lanes, lanes, seen.reference)
    return "all versions" if named == "every version" else named


def _left(seen: Seen) -> str:
    """Which lanes failed or were stopped, and what has no label or was left out."""
    unknown, count = int((seen.labels == UNKNOWN).sum()), len(seen.labels)
    failed = [each.lane for each in seen.read if each.error is not None]
    return _joined(
        f"Stopped by an error: {spoken(failed, seen.reference)}; the table says why."
        if failed
        else "",
        _short_of(seen),
        _unlabelled(unknown, count),
        f"{many(seen.left_out, 'file')} left out." if seen.left_out else "",
    )


def _unlabelled(unknown: int, count: int) -> str:
    if not unknown:
        return ""
    if unknown == count:
        return "No image has a label, so how many are right is not known."
    return f"{unknown:,} of {many(count, 'image')} have no label."


def _short_of(seen: Seen) -> str:
    """Lanes that were stopped before the end, and after how many images."""
    behind = [
        f"{spoken([each.lane], seen.reference)} after {int(each.done.sum()):,}"
        for each in seen.answered
        if each.error is None and not each.done.all()
    ]
    if not behind:
        return ""
    return f"Stopped before the end of {many(len(seen.labels), 'image')}: {', '.join(behind)}."


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def _joined(*sentences: str) -> str:
    return " ".join(filter(None, sentences))
