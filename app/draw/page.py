"""The Draw page: a digit or another picture, all lanes, one answer."""

from __future__ import annotations

import streamlit as st

from app.draw import given, studio
from app.draw.results import explanation
from app.session import links, shared, state
from app.session.visit import Visit
from app.ui import markup
from models.digit.digit import Digit
from models.formats import store
from models.formats.model_input import Input

LEADS = {
    True: "A Keras model and its two TensorFlow.js formats read the same digit, on the server and "
    "in your browser.",
    False: "All versions are given the same picture, on the server and here.",
}


def page() -> None:
    """Draw or give a picture on one side, see what every version reads on the other.

    Everything that changes with the picture is the component's (``studio.py``).
    """
    problem = _follow_link()
    model = state.model()
    manifest = store.manifest(model)
    taken = manifest.pictures()
    markup.lead("Did the conversion keep the model?", LEADS[taken.is_digit])
    if problem is not None:
        st.warning(problem, icon=":material/link_off:")
    state.begin_with(_begin(model, taken))
    if state.is_new_here():
        shared.tensorflow().hold_back()
    _studio()
    explanation.show(manifest)


@st.fragment
def _studio() -> None:
    """A fragment, so that what the browser tells runs nothing else."""
    has_pad = given.has_canvas(store.manifest(state.model()).pictures())
    with st.container(key="pad-there" if has_pad else "no-pad"):  # from the first paint on
        studio.mount(state.model(), state.backend())


def _follow_link() -> str | None:
    """Apply what an opened link asks for. A damaged one opens an empty canvas; returned is why."""
    link = links.read_query()
    if link is None:
        return None
    if link.model is not None:
        state.use_model(link.model)
    if link.backend is not None:
        state.use_backend(link.backend)
    current = state.digit()
    is_shown = link.digit is not None and current is not None and link.digit.id == current.id
    if (link.digit is not None and not is_shown) or link.problem is not None:
        state.open_with(Visit(link.digit, label="Shared digit"))
    return link.problem


def _begin(model: str, taken: Input) -> Visit:
    """What the page begins with: what it showed last, or an example."""
    last, digit = state.visit(), given.shown(model, taken)
    if last is not None and last.digit is digit:
        return last
    return Visit(digit, label=_label(model, taken, digit))


def _label(model: str, taken: Input, digit: Digit | None) -> str:
    ready = given.ready(model, taken)
    number = next((at for at, each in enumerate(ready) if each is digit), None)
    if number is None:
        return ""
    return f"Ready {'digit' if taken.is_digit else 'picture'} {number}"
