"""The Draw page: a digit, five lanes, one verdict."""

from __future__ import annotations

from typing import Any

import streamlit as st

from app.draw.canvas import canvas, example_digits
from app.draw.lanes import browser_lanes, server_lanes
from app.draw.lanes.browser_answers import Report
from app.draw.results import chart_specs, result_component, results
from app.session import links, shared, state
from app.streamlit_internals import fragments
from app.streamlit_internals.containers import Container
from app.ui import markup
from models.digit import fabric_drawing
from models.digit.digit import Digit, from_strokes
from models.errors import InputError
from models.lanes import BACKENDS

STUDIO = "studio"
READY_HINT = "A ready digit is read. Draw your own here."

# A browser that has answered before mostly does so within this: worth a wait, so that the results
# are laid out once a stroke.
PATIENCE_SECONDS = 0.4

# In the order of reading; each is an area of the page's grid. See style.css.
AREAS = ("board", "headline", "aside", "server-lanes", "browser-lanes", "charts")

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
    """Draw or pick a digit on one side, read what every lane makes of it on the other.

    One fragment changes what is on it. What stays is written here, once.
    """
    markup.lead(
        "Did the conversion keep the model?",
        "Five lanes read the same digit: a Keras model and its two TensorFlow.js formats, on the "
        "server and in your browser.",
    )
    _follow_link()
    with st.container(key="studio"):
        areas = {name: st.container(key=name) for name in AREAS}
    with areas["browser-lanes"]:
        row = st.container(key="backend-row")
        lanes = st.container()
    with areas["board"]:  # first: a container without anything in it has no place yet
        markup.label("Draw your own digit")
    with areas["headline"]:
        result_component.place("verdict")
    with areas["aside"]:
        _aside()
    with areas["server-lanes"]:
        st.markdown("**On the server** in TensorFlow", help=SERVER_HELP)
        result_component.place("cards")
    with areas["charts"]:
        result_component.place("legend")
        chart_specs.show(state.model())
        more = st.container()
    with areas["board"]:
        state.watch_server(False)
        _studio(lanes, more)
    with row:  # a new visitor's browser loads much for it, and has the canvas first
        _pick_backend()
    # Beside the fragment, not in it: Streamlit drops what is queued of a fragment that runs again,
    # but not what is queued of one within it, for which there is no place then.
    if state.watches_server():
        _watch_server()


def _follow_link() -> None:
    """Take over what the address asks for; a damaged link opens an empty canvas and says so."""
    asked = links.read_query()
    if asked is None:
        return
    known = state.digit()
    is_there = asked.digit is not None and known is not None and asked.digit.id == known.id
    if (asked.digit is not None and not is_there) or asked.problem is not None:
        state.show_digit(asked.digit)
    if asked.model is not None:
        state.use_model(asked.model)
    if asked.backend is not None:
        state.use_backend(asked.backend)
    if asked.problem is not None:
        st.warning(asked.problem, icon=":material/link_off:")


@st.fragment(key=STUDIO)
def _studio(lanes: Container, more: Container) -> None:
    """The canvas, the browser's lanes in ``lanes``, and then the results, in their places.

    The lanes get the digit before anything else is sent, and work meanwhile.
    """
    model = state.model()
    shown = shared.first_example() if state.is_newcomer() else state.shown()
    content = canvas.content()
    digit, problem = _digit(content, shown)
    state.remember_digit(digit)
    canvas.remember(content)
    report = _report(digit, model)
    if digit is not None:
        server_lanes.ask(digit, model=model)
    canvas.pad(content, hint="Draw here" if shown is None else READY_HINT)
    with lanes:
        browser_lanes.mount(digit, model=model, backend=state.backend())
    if digit is not None and report is None and state.browser_has_answered():
        fragments.give_way(PATIENCE_SECONDS)
    canvas.buttons(content)
    if problem is not None:
        st.error(problem, icon=":material/error:")
    results.show(digit, report, more)


@st.fragment(run_every=0.4)
def _watch_server() -> None:
    """While TensorFlow loads: look now and then, and show its lanes once they have answered."""
    digit = state.digit()
    if digit is None or server_lanes.done(digit, model=state.model()):
        st.rerun()


def _digit(content: Any, shown: Digit | None) -> tuple[Digit | None, str | None]:
    """What is drawn, or while nothing is, the ready digit; for what cannot be read, why."""
    try:
        strokes = fabric_drawing.strokes(content)
    except InputError as error:
        return None, str(error)
    return (from_strokes(strokes) if strokes else shown), None


def _report(digit: Digit | None, model: str) -> Report | None:
    try:
        said = canvas.report()
        return browser_lanes.report(digit, model=model, backend=state.backend(), drawn=said)
    except InputError as error:
        st.error(str(error), icon=":material/error:")
        return None


def _aside() -> None:
    """Ten digits to try with one click, below a place for the digit that every model is given."""
    with st.container(key="given"):
        result_component.place("given")
        markup.note(
            "What every lane is given: these 28×28 pixels, redrawn at one pen width and framed as "
            "MNIST frames digits."
        )
    markup.label("Or try a ready one")
    example_digits.show(shared.examples(), _show_ready)


def _show_ready(digit: Digit) -> None:
    state.show_digit(digit)
    fragments.run_only(STUDIO)


def _pick_backend() -> None:
    with st.container(
        horizontal=True, vertical_alignment="center", gap="small", key="backend-pick"
    ):
        st.markdown("**In your browser** on", width="content", help=GRAPH_HELP)
        st.selectbox(
            "Backend of TensorFlow.js in your browser",
            ["auto", *BACKENDS],
            key=state.BACKEND,
            on_change=lambda: fragments.run_only(STUDIO),
            label_visibility="collapsed",
            width=120,
        )
