"""A benchmark in words: which lane is fastest, and the whole report as Markdown for an issue."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from app.benchmark_report import BATCHES, LaneTimes, Report
from models.timing import Ratio, median, p95, ratio_interval
from models.verdict import milliseconds

Sample = Callable[[LaneTimes], Sequence[float]]


def fastest_for_one(lanes: Sequence[LaneTimes]) -> str | None:
    """The sentence that names the fastest lane for one digit; None before any was measured."""
    ranked = _ranked(lanes, lambda each: each.times.steady_ms)
    if not ranked:
        return None
    best = ranked[0]
    return (
        f"For **one digit**, **{best.lane}** is the fastest with "
        f"{milliseconds(median(best.times.steady_ms))}"
        f"{_ahead(ranked, lambda each: each.times.steady_ms)}."
    )


def fastest_for_many(lanes: Sequence[LaneTimes]) -> str | None:
    """The same for many digits: each lane at the batch size that is best for it."""
    ranked = _ranked(lanes, per_digit)
    if not ranked:
        return None
    best = ranked[0]
    size = best_batch(best)
    return (
        f"For **many**, **{best.lane}** is the fastest with {rate(1e3 / median(per_digit(best)))} "
        f"in batches of {size}{_ahead(ranked, per_digit)}."
    )


def best_batch(each: LaneTimes) -> int | None:
    """The batch size with the most images a second; None before any was measured."""
    measured = [size for size, ms in each.batches.items() if ms and median(ms) > 0]
    return min(measured, key=lambda size: median(each.batches[size]) / size, default=None)


def per_digit(each: LaneTimes) -> tuple[float, ...]:
    """Milliseconds a digit of every run at the best batch size; empty before any was measured."""
    size = best_batch(each)
    return () if size is None else tuple(ms / size for ms in each.batches[size])


def images_per_second(each: LaneTimes, size: int) -> float | None:
    """The median throughput of batches of ``size``; None when not measured."""
    ms = each.batches.get(size)
    return 1e3 * size / median(ms) if ms and median(ms) > 0 else None


def rate(value: float) -> str:
    """Images per second with three figures at least: 14,400 images/s."""
    return f"{value:,.0f} images/s" if value >= 99.5 else f"{value:.3g} images/s"


def _ranked(lanes: Sequence[LaneTimes], sample: Sample) -> list[LaneTimes]:
    timed = [each for each in lanes if len(sample(each)) and median(sample(each)) > 0]
    return sorted(timed, key=lambda each: median(sample(each)))


def _ahead(ranked: Sequence[LaneTimes], sample: Sample) -> str:
    """How far the fastest is ahead of the second, and whether that is more than chance."""
    if len(ranked) < 2:
        return ", the only lane measured"
    ratio = ratio_interval(sample(ranked[1]), sample(ranked[0]))
    between = f"95 % interval {factor(ratio.low)}–{factor(ratio.high)}"
    if not ratio.beyond_noise:
        return (
            f", but {ranked[1].lane} at {factor(ratio.value)}× the time is within the noise "
            f"({between})"
        )
    return f", **{factor(ratio.value)}×** as fast as {ranked[1].lane}: beyond the noise ({between})"


def formats(lanes: Sequence[LaneTimes], runtime: str) -> Ratio | None:
    """The layers model's time for one digit over the graph model's on one runtime."""
    steady = {
        each.lane.format: each.times.steady_ms for each in lanes if each.lane.runtime == runtime
    }
    layers, graph = steady.get("layers", ()), steady.get("graph", ())
    if not len(layers) or not len(graph) or median(graph) <= 0:
        return None
    return ratio_interval(layers, graph)


def factor(value: float) -> str:
    """A ratio as it is said: 1.04, 2.6, 31."""
    if value >= 9.95:
        return f"{value:,.0f}"
    return f"{value:.1f}" if value >= 1.95 else f"{value:.2f}"


def markdown(report: Report) -> str:
    """The report to paste into an issue: sentences, a table of lanes, where it was measured."""
    said = [fastest_for_one(report.lanes), fastest_for_many(report.lanes)]
    parts = [
        f"### Digit Parity benchmark of `{report.model}` ({report.model_version})",
        " ".join(each for each in said if each),
        "The run was cancelled; what it had measured is below." if report.cancelled else "",
        _lanes_table(report.lanes),
        "Times in milliseconds, each with reading the result back. images/s: median by batch size.",
        *(f"- {each.lane}: {_line(each.error)}" for each in report.lanes if each.error),
        _table(["", ""], environment(report)),
    ]
    return "\n\n".join(part for part in parts if part) + "\n"


def environment(report: Report) -> list[list[str]]:
    """Where it was measured, as rows of a name and a text: the page and the Markdown show these."""
    rows = [["model", f"{report.model} {report.model_version}"]]
    rows += [[key, value] for key, value in report.environment.items()]
    if report.script_ms is not None:
        rows.append(["TensorFlow.js fetched and run", milliseconds(report.script_ms)])
    rows += [[f"start of {name}", milliseconds(ms)] for name, ms in report.backends.items()]
    rows += [
        [f"tensors {stage}", f"{memory.tensors:,} of {memory.bytes:,} bytes"]
        for stage, memory in report.memory.items()
    ]
    return rows


def _lanes_table(lanes: Sequence[LaneTimes]) -> str:
    head = ["lane", "load", "first", "p50", "p95", *(f"images/s at {size}" for size in BATCHES)]
    return _table(head, [_row(each) for each in lanes])


def _row(each: LaneTimes) -> list[str]:
    times, steady = each.times, each.times.steady_ms
    rates = (images_per_second(each, size) for size in BATCHES)
    return [
        str(each.lane),
        _number(times.load_ms),
        _number(times.first_ms),
        _number(median(steady) if len(steady) else None),
        _number(p95(steady) if len(steady) else None),
        *(_number(each) for each in rates),
    ]


def _number(value: float | None) -> str:
    if value is None:
        return "–"
    return f"{value:,.0f}" if value >= 99.5 else f"{value:.3g}"


def _table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join("| " + " | ".join(map(_line, cells)) + " |" for cells in lines)


def _line(text: str) -> str:
    """One cell: nothing in it may end the cell, the row or start HTML."""
    return " ".join(text.split()).replace("|", "\\|").replace("<", "&lt;")
