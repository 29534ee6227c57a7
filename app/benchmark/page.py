"""The Benchmark page: which format on which backend, measured in the visitor's own browser."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import streamlit as st

from app.benchmark import browser_lanes, controls
from app.benchmark import state as benchmark_state
from app.benchmark.beyond import installed
from app.benchmark.results import answer, bars, details, matrix, opened
from app.benchmark.results.alternatives import tables as alternatives
from app.benchmark.results.answer import About
from app.benchmark.results.devices import Device
from app.benchmark.run import Benchmark
from app.session import state
from app.ui import folded, markup
from app.ui.folded import Part
from models.formats import store
from models.lanes import Format
from models.parity.verdict import Verdict

QUESTION = "Which format, which backend, on this device?"
LEAD = "Timed in your browser, with every answer checked."
UNMEASURED = Verdict(
    "waiting",
    "This device has not been measured yet.",
    "Ten seconds tell which format of this model to ship, and on which backend.",
)
MEASURING = Verdict(
    "waiting",
    "Measuring this device …",
    "Keep this tab in front: browsers slow down those behind.",
)
DEVICES = Part("benchmark-devices", "Other devices", has_controls=True)
SERVER = Part("benchmark-on-server", "Measure the server, too", has_controls=True)
BEYOND = Part("benchmark-beyond", "Beyond TensorFlow.js")
HOW = Part("benchmark-how", "How it is measured")
METHOD = (
    "Every format runs on every backend that is ticked: cpu is plain JavaScript, wasm is "
    "WebAssembly, webgl and webgpu use the graphics card.",
    "In each round all versions take turns in shuffled order, so that whatever slows your machine "
    "slows them alike. A turn begins with a prediction that is not timed.",
    "Every time includes reading the result back, and every answer is compared with what the "
    "original says.",
    "A time is the median of all turns. Beside it stands the interval where 95 % of such runs "
    "would find it. One version is called faster only if the times differ by more than chance.",
    "A full run also measures batches of many pictures. It takes half a minute, or up to a whole "
    "one where a backend is slow.",
)


def page() -> None:
    """The answer for this device, or an example's; what it is from; and the buttons to measure."""
    _bench()


@st.fragment
def _bench() -> None:
    bench = benchmark_state.benchmark()
    card = st.container(key="benchmark-answer")
    with card:  # the question holds the place, while the picture below is filled first
        markup.lead(QUESTION, LEAD)
    picture = st.container(key="benchmark-picture")
    with picture:
        # Asked before the browser is told: a server that is done a moment later is not missed.
        waits = bench is not None and not bench.finished and not bench.server_done
        with st.container(key="benchmark-live"):
            browser_lanes.mount(bench)  # before all else, because its report ends the run
        if bench is not None and waits:
            _watch_server(bench)
    is_running = bench is not None and not bench.finished
    others, problems = opened.others()
    own = _own(bench)
    shown = own or next(iter(others), None) or opened.example(state.model())
    with card:
        markup.verdict(MEASURING if is_running else _answer(shown))
        _say(problems, bench)
    if not is_running:
        with picture, st.container(key="benchmark-bars"):
            _bars(shown)
    compared = opened.side_by_side(own, others)
    if compared:
        matrix.show(compared, thing=_thing())
    with st.container(key="benchmark-do"):
        controls.show(bench)
    details.show(shown, _sizes(shown))
    _rest(is_running)


def _own(bench: Benchmark | None) -> Device | None:
    """This device's report on the model that is shown; None before the end of a run."""
    if bench is None or not bench.finished or bench.model != state.model():
        return None
    report = bench.report()
    return Device("This device", report, "own") if report.lanes or report.cancelled else None


def _answer(shown: Device | None) -> Verdict:
    return UNMEASURED if shown is None else answer.verdict(shown, About(_thing(), _sizes(shown)))


def _say(problems: Sequence[str], bench: Benchmark | None) -> None:
    """What could not be opened, or of the browser's report."""
    invalid = () if bench is None or bench.problem is None else (bench.problem,)
    for problem in (*problems, *invalid):
        st.error(problem, icon=":material/error:")


def _bars(shown: Device | None) -> None:
    """The bars of what is shown; while a run goes on the browser shows its own, which grow."""
    lanes = controls.unmeasured() if shown is None else shown.report.lanes
    bars.show(lanes, thing=_thing())


def _rest(is_running: bool) -> None:
    folded.show(DEVICES, _devices)
    folded.show(SERVER, lambda: controls.server_boxes(disabled=is_running))
    folded.show(BEYOND, _beyond)
    folded.show(HOW, lambda: markup.listed(METHOD))


def _beyond() -> None:
    if installed.is_there():
        from app.benchmark.beyond import part  # a page without them imports nothing of them

        part.show(state.model())
    alternatives.show()


def _devices() -> None:
    opened.uploader()
    markup.note(
        "Measure on a phone, a laptop or a colleague's machine, and drop what “Download JSON” "
        "wrote there, or open the link that was copied there. All stand side by side."
    )


def _thing() -> str:
    return "digit" if store.manifest(state.model()).pictures().is_digit else "picture"


def _sizes(shown: Device | None) -> Mapping[Format, int]:
    """Bytes of each format that a browser loads, of the very model that was measured."""
    name = state.model()
    if shown is None or shown.report.model_version != store.version(name):
        return {}
    return controls.sizes(name)


@st.fragment(run_every=0.4)
def _watch_server(bench: Benchmark) -> None:
    """Show the server's progress; rerun when it has finished, so that the browser starts."""
    if bench.server_done:
        st.rerun()
        return
    done, total = (0, 1) if bench.server is None else (bench.server.done, bench.server.total)
    text = "waiting for TensorFlow" if not done else f"turn {done} of {total}"
    st.progress(done / total, f"On the server: {text}")
