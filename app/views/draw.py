"""The Draw page: a digit, five lanes, one verdict."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from app import browser, canvas, frames, markup, resources, server, state
from app.download import result_file
from models import store
from models.digit import Digit, from_strokes
from models.errors import InputError
from models.lanes import BACKENDS, SERVER_LANES, Lane, LaneResult
from models.manifest import Manifest
from models.verdict import verdict


def page() -> None:
    """Draw or pick a digit on the left, read the lanes on the right."""
    _studio()


@st.fragment
def _studio() -> None:
    with st.container(horizontal=True, gap="medium", key="studio"):
        with st.container(width=canvas.SIZE + 8, key="board"):
            digit = _drawn()
        with st.container(key="results"):
            _answer(digit, state.model())


def _drawn() -> Digit | None:
    """The digit on the canvas, or the ready one that was picked."""
    try:
        strokes = canvas.strokes()
    except InputError as error:
        st.error(str(error), icon=":material/error:")
        return None
    if strokes:
        return from_strokes(strokes)
    chosen = state.example()
    return None if chosen is None else resources.examples()[chosen]


def _answer(digit: Digit | None, model: str) -> None:
    manifest = store.manifest(model)
    headline = st.container(key="verdict")
    strip = st.container(horizontal=True, gap="small", key="strip")
    with strip:
        with st.container(key="browser-lanes"):
            backend = _pick_backend()
            report = _browser(digit, model, backend)
        server_strip = st.container(key="server-lanes")
    answers = {} if digit is None else server.lanes(digit, model=model)
    with server_strip:
        st.markdown("**On the server** · TensorFlow")
        markup.cards(list(SERVER_LANES), answers, manifest.classes)
    if digit is None:
        with headline:
            markup.prompt(
                "Draw a digit.", "Use the mouse or a finger, or pick a ready digit below."
            )
        _ready_digits(None)
        return
    browser_lanes = _browser_lanes(report, backend)
    results = [*answers.values(), *(report.results if report else ())]
    waiting = [lane for lane in (*SERVER_LANES, *browser_lanes) if not _has(results, lane)]
    with headline:
        markup.verdict(verdict(results, waiting=waiting, classes=manifest.classes))
        if report and report.fallback:
            st.caption(f":material/info: {report.fallback} Used **{report.backend}** instead.")
    _charts(results, (*SERVER_LANES, *browser_lanes), manifest)
    _ready_digits(digit)
    st.download_button(
        "Download this result",
        data=lambda: result_file(digit, results, report, manifest),
        file_name=f"digit-parity-{digit.id}.json",
        mime="application/json",
        icon=":material/download:",
        on_click="ignore",
    )
    if not server.done(digit, model=model):
        _watch_server(digit, model)


@st.fragment(run_every=0.4)
def _watch_server(digit: Digit, model: str) -> None:
    """While TensorFlow loads: look now and then, and show its lanes once they have answered."""
    if server.done(digit, model=model):
        st.rerun()


def _pick_backend() -> str:
    choice = st.selectbox(
        "In your browser, TensorFlow.js on",
        ["auto", *BACKENDS],
        key=state.BACKEND,
        format_func=lambda name: "the fastest backend" if name == "auto" else name,
    )
    return str(choice)


def _browser(digit: Digit | None, model: str, backend: str) -> browser.Report | None:
    try:
        return browser.lanes(digit, model=model, backend=backend)
    except InputError as error:
        st.error(str(error), icon=":material/error:")
        return None


def _browser_lanes(report: browser.Report | None, backend: str) -> tuple[Lane, ...]:
    """The browser's two lanes: what ran, or while they load, what is expected to."""
    if report is not None:
        state.remember_backend(report.backend)
        return tuple(result.lane for result in report.results)
    name = state.expected_backend(backend)
    return tuple(Lane(each, f"tfjs/{name}") for each in browser.FORMATS)


def _has(results: Sequence[LaneResult], lane: Lane) -> bool:
    return any(result.lane == lane for result in results)


def _charts(results: Sequence[LaneResult], lanes: Sequence[Lane], manifest: Manifest) -> None:
    names = [str(lane) for lane in lanes]
    st.dataframe(frames.table(results, manifest.classes), hide_index=True)


def _ready_digits(digit: Digit | None) -> None:
    """The digit as the models are given it, and ten others to try with one click."""
    with st.container(horizontal=True, gap="medium", key="ready"):
        with st.container(width=148):
            markup.digit_picture(digit)
        with st.container():
            st.caption("What every model is given: 28×28 pixels, framed as MNIST's own digits are.")
            st.markdown("**Try a ready digit**")
            with st.container(horizontal=True, gap="small"):
                for index, ready in enumerate(resources.examples()):
                    st.button(
                        f"{index}",
                        key=f"ready-{index}",
                        on_click=state.choose_example,
                        args=(index,),
                        help=f"A {index} from MNIST's test set",
                    )
