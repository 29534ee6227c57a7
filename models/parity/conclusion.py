"""What was found of a model's lanes, in sentences, for `verify` and for the Inspect page."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterator, Sequence

from models.lanes import CONVERTED, Format, Lane
from models.parity import explanation
from models.parity.figures import share
from models.parity.judgement import ByRule, Judge, Judgement, Kind
from models.parity.known_limits import Limit
from models.parity.set_verdict import many

_FEW = 9  # names that a list shows
_HALF = "f16"  # the setting of a lane that computes with half floats


def allowed(judge: Judge) -> str:
    """How far a lane may be off."""
    if not isinstance(judge, ByRule):
        return f"Tolerance: atol {judge.atol:g}, rtol {judge.rtol:g}."
    of = "logits" if judge.head == "softmax" else "answers"
    return f"Bound: {share(judge.bound)} of the {of}' scale."


def outcome(
    judgements: Sequence[Judgement], reference: Lane, missing: Sequence[Format] = ()
) -> str:
    """PASSED, FAILED, NOT JUDGED or NOT COMPARED, and which lanes; ``missing`` are formats that are
    given or required and cannot run.
    """
    unjudged = _of(judgements, "cannot be judged")
    compared = [each for each in judgements if each.kind in ("passed", "differs")] + unjudged
    if failed := _of(judgements, "differs"):
        return f"FAILED: {' '.join(_failed(failed, reference, len(compared)))}"
    unable = _of(judgements, "cannot run")
    if missing or not compared:
        forms = f" Given or required: {' and '.join(missing)}." if missing else ""
        which = f" These cannot run: {_names(unable)}." if unable else ""
        answered = f"{many(len(compared), 'lane')} answered" if compared else "no lane answered"
        return f"NOT COMPARED: {answered}.{forms}{which}"
    left = f" {len(unable)} cannot run: {_names(unable)}." if unable else ""
    if unjudged:
        return (
            f"NOT JUDGED: rounding alone may change what this model answers completely, so whether "
            f"these answer like {reference} cannot be told: {_names(unjudged)}.{left}"
        )
    count = f"{len(compared)} lane{'s answer' if len(compared) > 1 else ' answers'}"
    worst = max(each.distance or 0.0 for each in compared)
    return f"PASSED: {count} like {reference}, within {share(worst)}.{left}"


def limits(judgements: Sequence[Judgement]) -> list[str]:
    """The known limits of TensorFlow.js behind the judgements, each with its way out."""
    return [
        f"Known limit {row.name}: {row.happens} {_way_out(row, judgements)}"
        for row in explanation.rows(judgements)
    ]


def _way_out(row: Limit, judgements: Sequence[Judgement]) -> str:
    """The row's way out, without a format that does not pass here either."""
    found = re.match(r"Ship the (graph|layers) model", row.way_out)
    if found is None:
        return row.way_out
    named = found[1]
    kinds = {each.kind for each in judgements if each.lane.format == named and each.lane.in_browser}
    if "passed" in kinds or kinds <= {"not tried"}:
        return row.way_out
    _, *rest = re.split(r", or |; ", row.way_out, maxsplit=1)
    if not rest:
        return f"The {named} model, the way out elsewhere, does not pass here."
    return f"{rest[0][:1].upper()}{rest[0][1:]}"


def on_runtime(lane: Lane) -> str:
    """Where a lane ran, as a command says it."""
    return f"on {lane.runtime}"


