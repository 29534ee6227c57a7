"""A benchmark in words: which version is fastest, for what, and whether that is beyond the noise.

One that answered wrongly takes part in nothing: its times are those of another model.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from app.benchmark import precision
from app.benchmark.report import LaneTimes
from app.ui.version_names import on_backend
from models.lanes import YARDSTICK
from models.parity.timing import Ratio, factor, median, ratio_interval

Sample = Callable[[LaneTimes], Sequence[float]]
Turns = Callable[[LaneTimes], Sequence[int]]

TOO_SELDOM = "measured too seldom to compare"  # a large model on a slow machine
# A quick or a cancelled run claims a lead only where a full one would hardly contradict it. Of
# 4,800 simulated runs of two versions, cut off anywhere, none named another one than all rounds
# did, and 39 one where these found none (162 without): noise of 3 to 25 %, a machine that drifts.
PARTIAL_TURNS = 6
PARTIAL_LEAD = 1.05


@dataclass(frozen=True)
class Lead:
    """How a version compares with a faster one: its time over the other's, and whether it may be
    said that the other is ahead.
    """

    ratio: Ratio
    partial: bool = False

    @property
    def comparable(self) -> bool:
        """Whether there were rounds enough to say anything."""
        return self.ratio.comparable and not (self.partial and self.ratio.times < PARTIAL_TURNS)

    @property
    def sure(self) -> bool:
        """Whether the difference is beyond the noise, for a partial run by a margin."""
        ratio = self.ratio
        least = PARTIAL_LEAD if self.partial else 1.0
        return self.comparable and (ratio.low > least or ratio.high * least < 1.0)


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


def wrong_answers(lanes: Sequence[LaneTimes]) -> list[str]:
    """Each version that answered wrongly, how often and from when on: it is not ranked."""
    return [_wrong(each) for each in lanes if each.is_wrong]


def _wrong(lane: LaneTimes) -> str:
    checked = lane.checked
    assert checked is not None and checked.first_wrong is not None
    what = "NaN" if checked.nan == checked.wrong else "a wrong answer"
    if checked.wrong == checked.answers:
        often = f"all {checked.answers:,} predictions"
    else:
        often = f"{checked.wrong:,} of {checked.answers:,} predictions"
        often += f", first at the {_ordinal(checked.first_wrong + 1)}"
    if 0 < checked.nan < checked.wrong:
        often += f" and NaN in {checked.nan:,} of them"
    return f"**{on_backend(lane.lane)}** gave {what} in {often}: it is not ranked."


def unchecked(lanes: Sequence[LaneTimes]) -> str | None:
    """That nobody knows whether the answers were right; None if all were looked at."""
    known = [each for each in lanes if len(each.times.steady_ms)]
    if all(each.checked is not None and each.checked.answers for each in known):
        return None
    return "The answers were not checked: a version that answers wrongly may be ranked here."


def fastest_for_one(lanes: Sequence[LaneTimes], *, partial: bool = False) -> str | None:
    """Which version is the fastest for one picture; None if none was measured."""
    return _fastest(
        "For **one picture**",
        _ranked(lanes, lambda each: each.times.steady_ms),
        lambda each: each.times.steady_ms,
        lambda each: each.turns,
        lambda each: precision.time(each.times.steady_ms, each.turns),
        partial=partial,
    )


def fastest_for_many(lanes: Sequence[LaneTimes], *, partial: bool = False) -> str | None:
    """Which version is the fastest for many pictures, each at its best batch size."""
    return _fastest(
        "For **many**",
        _ranked(lanes, per_image),
        per_image,
        best_turns,
        lambda each: (
            f"{precision.rate(per_image(each), best_turns(each))} in batches of {best_batch(each)}"
        ),
        partial=partial,
    )


def _fastest(
    case: str,
    ranked: Sequence[LaneTimes],
    sample: Sample,
    turns: Turns,
    figure: Callable[[LaneTimes], str],
    *,
    partial: bool,
) -> str | None:
    """How far the fastest version is ahead of the second, or that the lead is within the noise."""
    if not ranked:
        return None
    best = ranked[0]
    if len(ranked) < 2:
        return f"{case}, **{on_backend(best.lane)}** has {figure(best)}, the only one to compare."
    second = ranked[1]
    rounds = min(len(turns(each) or sample(each)) for each in (best, second))
    after = f", after {rounds} round{'' if rounds == 1 else 's'}" if partial else ""
    lead = Lead(
        ratio_interval(sample(second), sample(best), turns=turns(second), other_turns=turns(best)),
        partial,
    )
    both = (
        f"**{on_backend(best.lane)}** has {figure(best)}, "
        f"**{on_backend(second.lane)}** {figure(second)}"
    )
    if not lead.comparable:
        return f"{case}{after}, {both}: {TOO_SELDOM}."
    interval = f"95 % interval {factor(lead.ratio.low)}–{factor(lead.ratio.high)}"
    if not lead.sure:
        return f"{case}{after}, none is the fastest beyond the noise: {both} ({interval})."
    return (
        f"{case}{after}, **{on_backend(best.lane)}** is the fastest with {figure(best)}, "
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
    if litert is None or not len(litert.times.steady_ms):
        return None
    on_server = [each for each in lanes if not each.lane.in_browser]
    one = precision.time(litert.times.steady_ms, litert.turns)
    text = f"**The yardstick**, LiteRT on the server's processor, takes {one} for one picture"
    if best := _ranked(on_server, lambda each: each.times.steady_ms)[:1]:
        ratio = ratio_interval(
            best[0].times.steady_ms,
            litert.times.steady_ms,
            turns=best[0].turns,
            other_turns=litert.turns,
        )
        text += f", {_ahead(Lead(ratio, partial), best[0])}"
    if (many := _ranked(on_server, per_image)[:1]) and per_image(litert):
        ratio = ratio_interval(
            per_image(many[0]),
            per_image(litert),
            turns=best_turns(many[0]),
            other_turns=best_turns(litert),
        )
        text += f"; for many, {_ahead(Lead(ratio, partial), many[0])}"
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


def _ordinal(number: int) -> str:
    """1st, 2nd, 3rd, 11th, 1,001st."""
    if 10 < number % 100 < 14:
        return f"{number:,}th"
    return f"{number:,}{ {1: 'st', 2: 'nd', 3: 'rd'}.get(number % 10, 'th') }"


def best_batch(lane: LaneTimes) -> int | None:
    """The batch size with the most images per second; None if none was measured."""
    measured = [size for size, ms in lane.batches.items() if ms and median(ms) > 0]
    return min(measured, key=lambda size: median(lane.batches[size]) / size, default=None)


def per_image(lane: LaneTimes) -> tuple[float, ...]:
    """Milliseconds per image of each run at the best batch size; empty if none was measured."""
    size = best_batch(lane)
    return () if size is None else tuple(ms / size for ms in lane.batches[size])


def best_turns(lane: LaneTimes) -> tuple[int, ...]:
    """How many of ``per_image``'s times each turn measured; empty if that is not known."""
    size = best_batch(lane)
    return () if size is None else lane.batch_turns.get(size, ())


