"""The Benchmark page: what each format costs on each backend, in the visitor's browser."""

from __future__ import annotations

import math
from collections.abc import Sequence

import streamlit as st

from app.benchmark import browser_lanes, run
from app.benchmark import state as benchmark_state
from app.benchmark.results import results
from app.benchmark.run import Benchmark
from app.frontend.lane_wire import formats
from app.session import ready, shared, state
from app.web import bundle_status
from models.digit.digit import Digit
from models.formats import store
from models.formats.manifest import Manifest
from models.lanes import BACKENDS, FORMATS, YARDSTICK, Backend, Lane
from models.tfjs import built

DIGIT = 7  # the example digit that is measured
PRESET: tuple[Backend, ...] = ("cpu", "wasm", "webgl")
# Values of an input: for more, plain JavaScript takes seconds, in which the page stands still.
LARGE = 10_000
HELP: dict[Backend, str] = {
    "cpu": "Plain JavaScript; for large pictures so slow that the page stands still meanwhile.",
    "wasm": "WebAssembly, on the processor.",
    "webgl": "The graphics card through WebGL; slow where the browser only imitates one.",
    "webgpu": "The graphics card through WebGPU, in browsers that have it.",
}
HOW = (
    "Every format runs on every backend that you tick. In each round all lanes take turns in "
    "shuffled order, so that whatever slows your machine slows them alike. Load fetches the model "
    "anew; first is the first prediction after that; p50, p95 and spread are of warm ones. Every "
    "time includes reading the result back. Keep this tab in front while it runs: it takes half a "
    "minute, up to one where a backend is slow."
)
YARDSTICK_HELP = (
    "Google's runtime for small devices, on the Keras original: what the server's processor can "
    "do. It takes no part in who is fastest."
)


def page() -> None:
    """Choose lanes, run them, see which is fastest; save the report or compare another one."""
    _bench()


@st.fragment
def _bench() -> None:
    bench = benchmark_state.benchmark()
    st.header("What each format costs")
    controls, progress = st.container(), st.container()
    with progress:
        browser_lanes.mount(bench)  # first, because its report ends the run
        if bench is not None and not bench.finished and not bench.server_done:
            _watch_server(bench)
    running = bench is not None and not bench.finished
    with controls:
        _controls(bench, running=running)
    if bench is not None and bench.problem is not None:
        st.error(bench.problem, icon=":material/error:")
    if not running:
        results.show(bench.report() if bench is not None else None, how=HOW)


def _controls(bench: Benchmark | None, *, running: bool) -> None:
    backends, lanes = _ticked(disabled=running)
    with st.container(horizontal=True, gap="small"):
        st.button(
            "Run",
            type="primary",
            key="benchmark-run",
            icon=":material/timer:",
            disabled=running or not (backends or lanes),
            on_click=_begin,
            args=(backends, lanes),
        )
        if bench is not None and running:
            st.button("Cancel", key="benchmark-cancel", on_click=bench.cancel)


def _begin(backends: Sequence[Backend], lanes: Sequence[Lane]) -> None:
    benchmark_state.keep_benchmark(run.begin(state.model(), _picture(), backends, lanes))


def _picture() -> Digit:
    """What is measured: the first of the model's ready pictures, or a ready digit."""
    model = state.model()
    if store.manifest(model).pictures().is_digit:
        return shared.examples()[DIGIT]
    return ready.pictures(model).digit(0)


def _preset(manifest: Manifest) -> tuple[Backend, ...]:
    large = math.prod(manifest.pictures().picture) > LARGE
    return tuple(each for each in PRESET if each != "cpu" or not large)


def _ticked(*, disabled: bool) -> tuple[list[Backend], list[Lane]]:
    """Show the checkboxes; return the ticked browser backends and server lanes."""
    has_tfjs = built.entry() is not None
    manifest = store.manifest(state.model())
    labels = {manifest.server_lane(form): form for form in FORMATS}
    with st.container(key="benchmark-boxes"):
        with st.container(horizontal=True, key="benchmark-backends"):
            known = " and ".join(formats(manifest))
            st.markdown(f"**In your browser**, {known} on", width="content")
            preset = _preset(manifest)
            backends = [
                name
                for name in BACKENDS
                if st.checkbox(
                    name,
                    value=name in preset and has_tfjs,
                    key=f"benchmark-{name}",
                    help=HELP[name],
                    disabled=disabled or not has_tfjs,
                    width="content",
                )
            ]
        with st.container(horizontal=True, key="benchmark-server"):
            st.markdown("**On the server**, in TensorFlow", width="content")
            lanes = [
                lane
                for lane, label in (labels | {YARDSTICK: "LiteRT, a yardstick"}).items()
                if lane.format in manifest.lanes  # one that came converted has no Keras original
                and st.checkbox(
                    label,
                    key=f"benchmark-{'litert' if lane == YARDSTICK else lane.format}",
                    help=YARDSTICK_HELP if lane == YARDSTICK else None,
                    disabled=disabled,
                    width="content",
                )
            ]
    if not has_tfjs:
        bundle_status.say_missing("can be measured")
    return backends, lanes


@st.fragment(run_every=0.4)
def _watch_server(bench: Benchmark) -> None:
    """Show the server's progress; rerun when it has finished, so that the browser starts."""
    if bench.server_done:
        st.rerun()
        return
    done, total = (0, 1) if bench.server is None else (bench.server.done, bench.server.total)
    text = "waiting for TensorFlow" if not done else f"turn {done} of {total}"
    st.progress(done / total, f"On the server: {text}")