def figures(
    judgements: Sequence[Judgement],
    reference: Lane,
    own: float | None,
    estimated: str | None = None,
    where: Callable[[Lane], str] = on_runtime,
) -> str:
    """How far the reference is from exact and each format from it, in a sentence.

    ``own`` is the reference's distance, and ``estimated`` says why it is one that stands in for it,
    if so. Empty where it is not known, or where nothing was compared.
    """
    farthest = [each for form in CONVERTED if (each := _farthest(judgements, form)) is not None]
    if own is None or not farthest:
        return ""
    name = "Keras" if reference.format == "keras" else f"The {reference.format} model"
    lanes = ", ".join(
        f"the {each.lane.format} model {where(each.lane)} {share(each.distance or 0.0)}"
        for each in farthest
    )
    kept = _kept(judgements, farthest, reference)
    if estimated is None:
        return f"{name} is {share(own)} from exact arithmetic, {lanes}: {kept}."
    return (
        f"Exact arithmetic cannot be had: {estimated} Rounding moves {reference} by about "
        f"{share(own)}; from it is {lanes}: {kept}."
    )


def _kept(judgements: Sequence[Judgement], farthest: Sequence[Judgement], reference: Lane) -> str:
    """What the figures say of the conversion: nothing of a format that gave no answer, nor where
    there is no original that a conversion could have changed.
    """
    answered = [each.lane.format for each in farthest]
    asked = {each.lane.format for each in judgements if each.kind != "not tried"}
    lost = [each.lane.format for each in farthest if each.kind == "differs" and _is_whole(each)]
    # Another number of classes has no distance.
    lost += [each.lane.format for each in judgements if _is_another(each)]
    lost = [form for form in CONVERTED if form in lost]
    if not lost and any(each.kind == "cannot be judged" for each in farthest):
        return "from the answers it cannot be told whether they compute the same"
    if not lost and any(each.lane.setting == _HALF and each.kind == "differs" for each in farthest):
        return "half floats alone do not tell whether the conversion kept your model"
    if reference.format != "keras":
        if lost:
            computes = "model computes" if len(lost) == 1 else "models compute"
            return f"the {' and the '.join(lost)} {computes} something else"
        return "they compute the same, whatever the original did"
    if lost:
        return f"the conversion to {' and to '.join(lost)} did not keep your model"
    to = "" if asked <= set(answered) else f" to {' and to '.join(answered)}"
    return f"the conversion{to} kept your model"


def _is_whole(each: Judgement) -> bool:
    """Whether a fault may be the conversion's: half floats are the chip's doing, and answers that
    are others the second time the backend's.
    """
    return each.lane.setting != _HALF and each.by != "again"


def _is_another(each: Judgement) -> bool:
    return each.kind == "differs" and each.distance is None


def _of(judgements: Sequence[Judgement], kind: Kind) -> list[Judgement]:
    return [each for each in judgements if each.kind == kind]


def _failed(failed: Sequence[Judgement], reference: Lane, compared: int) -> Iterator[str]:
    """What found them: the answers, the numbers in the files, or other answers."""
    ways = {
        "answers": f"do not answer like {reference}",
        "numbers": f"answer like {reference} within rounding, but their files hold other numbers",
        "again": f"answer like {reference}, but otherwise when they are asked again or one by one",
    }
    for by, way in ways.items():
        if lanes := [each for each in failed if each.by == by]:
            yield f"{len(lanes)} of {compared} lanes {way}: {_names(lanes)}."


def _farthest(judgements: Sequence[Judgement], form: Format) -> Judgement | None:
    """The lane of a format that is farthest off, NaN first; of TensorFlow.js if that was asked."""
    asked = [each for each in judgements if each.lane.format == form]
    ours = any(each.lane.in_browser and each.kind != "not tried" for each in asked)
    lanes = [
        each for each in asked if each.distance is not None and (each.lane.in_browser or not ours)
    ]
    lanes = [each for each in lanes if each.lane.weights == "float32"] or lanes
    lanes = [each for each in lanes if each.lane.setting != _HALF] or lanes
    return max(lanes, key=_far, default=None)


def _far(each: Judgement) -> float:
    return math.inf if each.distance is None or math.isnan(each.distance) else each.distance


def _names(lanes: Sequence[Judgement]) -> str:
    names = [str(each.lane) for each in lanes]
    more = f" and {len(names) - _FEW} more" if len(names) > _FEW else ""
    return ", ".join(names[:_FEW]) + more