def images_per_second(lane: LaneTimes, size: int) -> float | None:
    """The median throughput of batches of ``size``; None if not measured."""
    ms = lane.batches.get(size)
    return 1e3 * size / median(ms) if ms and median(ms) > 0 else None


def rate(value: float) -> str:
    """Images per second with at least three significant figures: 14,400 images/s."""
    return f"{value:,.0f} images/s" if value >= 99.5 else f"{value:.3g} images/s"


def _ranked(lanes: Sequence[LaneTimes], sample: Sample) -> list[LaneTimes]:
    """The measured versions that answered rightly, without the yardstick, the fastest first."""
    timed = [
        each
        for each in lanes
        if each.lane != YARDSTICK
        and not each.is_wrong
        and len(sample(each))
        and median(sample(each)) > 0
    ]
    return sorted(timed, key=lambda each: median(sample(each)))


def formats(lanes: Sequence[LaneTimes], runtime: str) -> Ratio | None:
    """The layers model's time for one image over the graph model's on one runtime.

    None if one of them was not measured, or answered wrongly.
    """
    right = (each for each in lanes if each.lane.runtime == runtime and not each.is_wrong)
    by_format = {each.lane.format: each for each in right}
    layers, graph = by_format.get("layers"), by_format.get("graph")
    if layers is None or graph is None:
        return None
    slower, base = layers.times.steady_ms, graph.times.steady_ms
    if not len(slower) or not len(base) or median(base) <= 0:
        return None
    return ratio_interval(slower, base, turns=layers.turns, other_turns=graph.turns)
