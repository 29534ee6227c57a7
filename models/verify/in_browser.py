"""What a browser told of the lanes that it ran, in sentences, and as JSON."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from typing import Any

from models.parity.figures import share
from models.parity.judgement import Judgement, Ran

_SET = {
    "f16": "keeps 16 bits of a number in its textures, three digits, as chips of many phones do",
    "unpacked": "keeps one number in a texel, not four",
    "1thread": "has one thread, as in a page that is not cross-origin isolated",
    "4threads": "has four threads, as on a processor of eight cores",
}

_HIDDEN = "Apple GPU"  # what WebKit says everywhere


def sentences(judgements: Sequence[Judgement], images: int) -> list[str]:
    """A line each on where lanes ran, and on what was asked again; none without a browser.

    ``images`` is how many inputs there were.
    """
    told = [(each, each.ran) for each in judgements if each.ran is not None]
    if not told:
        return []
    names = " and ".join(dict.fromkeys(ran.browser for _, ran in told))
    where = dict.fromkeys(_where(each, ran, images) for each, ran in told)
    return [f"In {names}: {'; '.join(filter(None, where))}.", *_alike(told), *_differing(told)]


def _where(each: Judgement, ran: Ran, images: int) -> str:
    runtime, said = each.lane.runtime, []
    if ran.software:
        said.append(f"is drawn in software ({ran.renderer}), not by a graphics card")
    elif ran.renderer == _HIDDEN:
        said.append("does not say what it draws on")
    elif ran.renderer:
        said.append(f"draws on {ran.renderer}")
    if each.lane.setting:
        said.append(_SET[each.lane.setting])
    elif ran.threads:
        said.append(f"computes on {ran.threads} thread{'s' if ran.threads > 1 else ''}")
    if ran.inputs < images:
        said.append(f"was asked for {ran.inputs:,} of the {images:,} inputs")
    return f"{runtime} {', '.join(said)}" if said else runtime


def _alike(told: Sequence[tuple[Judgement, Ran]]) -> Iterator[str]:
    """How far answers that should be the same are apart, where all are alike."""
    again = [ran for each, ran in told if ran.again is not None and not _unsteady(each)]
    if not again:
        return
    far = max(ran.again or 0.0 for ran in again)
    count = max(ran.predictions for ran in again)
    said = f"Predictions 1, 2 and {count} of one input are {_apart(far)}"
    batches = [ran for ran in again if ran.apart is not None]
    if batches:
        far, together = max(ran.apart or 0.0 for ran in batches), batches[0].together
        said += f"; {together} inputs one by one and in one batch are {_apart(far)}"
    yield f"{said}."


def _differing(told: Sequence[tuple[Judgement, Ran]]) -> Iterator[str]:
    """Why lanes differ; of those that are set otherwise, what that means for classes."""
    for each, _ in told:
        if each.kind != "differs":
            continue
        tops = ""
        if each.same_top is not None and each.by == "answers" and each.unit == "class":
            tops = f" It gives the same class for {each.same_top:.2%} of the inputs."
        yield f"{each.lane}: {each.reason}{tops}"


def _unsteady(each: Judgement) -> bool:
    return each.by == "again"


def _apart(far: float) -> str:
    if math.isnan(far):
        return "not numbers"
    return f"{share(far)} apart at most" if far else "the same to the bit"


def as_json(ran: Ran | None) -> dict[str, Any] | None:
    """The fields of ``ran``; None for a lane that no browser ran."""
    if ran is None:
        return None
    return {
        "name": ran.browser,
        "renderer": ran.renderer,
        "software": ran.software,
        "threads": ran.threads,
        "predictions": ran.predictions,
        "again": _number(ran.again),
        "together": ran.together,
        "apart": _number(ran.apart),
    }


def _number(value: float | None) -> float | None:
    """JSON has neither NaN nor infinity."""
    return None if value is None or not math.isfinite(value) else value
