"""The Benchmark page: what each format costs on each backend, in this very browser."""

from __future__ import annotations

from pathlib import Path

import streamlit as st

from app import (
    benchmark_browser,
    benchmark_charts,
    benchmark_compare,
    benchmark_report,
    benchmark_run,
    benchmark_text,
    resources,
    served,
    state,
)
from app.benchmark_report import Report
from models.errors import InputError
from models.lanes import BACKENDS, SERVER_LANES, Backend, Lane

STYLE = Path(__file__).resolve().parent.parent / "style_benchmark.css"
DIGIT = 7  # the ready digit that is measured
PRESET = ("cpu", "wasm", "webgl")
HELP: dict[Backend, str] = {
    "cpu": "Plain JavaScript.",
    "wasm": "WebAssembly, on the processor.",
    "webgl": "The graphics card through WebGL; slow where the browser only imitates one.",
    "webgpu": "The graphics card through WebGPU, in browsers that have it.",
}
HOW = (
    "Both formats run on every backend that you tick. In each round all lanes take turns in "
    "shuffled order, so that whatever slows your machine slows them alike. Load fetches the model "
    "anew; first is the first prediction after that; p50 and p95 are of warm predictions. Every "
    "time includes reading the result back. Keep this tab in front while it runs."
)


def page() -> None:
    """Tick lanes, run, read which is fastest here; take the report away or compare another."""
    st.html(STYLE)
    _bench()


@st.fragment
def _bench() -> None:
    bench = state.benchmark()
    running = bench is not None and not bench.finished
    st.header("What each format costs", help=HOW)
    backends, lanes = _ticked(disabled=running)
    with st.container(horizontal=True, gap="small"):
        if st.button(
            "Run",
            type="primary",
            key="benchmark-run",
            icon=":material/timer:",
            disabled=running or not (backends or lanes),
        ):
            digit = resources.examples()[DIGIT]
            state.keep_benchmark(benchmark_run.begin(state.model(), digit, backends, lanes))
            st.rerun(scope="fragment")
        if bench is not None and running:
            st.button("Cancel", key="benchmark-cancel", on_click=bench.cancel)
    benchmark_browser.mount(bench)
    if bench is not None and running and not bench.server_done:
        _watch_server(bench)
    own = bench.report() if bench is not None and bench.finished else None
    if bench is not None and bench.problem is not None:
        st.error(bench.problem, icon=":material/error:")
    if bench is not None and running and bench.finished:
        st.rerun(scope="fragment")  # the report has just come: the boxes above may be ticked again
    if not running:
        _results(own, _dropped())


def _ticked(*, disabled: bool) -> tuple[list[Backend], list[Lane]]:
    """The boxes: the browser's backends and the server's lanes."""
    built = served.bundle_entry() is not None
    with st.container(key="benchmark-boxes"):
        with st.container(horizontal=True, key="benchmark-backends"):
            st.markdown("**In your browser**, graph and layers on", width="content")
            backends = [
                name
                for name in BACKENDS
                if st.checkbox(
                    name,
                    value=name in PRESET and built,
                    key=f"benchmark-{name}",
                    help=HELP[name],
                    disabled=disabled or not built,
                    width="content",
                )
            ]
        with st.container(horizontal=True, key="benchmark-server"):
            st.markdown("**On the server**, in TensorFlow", width="content")
            lanes = [
                lane
                for lane in SERVER_LANES
                if st.checkbox(
                    lane.format,
                    key=f"benchmark-{lane.format}",
                    disabled=disabled,
                    width="content",
                )
            ]
    if not built:
        st.info(
            "TensorFlow.js is not installed on this server, so only its own lanes can be measured. "
            "Its operator installs it with: make install",
            icon=":material/info:",
        )
    return backends, lanes


@st.fragment(run_every=0.4)
def _watch_server(bench: benchmark_run.Benchmark) -> None:
    """The server's progress; once it has finished, the browser has its turn."""
    if bench.server is None or bench.server_done:
        st.rerun()
        return
    done, total = bench.server.done, bench.server.total
    text = "waiting for TensorFlow" if not done else f"turn {done} of {total}"
    st.progress(done / total, f"On the server: {text}")


def _dropped() -> Report | None:
    """Another machine's report, when its file is dropped here."""
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


def _results(own: Report | None, dropped: Report | None) -> None:
    report = own or dropped
    if report is None:
        st.markdown(HOW)
        return
    if own is None:
        st.info("This is the file's report. Run to compare this machine.", icon=":material/info:")
    _say(report)
    if own is not None and dropped is not None:
        _compare(own, dropped)
    if any(each.batches or len(each.times.steady_ms) for each in report.lanes):
        with st.container(key="benchmark-charts"):
            benchmark_charts.show(report.lanes)
    _environment(report)
    _take_away(report)


def _say(report: Report) -> None:
    if report.cancelled:
        st.warning("Cancelled: what had been measured is below.", icon=":material/cancel:")
    with st.container(key="benchmark-said"):
        for said in (
            benchmark_text.fastest_for_one(report.lanes),
            benchmark_text.fastest_for_many(report.lanes),
        ):
            if said is not None:
                st.markdown(said)
    for each in report.lanes:
        if each.error is not None:
            st.caption(f":material/error: **{each.lane}**: {each.error}")


def _compare(own: Report, dropped: Report) -> None:
    st.subheader("This machine and the file's")
    st.dataframe(benchmark_compare.table(own, dropped), hide_index=True)
    missing = benchmark_compare.unshared(own, dropped)
    if missing:
        st.caption(f"Measured on one of the two only: {', '.join(missing)}.")
    if own.model_version != dropped.model_version:
        st.caption(":material/warning: The file's model is another one, or another version of it.")


def _environment(report: Report) -> None:
    with st.expander("Where this was measured", icon=":material/info:"):
        rows = benchmark_text.environment(report)
        st.dataframe({"what": [row[0] for row in rows], "is": [row[1] for row in rows]})


def _take_away(report: Report) -> None:
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
            st.code(benchmark_text.markdown(report), language="markdown")
