"""The Draw page: a digit or another picture, five lanes, one verdict."""

from __future__ import annotations

import streamlit as st

from app.draw import given
from app.draw.canvas import canvas, example_digits
from app.draw.lanes import browser_lanes, server_lanes
from app.draw.lanes.browser_answers import BrowserAnswers
from app.draw.picture import picture_input
from app.draw.results import chart_specs, many_classes, result_component, results
from app.session import input_words, links, state
from app.streamlit_internals import fragments
from app.streamlit_internals.containers import Container
from app.ui import markup
from models.digit.digit import Digit
from models.errors import InputError, shown
from models.formats import store
from models.formats.model_input import Input
from models.lanes import BACKENDS

STUDIO = "studio"
EXAMPLE_HINT = "A ready digit is read. Draw your own here."
PICTURE_HINT = "A picture is read. Draw your own here."

# A browser that has answered before mostly answers within this time. Waiting for it lays out the
# results only once a stroke.
PATIENCE_SECONDS = 0.4

# In reading order; each is an area of the page's grid in style.css.
AREAS = ("board", "headline", "aside", "server-lanes", "browser-lanes", "charts")

LEADS = {
    True: "Five lanes read the same digit: a Keras model and its two TensorFlow.js formats, on the "
    "server and in your browser.",
    False: "All lanes are given the same picture, on the server and here.",
}
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
    """Draw or give a picture on one side, see what every lane reads on the other.

    A fragment updates what changes with the picture. The rest is written here, once.
    """
    problem = _follow_link()
    taken = store.manifest(state.model()).pictures()
    markup.lead("Did the conversion keep the model?", LEADS[taken.is_digit])
    if problem is not None:
        st.warning(problem, icon=":material/link_off:")
    with st.container(key="studio"):
        areas = {name: st.container(key=_key(name, taken)) for name in AREAS}
    with areas["browser-lanes"]:
        row = st.container(key="backend-row")
        lanes = st.container()
    with areas["board"]:  # first: Streamlit leaves out an empty container
        markup.label(_invitation(taken))
        if not given.has_canvas(taken):
            _given(taken)
    with areas["headline"]:
        result_component.place("verdict")
    with areas["aside"]:
        _aside(taken)
    with areas["server-lanes"]:
        st.markdown("**On the server** in TensorFlow", help=SERVER_HELP)
        result_component.place("cards")
    with areas["charts"]:
        result_component.place("legend")
        many_classes.search(state.model(), lambda: fragments.run_only(STUDIO))
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


def _follow_link() -> str | None:
    """Apply what an opened link asks for. A damaged one opens an empty canvas; returned is why."""
    link = links.read_query()
    if link is None:
        return None
    current = state.digit()
    is_shown = link.digit is not None and current is not None and link.digit.id == current.id
    if (link.digit is not None and not is_shown) or link.problem is not None:
        state.show_digit(link.digit)
    if link.model is not None:
        state.use_model(link.model)
    if link.backend is not None:
        state.use_backend(link.backend)
    return link.problem


@st.fragment(key=STUDIO)
def _studio(lanes: Container, more: Container) -> None:
    """Show the canvas, the browser's lanes in ``lanes``, and the results.

    The lanes get the picture before anything else is sent, and work meanwhile.
    """
    model = state.model()
    taken = store.manifest(model).pictures()
    shown = given.shown(model, taken)
    content = canvas.content() if given.has_canvas(taken) else None
    digit, problem = given.picture(content, shown, taken)
    state.remember_digit(digit)
    browser_answers = _browser_answers(digit, model)
    if digit is not None:
        server_lanes.ask(digit, model=model)
    if content is not None:
        canvas.remember(content)
        ready = EXAMPLE_HINT if taken.is_digit else PICTURE_HINT
        canvas.pad(content, hint="Draw here" if shown is None else ready)
    with lanes:
        browser_lanes.mount(digit, model=model, backend=state.backend())
    if digit is not None and browser_answers is None and state.browser_has_answered():
        fragments.give_way(PATIENCE_SECONDS)
    if content is not None:
        canvas.buttons(content)
    if not taken.is_digit:
        picture_input.show(taken)
    if problem is not None:
        st.error(problem, icon=":material/error:")
    results.show(digit, browser_answers, more)


@st.fragment(run_every=0.4)
def _watch_server() -> None:
    """Poll while TensorFlow loads, and rerun the page once its lanes have answered."""
    digit = state.digit()
    if digit is None or server_lanes.done(digit, model=state.model()):
        st.rerun()


def _browser_answers(digit: Digit | None, model: str) -> BrowserAnswers | None:
    drawn = canvas.browser_answers()
    try:
        return browser_lanes.answers(digit, model=model, backend=state.backend(), drawn=drawn)
    except InputError as error:
        st.error(shown(error), icon=":material/error:")
        return None


def _key(area: str, taken: Input) -> str:
    """The key of an area: without a canvas, the board keeps no place for one."""
    return area if area != "board" or given.has_canvas(taken) else "board-picture"


def _given(taken: Input) -> None:
    """The very pixels that every lane is given, and what became of a picture on the way."""
    with st.container(key="given" if given.has_canvas(taken) else "given-picture"):
        result_component.place("given")
        markup.note(input_words.sentence(taken))


def _invitation(taken: Input) -> str:
    if taken.is_digit:
        return "Draw your own digit"
    return "Draw, or give a picture" if given.has_canvas(taken) else "Give it a picture"


def _aside(taken: Input) -> None:
    """What every lane is given, where a canvas has its place, and pictures to try by a click."""
    model = state.model()
    if given.has_canvas(taken):
        _given(taken)
    if assumed := store.manifest(model).assumed:
        with st.expander("What was guessed of this model", key="assumed"):
            markup.listed(assumed)
    if ready := given.ready(model, taken):
        markup.label("Or try a ready one")
        example_digits.show(ready, _show_example)


def _show_example(digit: Digit) -> None:
    picture_input.forget_problem()
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
