"""A benchmark in words: which lane is fastest, for whom, and whether that is more than chance."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from app.benchmark.report import LaneTimes
from models.lanes import YARDSTICK
from models.parity.figures import milliseconds
from models.parity.timing import Ratio, factor, median, ratio_interval

Sample = Callable[[LaneTimes], Sequence[float]]
Turns = Callable[[LaneTimes], Sequence[int]]


def sentences(lanes: Sequence[LaneTimes]) -> list[str]:
    """All that can be said of these lanes in words."""
    said = (fastest_for_one, fastest_for_many, graph_or_layers, yardstick)
    return [text for each in said if (text := each(lanes)) is not None]


def fastest_for_one(lanes: Sequence[LaneTimes]) -> str | None:
    """The sentence that names the fastest lane for one digit; None before any was measured."""
    return _fastest(
        "For **one digit**",
        _ranked(lanes, lambda each: each.times.steady_ms),
        lambda each: each.times.steady_ms,
        lambda each: each.turns,
        lambda each: milliseconds(median(each.times.steady_ms)),
    )


def fastest_for_many(lanes: Sequence[LaneTimes]) -> str | None:
    """The same for many digits: each lane at the batch size that is best for it."""
    return _fastest(
        "For **many**",
        _ranked(lanes, per_digit),
        per_digit,
        best_turns,
        lambda each: f"{rate(1e3 / median(per_digit(each)))} in batches of {best_batch(each)}",
    )


def _fastest(
    whom: str,
    ranked: Sequence[LaneTimes],
    sample: Sample,
    turns: Turns,
    figure: Callable[[LaneTimes], str],
) -> str | None:
    """How far the fastest is ahead of the second, or that this is no more than chance."""
    if not ranked:
        return None
    best = ranked[0]
    if len(ranked) < 2:
        return f"{whom}, **{best.lane}** has {figure(best)}, the only lane measured."
    second = ranked[1]
    ratio = ratio_interval(
        sample(second), sample(best), turns=turns(second), other_turns=turns(best)
    )
    between = f"95 % interval {factor(ratio.low)}–{factor(ratio.high)}"
    if not ratio.beyond_noise:
        return (
            f"{whom}, no lane is the fastest beyond the noise: **{best.lane}** has "
            f"{figure(best)}, **{second.lane}** {figure(second)} ({between})."
        )
    return (
        f"{whom}, **{best.lane}** is the fastest with {figure(best)}, **{factor(ratio.value)}×** "
        f"as fast as {second.lane}: beyond the noise ({between})."
    )


def graph_or_layers(lanes: Sequence[LaneTimes]) -> str | None:
    """The two formats against each other on every backend that ran both; None where none did."""
    runtimes = dict.fromkeys(each.lane.runtime for each in lanes if each.lane.in_browser)
    compared = [
        f"{_format_lead(ratio)} on {runtime.removeprefix('tfjs/')}"
        for runtime in runtimes
        if (ratio := formats(lanes, runtime)) is not None
    ]
    return f"**Graph or layers**, for one digit: {'; '.join(compared)}." if compared else None


def _format_lead(layers_over_graph: Ratio) -> str:
    ratio = layers_over_graph
    if not ratio.beyond_noise:
        return "no difference beyond the noise"
    name, lead = ("graph", ratio.value) if ratio.value >= 1 else ("layers", 1 / ratio.value)
    return f"{name} is **{factor(lead)}×** as fast"


def yardstick(lanes: Sequence[LaneTimes]) -> str | None:
    """How far the server's fastest lane is from LiteRT; None when it was not measured."""
    measured = next((each for each in lanes if each.lane == YARDSTICK), None)
    on_server = [each for each in lanes if not each.lane.in_browser]
    ranked = _ranked(on_server, lambda each: each.times.steady_ms)
    if measured is None or not len(measured.times.steady_ms):
        return None
    one = milliseconds(median(measured.times.steady_ms))
    said = f"**The yardstick**, LiteRT on the server's processor, takes {one} for one digit"
    if not ranked:
        return f"{said}."
    best = ranked[0]
    lead = median(best.times.steady_ms) / median(measured.times.steady_ms)
    said += f", {factor(lead)}× as fast as {best.lane}"
    many = _ranked(on_server, per_digit)
    if many and per_digit(measured):
        lead = median(per_digit(many[0])) / median(per_digit(measured))
        said += f"; for many, {factor(lead)}× as fast as {many[0].lane}"
    return f"{said}."


def problems(lanes: Sequence[LaneTimes]) -> list[str]:
    """What went wrong, each reason once with the lanes that it kept from running."""
    reasons: dict[str, list[str]] = {}
    for each in lanes:
        if each.error is not None:
            reasons.setdefault(each.error, []).append(str(each.lane))
    return [f"**{', '.join(names)}**: {reason}" for reason, names in reasons.items()]


def best_batch(each: LaneTimes) -> int | None:
    """The batch size with the most images a second; None before any was measured."""
    measured = [size for size, ms in each.batches.items() if ms and median(ms) > 0]
    return min(measured, key=lambda size: median(each.batches[size]) / size, default=None)


def per_digit(each: LaneTimes) -> tuple[float, ...]:
    """Milliseconds a digit of every run at the best batch size; empty before any was measured."""
    size = best_batch(each)
    return () if size is None else tuple(ms / size for ms in each.batches[size])


def best_turns(each: LaneTimes) -> tuple[int, ...]:
    """How many of ``per_digit``'s times were measured in one go; empty where that is not known."""
    size = best_batch(each)
    return () if size is None else each.batch_turns.get(size, ())


def images_per_second(each: LaneTimes, size: int) -> float | None:
    """The median throughput of batches of ``size``; None when not measured."""
    ms = each.batches.get(size)
    return 1e3 * size / median(ms) if ms and median(ms) > 0 else None


def rate(value: float) -> str:
    """Images per second with three figures at least: 14,400 images/s."""
    return f"{value:,.0f} images/s" if value >= 99.5 else f"{value:.3g} images/s"


def _ranked(lanes: Sequence[LaneTimes], sample: Sample) -> list[LaneTimes]:
    """The lanes that were measured, the fastest first. The yardstick takes no part."""
    timed = [
        each
        for each in lanes
        if each.lane != YARDSTICK and len(sample(each)) and median(sample(each)) > 0
    ]
    return sorted(timed, key=lambda each: median(sample(each)))


def formats(lanes: Sequence[LaneTimes], runtime: str) -> Ratio | None:
    """The layers model's time for one digit over the graph model's on one runtime."""
    there = {each.lane.format: each for each in lanes if each.lane.runtime == runtime}
    layers, graph = there.get("layers"), there.get("graph")
    if layers is None or graph is None:
        return None
    slower, base = layers.times.steady_ms, graph.times.steady_ms
    if not len(slower) or not len(base) or median(base) <= 0:
        return None
    return ratio_interval(slower, base, turns=layers.turns, other_turns=graph.turns)
