"""What a benchmark measured besides its answer, folded: charts, figures, costs, where it was."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial

import streamlit as st

from app.benchmark import findings, report_json
from app.benchmark.report import LaneTimes, Report
from app.benchmark.results import chart_specs, copy_link, markdown
from app.benchmark.results.devices import Device
from app.ui import folded, markup, table_columns, version_names
from app.ui.folded import Part
from app.ui.table_columns import RATE
from models.lanes import Format
from models.parity.figures import kilobytes, milliseconds

CHARTS = Part("benchmark-all-charts", "All charts")
FIGURES = Part("benchmark-all-figures", "All figures")
COST = Part("benchmark-cost", "Loading, starting, memory")
SAVE = Part("benchmark-save", "Save and share")
WHERE = Part("benchmark-where", "Where this was measured")


def parts(device: Device | None) -> list[Part]:
    """What there is to show of a device's report."""
    if device is None or not device.report.lanes:
        return []
    charts = [CHARTS, FIGURES] if measured(device.report) else []
    return [*charts, COST, WHERE, *([SAVE] if device.origin != "example" else [])]


def show(device: Device | None, sizes: Mapping[Format, int]) -> None:
    """Show the ``parts``. ``sizes`` are the bytes of each format."""
    shows = {
        CHARTS: _charts,
        FIGURES: lambda report: _figures(measured(report)),
        COST: lambda report: markup.listed(costs(report, sizes)),
        WHERE: lambda report: markup.listed(
            [f"{name}: {value}" for name, value in markdown.environment(report)]
        ),
        SAVE: _save,
    }
    for each in parts(device):
        assert device is not None
        folded.show(each, partial(shows[each], device.report))


def measured(report: Report) -> list[LaneTimes]:
    """The versions that were timed."""
    return [each for each in report.lanes if each.batches or len(each.times.steady_ms)]


def costs(report: Report, sizes: Mapping[Format, int]) -> list[str]:
    """What is paid before the first answer, and the memory; a sentence each."""
    said = [
        f"The {form} model has {kilobytes(size)} to load."
        for form, size in sizes.items()
        if form != "keras"
    ]
    if report.script_ms is not None:
        said.append(f"TensorFlow.js was fetched and started in {milliseconds(report.script_ms)}.")
    said += [f"{name} started in {milliseconds(ms)}." for name, ms in report.backends.items()]
    for each in report.lanes:
        load, first = each.times.load_ms, each.times.first_ms
        if load is not None and first is not None:
            said.append(
                f"{version_names.on_backend(each.lane)} loads in {milliseconds(load)}, and its "
                f"first answer takes {milliseconds(first)}."
            )
    return said + _memory(report)


def _memory(report: Report) -> list[str]:
    loaded, after = (report.memory.get(stage) for stage in ("loaded", "after"))
    if loaded is None:
        return []
    said = f"All models together hold {loaded.tensors:,} tensors of {kilobytes(loaded.bytes)}"
    if after is None:
        return [f"{said}."]
    if after == loaded:
        return [f"{said}, and as much after the last prediction: nothing leaks."]
    return [f"{said}, and {after.tensors:,} of {kilobytes(after.bytes)} after the last prediction."]


def _charts(report: Report) -> None:
    markup.label("What the times say")
    for sentence in findings.sentences(report.lanes, partial=report.partial):
        st.markdown(sentence)
    chart_specs.show(measured(report))


def _figures(lanes: Sequence[LaneTimes]) -> None:
    markup.note(
        "Times of one picture in ms: p50 is the median, p95 what 95 % stay below, the spread the "
        "width of their middle half. Then pictures per second by batch size; a batch that would "
        "have held the page for long is left out."
    )
    table = markdown.table(lanes)
    table["version"] = [version_names.on_backend(each.lane) for each in lanes]
    table = table[["version", *table.columns.drop(["lane", "version"])]]
    config = {name: RATE for name in table.columns[1:] if name not in markdown.TIMES}
    styled = table_columns.with_times(table, markdown.TIMES)
    st.dataframe(styled, hide_index=True, column_config=config, placeholder="–", alt="All figures")


def _save(report: Report) -> None:
    with st.container(horizontal=True, gap="small", key="benchmark-downloads"):
        copy_link.show(report)
        st.download_button(
            "Download JSON",
            data=lambda: report_json.to_json(report),
            file_name=f"digit-parity-benchmark-{report.model}.json",
            mime="application/json",
            icon=":material/download:",
            on_click="ignore",
            key="benchmark-download",
        )
        with st.popover("Copy as Markdown", icon=":material/content_copy:"):
            st.code(markdown.markdown(report), language="markdown")
