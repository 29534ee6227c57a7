"""A benchmark's figures as a table, and the whole report as Markdown for an issue."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from app.benchmark import comparing, findings
from app.benchmark.report import BATCHES, LaneTimes, Report
from models.parity import figures
from models.parity.timing import median, p95, quantile

TIMES = ("load", "first", "p50", "p95", "spread")


def markdown(report: Report) -> str:
    """The report as Markdown: findings, a table of lanes, the environment."""
    parts = [
        f"### Digit Parity benchmark of `{report.model}` ({report.model_version})",
        *findings.sentences(report.lanes, partial=report.partial),
        "The run was cancelled; what it had measured is below." if report.cancelled else "",
        _lanes_table(report.lanes),
        "Times in milliseconds, each with reading the result back. Spread: the middle half of the "
        "steady times. images/s: median by batch size.",
        *(f"- {_line(each)}" for each in findings.problems(report.lanes)),
        _table(["", ""], environment(report)),
    ]
    return "\n\n".join(part for part in parts if part) + "\n"


def environment(report: Report) -> list[list[str]]:
    """Where the report was measured, as rows of name and value, for the page and the Markdown."""
    rows = [["model", f"{report.model} {report.model_version}"]]
    rows += [[key, value] for key, value in report.environment.items()]
    if report.script_ms is not None:
        rows.append(["TensorFlow.js fetched and run", figures.milliseconds(report.script_ms)])
    rows += [[f"start of {name}", figures.milliseconds(ms)] for name, ms in report.backends.items()]
    rows += [
        [f"tensors {stage}", f"{memory.tensors:,} of {memory.bytes:,} bytes"]
        for stage, memory in report.memory.items()
    ]
    return rows


def table(lanes: Sequence[LaneTimes]) -> pd.DataFrame:
    """One row per lane: the ``TIMES`` in ms, then images per second by batch size."""
    columns = ["lane", *TIMES, *(f"images/s at {size}" for size in BATCHES)]
    return pd.DataFrame([[str(each.lane), *_figures(each)] for each in lanes], columns=columns)


def _lanes_table(lanes: Sequence[LaneTimes]) -> str:
    head = list(table(lanes).columns)
    return _table(
        head, [[str(each.lane), *map(_number, head[1:], _figures(each))] for each in lanes]
    )


def _figures(lane: LaneTimes) -> list[float | None]:
    """A lane's row of the table. The spread is the interquartile range of the steady times."""
    steady = lane.times.steady_ms
    middle, slow, spread = None, None, None
    if len(steady):
        middle, slow = median(steady), p95(steady)
        spread = quantile(steady, 0.75) - quantile(steady, 0.25)
    rates = (comparing.images_per_second(lane, size) for size in BATCHES)
    return [lane.times.load_ms, lane.times.first_ms, middle, slow, spread, *rates]


def _number(column: str, value: float | None) -> str:
    if value is None:
        return "–"
    if column in TIMES:
        return figures.time(value)
    return f"{value:,.0f}" if value >= 99.5 else f"{value:.3g}"


def _table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join("| " + " | ".join(map(_line, cells)) + " |" for cells in lines)


def _line(text: str) -> str:
    """The text as a cell: escaped so that it cannot end the cell or the row, or start HTML."""
    return " ".join(text.split()).replace("|", "\\|").replace("<", "&lt;")
