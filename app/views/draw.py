"""The Draw page: a digit, five lanes, one verdict."""

from __future__ import annotations

from typing import Any

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from app import browser, canvas, fragments, markup, ready, resources, server, share, state
from models import fabric
from models.digit import Digit, from_strokes
from models.errors import InputError
from models.lanes import BACKENDS

READY_HINT = "A ready digit is read. Draw your own here."

# A browser that has answered before mostly does so within this: worth a wait, so that the results
# are laid out once a stroke.
PATIENCE_SECONDS = 0.4

# In the order of reading, which style.css counts on: each is an area of the page's grid.
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

    Two fragments change what is on it (``app.fragments``). What stays is written here, once.
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
        controls, lanes = st.container(key="backend-row"), st.container()
    with areas["board"]:
        markup.label("Draw your own digit")
        _live(lanes)
    with controls:
        _pick_backend()
    with areas["aside"]:
        given = _aside()
    with areas["server-lanes"]:
        st.markdown("**On the server** in TensorFlow", help=SERVER_HELP)
        cards = st.container()
    # Charts need pandas and Altair: they are imported when the canvas is on its way.
    from app import results

    with areas["charts"]:
        results.lay_out(areas["headline"], given, cards)


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


@st.fragment(key=fragments.LIVE)
def _live(lanes: DeltaGenerator) -> None:
    """The canvas, and the browser's lanes in ``lanes``. Little is sent, so that it comes fast."""
    model = state.model()
    shown = resources.newcomers() if state.is_newcomer() else state.shown()
    content = canvas.pad(hint="Draw here" if shown is None else READY_HINT)
    digit, problem = _digit(content, shown)
    state.remember_digit(digit)
    if digit is not None:
        server.ask(digit, model=model)
    with lanes:
        browser.mount(digit, model=model, backend=state.backend())
    canvas.buttons(content)
    if problem is not None:
        st.error(problem, icon=":material/error:")
    answered = (
        digit is not None and state.browser_answers() and fragments.message_comes(PATIENCE_SECONDS)
    )
    if fragments.runs_alone() and not answered:
        st.rerun()  # the results wait no longer for a browser


def _digit(content: Any, shown: Digit | None) -> tuple[Digit | None, str | None]:
    """What is drawn, or while nothing is, the ready digit; for what cannot be read, why."""
    try:
        strokes = fabric.strokes(content)
    except InputError as error:
        return None, str(error)
    return (from_strokes(strokes) if strokes else shown), None


def _aside() -> DeltaGenerator:
    """Ten digits to try with one click, below a place for the digit that every model is given."""
    with st.container(key="given"):
        given = st.container()
        markup.note(
            "What every lane is given: these 28×28 pixels, redrawn at one pen width and framed as "
            "MNIST frames digits."
        )
    markup.label("Or try a ready one")
    ready.show(resources.examples(), _show_ready)
    return given


def _show_ready(digit: Digit) -> None:
    state.show_digit(digit)
    fragments.run(fragments.LIVE)


def _pick_backend() -> None:
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        st.markdown("**In your browser** on", width="content", help=GRAPH_HELP)
        st.selectbox(
            "Backend of TensorFlow.js in your browser",
            ["auto", *BACKENDS],
            key=state.BACKEND,
            on_change=lambda: fragments.run(fragments.LIVE),
            label_visibility="collapsed",
            width=120,
        )
