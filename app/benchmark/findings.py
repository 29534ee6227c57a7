"""A benchmark in words: which lane is fastest, for what, and whether that is beyond the noise."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from app.benchmark.report import LaneTimes
from models.lanes import YARDSTICK
from models.parity.figures import milliseconds
from models.parity.timing import Ratio, factor, median, ratio_interval

Sample = Callable[[LaneTimes], Sequence[float]]
Turns = Callable[[LaneTimes], Sequence[int]]

TOO_SELDOM = "measured too seldom to compare"  # a large model on a slow machine


def sentences(lanes: Sequence[LaneTimes]) -> list[str]:
    """All findings on these lanes, a sentence each."""
    writers = (fastest_for_one, fastest_for_many, graph_or_layers, yardstick)
    return [text for write in writers if (text := write(lanes)) is not None]


def fastest_for_one(lanes: Sequence[LaneTimes]) -> str | None:
    """Which lane is the fastest for one image; None if none was measured."""
    return _fastest(
        "For **one image**",
        _ranked(lanes, lambda each: each.times.steady_ms),
        lambda each: each.times.steady_ms,
        lambda each: each.turns,
        lambda each: milliseconds(median(each.times.steady_ms)),
    )


def fastest_for_many(lanes: Sequence[LaneTimes]) -> str | None:
    """Which lane is the fastest for many images, each at its best batch size; None if none was."""
    return _fastest(
        "For **many**",
        _ranked(lanes, per_image),
        per_image,
        best_turns,
        lambda each: f"{rate(1e3 / median(per_image(each)))} in batches of {best_batch(each)}",
    )


def _fastest(
    case: str,
    ranked: Sequence[LaneTimes],
    sample: Sample,
    turns: Turns,
    figure: Callable[[LaneTimes], str],
) -> str | None:
    """How far the fastest lane is ahead of the second, or that the lead is within the noise."""
    if not ranked:
        return None
    best = ranked[0]
    if len(ranked) < 2:
        return f"{case}, **{best.lane}** has {figure(best)}, the only lane measured."
    second = ranked[1]
    ratio = ratio_interval(
        sample(second), sample(best), turns=turns(second), other_turns=turns(best)
    )
    if not ratio.comparable:
        return (
            f"{case}, **{best.lane}** has {figure(best)}, **{second.lane}** {figure(second)}: "
            f"{TOO_SELDOM}."
        )
    interval = f"95 % interval {factor(ratio.low)}–{factor(ratio.high)}"
    if not ratio.beyond_noise:
        return (
            f"{case}, no lane is the fastest beyond the noise: **{best.lane}** has "
            f"{figure(best)}, **{second.lane}** {figure(second)} ({interval})."
        )
    return (
        f"{case}, **{best.lane}** is the fastest with {figure(best)}, **{factor(ratio.value)}×** "
        f"as fast as {second.lane}: beyond the noise ({interval})."
    )


def graph_or_layers(lanes: Sequence[LaneTimes]) -> str | None:
    """How the two formats compare on every backend that ran both; None if none did."""
    runtimes = dict.fromkeys(each.lane.runtime for each in lanes if each.lane.in_browser)
    compared = [
        f"{_format_lead(ratio)} on {runtime.removeprefix('tfjs/')}"
        for runtime in runtimes
        if (ratio := formats(lanes, runtime)) is not None
    ]
    return f"**Graph or layers**, for one image: {'; '.join(compared)}." if compared else None


def _format_lead(layers_over_graph: Ratio) -> str:
    ratio = layers_over_graph
    if not ratio.comparable:
        return TOO_SELDOM
    if not ratio.beyond_noise:
        return "no difference beyond the noise"
    name, lead = ("graph", ratio.value) if ratio.value >= 1 else ("layers", 1 / ratio.value)
    return f"{name} is **{factor(lead)}×** as fast"


def yardstick(lanes: Sequence[LaneTimes]) -> str | None:
    """How far LiteRT is ahead of the server's fastest lane; None if LiteRT was not measured."""
    measured = next((each for each in lanes if each.lane == YARDSTICK), None)
    on_server = [each for each in lanes if not each.lane.in_browser]
    ranked = _ranked(on_server, lambda each: each.times.steady_ms)
    if measured is None or not len(measured.times.steady_ms):
        return None
    one = milliseconds(median(measured.times.steady_ms))
    text = f"**The yardstick**, LiteRT on the server's processor, takes {one} for one image"
    if not ranked:
        return f"{text}."
    best = ranked[0]
    lead = median(best.times.steady_ms) / median(measured.times.steady_ms)
    text += f", {factor(lead)}× as fast as {best.lane}"
    many = _ranked(on_server, per_image)
    if many and per_image(measured):
        lead = median(per_image(many[0])) / median(per_image(measured))
        text += f"; for many, {factor(lead)}× as fast as {many[0].lane}"
    return f"{text}."


def problems(lanes: Sequence[LaneTimes]) -> list[str]:
    """Each reason why lanes could not run, with the names of these lanes."""
    reasons: dict[str, list[str]] = {}
    for each in lanes:
        if each.error is not None:
            reasons.setdefault(each.error, []).append(str(each.lane))
    return [f"**{', '.join(names)}**: {reason}" for reason, names in reasons.items()]


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
    """The measured lanes without the yardstick, the fastest first."""
    timed = [
        each
        for each in lanes
        if each.lane != YARDSTICK and len(sample(each)) and median(sample(each)) > 0
    ]
    return sorted(timed, key=lambda each: median(sample(each)))


def formats(lanes: Sequence[LaneTimes], runtime: str) -> Ratio | None:
    """The layers model's time for one image over the graph model's on one runtime.

    None if one of them was not measured.
    """
    by_format = {each.lane.format: each for each in lanes if each.lane.runtime == runtime}
    layers, graph = by_format.get("layers"), by_format.get("graph")
    if layers is None or graph is None:
        return None
    slower, base = layers.times.steady_ms, graph.times.steady_ms
    if not len(slower) or not len(base) or median(base) <= 0:
        return None
    return ratio_interval(slower, base, turns=layers.turns, other_turns=graph.turns)
