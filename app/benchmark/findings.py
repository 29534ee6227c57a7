"""A benchmark in words: which version is fastest, for what, and whether that is beyond the noise.

One that answered wrongly takes part in nothing: its times are those of another model.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from app.benchmark import precision
from app.benchmark.comparing import (
    MANY,
    ONE,
    Lead,
    Sample,
    best_batch,
    best_turns,
    formats,
    per_image,
    ranked,
)
from app.benchmark.report import LaneTimes
from app.benchmark.wrong import unchecked, wrong_answers
from app.ui.version_names import on_backend
from models.lanes import YARDSTICK
from models.parity.timing import factor, median_if_any

TOO_SELDOM = "measured too seldom to compare"  # a large model on a slow machine


def sentences(lanes: Sequence[LaneTimes], *, partial: bool = False) -> list[str]:
    """All findings on these versions, a sentence each. A ``partial`` run was quick or cancelled."""
    found = (
        fastest_for_one(lanes, partial=partial),
        fastest_for_many(lanes, partial=partial),
        graph_or_layers(lanes, partial=partial),
        yardstick(lanes, partial=partial),
        unchecked(lanes),
    )
    return [*wrong_answers(lanes), *(text for text in found if text is not None)]


def fastest_for_one(lanes: Sequence[LaneTimes], *, partial: bool = False) -> str | None:
    """Which version is the fastest for one picture; None if none was measured."""

    def figure(each: LaneTimes) -> str:
        return precision.time(each.times.steady_ms, each.turns)

    return _fastest("For **one picture**", lanes, ONE, figure, partial=partial)


def fastest_for_many(lanes: Sequence[LaneTimes], *, partial: bool = False) -> str | None:
    """Which version is the fastest for many pictures, each at its best batch size."""

    def figure(each: LaneTimes) -> str:
        each_second = precision.rate(per_image(each), best_turns(each))
        return f"{each_second} in batches of {best_batch(each)}"

    return _fastest("For **many**", lanes, MANY, figure, partial=partial)


def _fastest(
    case: str,
    lanes: Sequence[LaneTimes],
    sample: Sample,
    figure: Callable[[LaneTimes], str],
    *,
    partial: bool,
) -> str | None:
    """How far the fastest version is ahead of the second, or that the lead is within the noise."""
    best, second = (*ranked(lanes, sample), None, None)[:2]
    if best is None:
        return None
    name = f"**{on_backend(best.lane)}**"
    if second is None:
        return f"{case}, {name} has {figure(best)}, the only one to compare."
    lead = sample.lead(second, best, partial=partial)
    rounds = lead.ratio.times
    after = f", after {rounds} round{'' if rounds == 1 else 's'}" if partial else ""
    both = f"{name} has {figure(best)}, **{on_backend(second.lane)}** {figure(second)}"
    if not lead.comparable:
        return f"{case}{after}, {both}: {TOO_SELDOM}."
    interval = f"95 % interval {factor(lead.ratio.low)}–{factor(lead.ratio.high)}"
    if not lead.sure:
        return f"{case}{after}, none is the fastest beyond the noise: {both} ({interval})."
    return (
        f"{case}{after}, {name} is the fastest with {figure(best)}, "
        f"**{factor(lead.ratio.value)}×** as fast as {on_backend(second.lane)}: beyond the noise "
        f"({interval})."
    )


def graph_or_layers(lanes: Sequence[LaneTimes], *, partial: bool = False) -> str | None:
    """How the two formats compare on every backend that ran both; None if none did."""
    runtimes = dict.fromkeys(each.lane.runtime for each in lanes if each.lane.in_browser)
    compared = [
        f"{_format_lead(Lead(ratio, partial))} on {runtime.removeprefix('tfjs/')}"
        for runtime in runtimes
        if (ratio := formats(lanes, runtime)) is not None
    ]
    return f"**Graph or layers**, for one picture: {'; '.join(compared)}." if compared else None


def _format_lead(layers_over_graph: Lead) -> str:
    ratio = layers_over_graph.ratio
    if not layers_over_graph.comparable:
        return TOO_SELDOM
    if not layers_over_graph.sure:
        return "no difference beyond the noise"
    name, lead = ("graph", ratio.value) if ratio.value >= 1 else ("layers", 1 / ratio.value)
    return f"{name} is **{factor(lead)}×** as fast"


def yardstick(lanes: Sequence[LaneTimes], *, partial: bool = False) -> str | None:
    """How far LiteRT is ahead of the server's fastest version; None if LiteRT was not measured."""
    litert = next((each for each in lanes if each.lane == YARDSTICK and not each.is_wrong), None)
    if litert is None or median_if_any(litert.times.steady_ms) in (None, 0):
        return None
    on_server = [each for each in lanes if not each.lane.in_browser]
    one = precision.time(litert.times.steady_ms, litert.turns)
    text = f"**The yardstick**, LiteRT on the server's processor, takes {one} for one picture"
    for sample, case in ((ONE, ", "), (MANY, "; for many, ")):
        for best in ranked(on_server, sample)[:1]:
            if sample.times(litert):
                text += f"{case}{_ahead(sample.lead(best, litert, partial=partial), best)}"
    return f"{text}."


def _ahead(lead: Lead, other: LaneTimes) -> str:
    if not lead.comparable:
        return TOO_SELDOM
    if not lead.sure:
        return f"as fast as {on_backend(other.lane)} within the noise"
    return f"{factor(lead.ratio.value)}× as fast as {on_backend(other.lane)}"


def problems(lanes: Sequence[LaneTimes]) -> list[str]:
    """Each reason why versions could not run, with the names of these versions."""
    reasons: dict[str, list[str]] = {}
    for each in lanes:
        if each.error is not None:
            reasons.setdefault(each.error, []).append(on_backend(each.lane))
    return [f"**{', '.join(names)}**: {reason}" for reason, names in reasons.items()]
