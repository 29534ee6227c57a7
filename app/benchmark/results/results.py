"""A benchmark's results on the page: findings, charts, figures, comparison, downloads."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from app.benchmark import findings
from app.benchmark import report as benchmark_report
from app.benchmark.report import LaneTimes, Report
from app.benchmark.results import chart_specs, comparison, markdown
from app.ui import markup, table_columns
from app.ui.table_columns import RATE
from models.errors import InputError

_COMPARED = {
    "images/s here": RATE,
    "images/s in the file": RATE,
}


def show(own: Report | None, *, how: str) -> None:
    """Show this machine's report, a dropped one, or both compared; ``how`` if there is none."""
    dropped = _dropped()
    report = own or dropped
    if report is None:
        st.markdown(how)
        return
    if own is None:
        st.info("This is the file's report. Run to compare this machine.", icon=":material/info:")
    measured = [each for each in report.lanes if each.batches or len(each.times.steady_ms)]
    if report.cancelled:
        _say_cancelled(bool(measured))
    _findings(report)
    if own is not None and dropped is not None:
        _compare(own, dropped)
    if measured:
        chart_specs.show(measured)
        _figures(measured)
    _environment(report)
    if report.lanes:
        _downloads(report)


def _dropped() -> Report | None:
    """Another machine's report, if a visitor has dropped its file."""
    with st.expander("Compare with another machine's report", icon=":material/compare_arrows:"):
        file = st.file_uploader(
            "Drop a report file that this page's Download button wrote",
            type="json",
            key="benchmark-file",
        )
    if file is None:
        return None
    try:
        return benchmark_report.from_file(file.getvalue())
    except InputError as error:
        st.error(str(error), icon=":material/error:")
        return None


def _say_cancelled(measured: bool) -> None:
    """Say that the run was cancelled. The browser's report comes a moment after the click."""
    words = "what had been measured is below" if measured else "nothing had been measured by then"
    st.warning(f"Cancelled: {words}.", icon=":material/cancel:")


def _findings(report: Report) -> None:
    if sentences := findings.sentences(report.lanes):
        with st.container(key="benchmark-said", gap="xsmall"):
            for sentence in sentences:
                st.markdown(sentence)
    for problem in findings.problems(report.lanes):
        st.caption(f":material/error: {problem}")


def _figures(lanes: Sequence[LaneTimes]) -> None:
    """Show everything that the charts show, as figures."""
    markup.chart_title(
        "All figures",
        "Times of one image in ms; the spread is the width of their middle half. Then images per "
        "second by batch size; a batch that would have held the page for long is left out.",
    )
    table = markdown.table(lanes)
    config = {name: RATE for name in table.columns[1:] if name not in markdown.TIMES}
    styled = table_columns.with_times(table, markdown.TIMES)
    st.dataframe(styled, hide_index=True, column_config=config, placeholder="–")


def _compare(own: Report, dropped: Report) -> None:
    st.subheader("This machine and the file's")
    table = table_columns.with_times(comparison.table(own, dropped), comparison.TIMES)
    st.dataframe(table, hide_index=True, column_config=_COMPARED)
    missing = comparison.unshared(own, dropped)
    if missing:
        st.caption(f"Measured on one of the two only: {', '.join(missing)}.")
    if own.model_version != dropped.model_version:
        st.caption(":material/warning: The file's model is another one, or another version of it.")


def _environment(report: Report) -> None:
    with st.expander("Where this was measured", icon=":material/info:"):
        rows = markdown.environment(report)
        st.dataframe({"what": [row[0] for row in rows], "is": [row[1] for row in rows]})


def _downloads(report: Report) -> None:
    with st.container(horizontal=True, gap="small"):
        st.download_button(
            "Download JSON",
            data=lambda: benchmark_report.to_json(report),
            file_name=f"digit-parity-benchmark-{report.model}.json",
            mime="application/json",
            icon=":material/download:",
            on_click="ignore",
            key="benchmark-download",
        )
        with st.popover("Copy as Markdown", icon=":material/content_copy:"):
            st.code(markdown.markdown(report), language="markdown")
