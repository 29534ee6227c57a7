"""The Draw page: a digit, five lanes, one verdict."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from app import about, browser, canvas, markup, patience, resources, server, share, state
from models import store
from models.digit import Digit, from_strokes
from models.errors import InputError
from models.lanes import BACKENDS, Lane, LaneResult
from models.manifest import Manifest
from models.verdict import verdict

FIRST_EXAMPLE = 7
READY_HINT = "A ready digit is read. Draw your own here."

# A browser that has answered before mostly does so within this: worth a wait, so that all but the
# canvas is laid out once a stroke.
PATIENCE_SECONDS = 0.25

GRAPH_HELP = (
    "The **graph model** is the network frozen into a graph of operations, optimised for "
    "prediction. The **layers model** keeps Keras's layers. A **backend** is what TensorFlow.js "
    "computes with: JavaScript (cpu), WebAssembly (wasm) or the graphics card (webgl, webgpu)."
)
SERVER_HELP = (
    "TensorFlow in Python: the Keras original, which all others are compared with, and both "
    "conversions read back."
)


def page() -> None:
    """Draw or pick a digit on one side, read what every lane makes of it on the other."""
    markup.lead(
        "Did the conversion keep the model?",
        "Five lanes read the same digit: a Keras model and its two TensorFlow.js formats, on the "
        "server and in your browser.",
    )
    _follow_link()
    markup.style_examples(resources.examples())
    _studio()


def _follow_link() -> None:
    """Take over what the address asks for; a damaged link opens an empty canvas and says so."""
    asked = share.read_query()
    if asked is None:
        return
    if asked.digit is not None or asked.problem is not None:
        state.show_digit(asked.digit)
    if asked.model is not None:
        state.use_model(asked.model)
    if asked.backend is not None:
        state.use_backend(asked.backend)
    if asked.problem is not None:
        st.warning(asked.problem, icon=":material/link_off:")


@st.fragment
def _studio() -> None:
    model = state.model()
    manifest = store.manifest(model)
    with st.container(key="studio"):
        board, headline, aside, lanes = (
            st.container(key=name) for name in ("board", "headline", "aside", "lanes")
        )
    with board:
        digit = _drawn()
    state.remember_digit(digit)
    # The lanes get the digit before anything else is laid out, and work meanwhile.
    if digit is not None:
        server.ask(digit, model=model)
    with lanes:
        server_strip, browser_strip = _strips()
        charts = st.container(key="charts")
    with browser_strip:
        backend = _pick_backend()
        report = _browser(digit, model, backend)
        if report and report.fallback:
            st.caption(f":material/info: {report.fallback} Used **{report.backend}** instead.")
    if digit is not None and report is None and state.browser_answers():
        patience.give_way(PATIENCE_SECONDS)
    with aside:
        _aside(digit)
    answers = {} if digit is None else server.lanes(digit, model=model)
    with server_strip:
        st.markdown("**On the server** in TensorFlow", help=SERVER_HELP)
        markup.cards(list(manifest.server_lanes), answers, manifest.classes)
    found = [*answers.values(), *(report.results if report else ())]
    everyone = (*manifest.server_lanes, *_browser_lanes(report, backend))
    with headline:
        _say(found, everyone, report, manifest, drawn=digit is not None)
    share.write_query(None if digit is _newcomers() else digit, model, backend)
    with charts:
        # Charts need pandas and Altair: they are imported when the canvas is on its way.
        from app import results

        results.show(digit, found, everyone, report, manifest, backend=backend)
        about.panel(found, manifest)
    # What was shown counts: a lane may have answered since.
    if digit is not None and len(answers) < len(manifest.server_lanes):
        _watch_server(digit, model)


@st.fragment(run_every=0.4)
def _watch_server(digit: Digit, model: str) -> None:
    """While TensorFlow loads: look now and then, and show its lanes once they have answered."""
    if server.done(digit, model=model):
        st.rerun()


def _drawn() -> Digit | None:
    """The digit on the canvas, or the ready one that was picked."""
    markup.label("Draw your own digit")
    ready = _newcomers() if state.is_newcomer() else state.shown()
    try:
        strokes = canvas.strokes(hint="Draw here" if ready is None else READY_HINT)
    except InputError as error:
        st.error(str(error), icon=":material/error:")
        return None
    if strokes:
        return from_strokes(strokes)
    return ready


def _newcomers() -> Digit:
    """What a newcomer sees at once; it is nobody's digit yet, so no address holds it."""
    return resources.examples()[FIRST_EXAMPLE]


def _aside(digit: Digit | None) -> None:
    """The digit as every model is given it, and ten to try with one click."""
    with st.container(key="given"):
        markup.digit_picture(digit)
        markup.note(
            "What every lane is given: these 28×28 pixels, redrawn at one pen width and framed as "
            "MNIST frames digits."
        )
    markup.label("Or try a ready one")
    with st.container(key="ready"):
        for index, ready in enumerate(resources.examples()):
            st.button(
                f"Ready digit {index}",
                key=f"ready-{index}",
                on_click=state.show_digit,
                args=(ready,),
            )


def _strips() -> tuple[st.delta_generator.DeltaGenerator, st.delta_generator.DeltaGenerator]:
    with st.container(key="strips"):
        return st.container(key="server-lanes"), st.container(key="browser-lanes")


def _pick_backend() -> str:
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        st.markdown("**In your browser** on", width="content", help=GRAPH_HELP)
        choice = st.selectbox(
            "Backend of TensorFlow.js in your browser",
            ["auto", *BACKENDS],
            key=state.BACKEND,
            label_visibility="collapsed",
            width=120,
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


def _say(
    found: Sequence[LaneResult],
    everyone: Sequence[Lane],
    report: browser.Report | None,
    manifest: Manifest,
    *,
    drawn: bool,
) -> None:
    if not drawn:
        markup.prompt("Draw a digit.", "Both formats and the original answer as you lift the pen.")
        return
    answered = {result.lane for result in found}
    waiting = [lane for lane in everyone if lane not in answered]
    markup.verdict(verdict(found, waiting=waiting, classes=manifest.classes))
