"""The Draw page: a digit, five lanes, one verdict."""

from __future__ import annotations

from typing import Any

import streamlit as st

from app.draw.canvas import canvas, example_digits
from app.draw.lanes import browser_lanes, server_lanes
from app.draw.lanes.browser_answers import BrowserAnswers
from app.draw.results import chart_specs, result_component, results
from app.session import links, shared, state
from app.streamlit_internals import fragments
from app.streamlit_internals.containers import Container
from app.ui import markup
from models.digit import fabric_drawing
from models.digit.digit import Digit, from_strokes
from models.errors import InputError, shown
from models.lanes import BACKENDS

STUDIO = "studio"
EXAMPLE_HINT = "A ready digit is read. Draw your own here."

# A browser that has answered before mostly answers within this time. Waiting for it lays out the
# results only once a stroke.
PATIENCE_SECONDS = 0.4

# In reading order; each is an area of the page's grid in style.css.
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
    """Draw or pick a digit on one side, see what every lane reads on the other.

    A fragment updates what changes with the digit. The rest is written here, once.
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
    with areas["board"]:  # first: Streamlit leaves out an empty container
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
    with row:  # after the canvas: the select box makes a new visitor's browser load much
        _pick_backend()
    # Not within the fragment: when a fragment reruns, Streamlit drops its queued messages, but not
    # those of a nested fragment, which then have no place on the page.
    if state.watches_server():
        _watch_server()


def _follow_link() -> None:
    """Apply what an opened link asks for; a damaged link opens an empty canvas and says so."""
    link = links.read_query()
    if link is None:
        return
    current = state.digit()
    is_shown = link.digit is not None and current is not None and link.digit.id == current.id
    if (link.digit is not None and not is_shown) or link.problem is not None:
        state.show_digit(link.digit)
    if link.model is not None:
        state.use_model(link.model)
    if link.backend is not None:
        state.use_backend(link.backend)
    if link.problem is not None:
        st.warning(link.problem, icon=":material/link_off:")


@st.fragment(key=STUDIO)
def _studio(lanes: Container, more: Container) -> None:
    """Show the canvas, the browser's lanes in ``lanes``, and the results.

    The lanes get the digit before anything else is sent, and work meanwhile.
    """
    model = state.model()
    shown = shared.first_example() if state.is_newcomer() else state.shown()
    content = canvas.content()
    digit, problem = _digit(content, shown)
    state.remember_digit(digit)
    canvas.remember(content)
    browser_answers = _browser_answers(digit, model)
    if digit is not None:
        server_lanes.ask(digit, model=model)
    canvas.pad(content, hint="Draw here" if shown is None else EXAMPLE_HINT)
    with lanes:
        browser_lanes.mount(digit, model=model, backend=state.backend())
    if digit is not None and browser_answers is None and state.browser_has_answered():
        fragments.give_way(PATIENCE_SECONDS)
    canvas.buttons(content)
    if problem is not None:
        st.error(problem, icon=":material/error:")
    results.show(digit, browser_answers, more)


@st.fragment(run_every=0.4)
def _watch_server() -> None:
    """Poll while TensorFlow loads, and rerun the page once its lanes have answered."""
    digit = state.digit()
    if digit is None or server_lanes.done(digit, model=state.model()):
        st.rerun()


def _digit(content: Any, shown: Digit | None) -> tuple[Digit | None, str | None]:
    """The digit that is drawn, or ``shown`` while none is; or why the drawing cannot be read."""
    try:
        strokes = fabric_drawing.strokes(content)
    except InputError as error:
        return None, str(error)
    return (from_strokes(strokes) if strokes else shown), None


def _browser_answers(digit: Digit | None, model: str) -> BrowserAnswers | None:
    drawn = canvas.browser_answers()
    try:
        return browser_lanes.answers(digit, model=model, backend=state.backend(), drawn=drawn)
    except InputError as error:
        st.error(shown(error), icon=":material/error:")
        return None


def _aside() -> None:
    """The pixels that every model is given, and ten digits to try with one click."""
    with st.container(key="given"):
        result_component.place("given")
        markup.note(
            "What every lane is given: these 28×28 pixels, redrawn at one pen width and framed as "
            "MNIST frames digits."
        )
    markup.label("Or try a ready one")
    example_digits.show(shared.examples(), _show_example)


def _show_example(digit: Digit) -> None:
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
