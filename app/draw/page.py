"""The Draw page: a digit or another picture, all lanes, one answer."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import streamlit as st

from app.draw import given, studio
from app.draw.picture import drawing
from app.draw.results import explanation
from app.session import links, shared, state
from app.session.links import OpenedLink
from app.session.visit import Visit
from app.ui import markup
from models.digit import fabric_drawing
from models.digit.digit import Digit
from models.digit.strokes import Stroke
from models.formats import store
from models.formats.model_input import Input

# The mean difference of two digits' pixels, from 0 to 1: by fewer points a drawing changes by up to
# 0.01, two different digits of one hand differ by 0.08 and more.
ALIKE = 0.03
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
    if link.weights is not None:
        state.use_weights(link.weights)
    current = state.digit()
    is_shown = link.digit is not None and current is not None and link.digit.id == current.id
    if (link.digit is not None and not is_shown) or link.problem is not None:
        state.open_with(_shared(link))
    return link.problem


def _shared(link: OpenedLink) -> Visit:
    """What a link opens. The pad shows its strokes only where they are what is read."""
    if link.digit is None:
        return Visit(None)
    model = state.model()
    taken = store.manifest(model).pictures()
    label = _label(model, taken, link.digit) or "Shared digit"
    return Visit(link.digit, label, _pad(link.strokes, link.digit, taken))


def _pad(strokes: Sequence[Stroke], digit: Digit, taken: Input) -> list[dict[str, Any]]:
    """The strokes for the pad; none where they do not make about this digit."""
    if not strokes or digit.pixels.shape != taken.picture or not given.has_canvas(taken):
        return []
    drawn = drawing.of_strokes(strokes, taken)
    if np.abs(drawn.pixels - digit.pixels).mean() > ALIKE:
        return []
    return fabric_drawing.objects(strokes, drawing.PEN)


def _begin(model: str, taken: Input) -> Visit:
    """What the page begins with: what it showed last, or an example."""
    last, digit = state.visit(), given.shown(model, taken)
    if last is not None and last.digit is digit:
        return last
    return Visit(digit, label=_label(model, taken, digit))


def _label(model: str, taken: Input, digit: Digit | None) -> str:
    ready = given.ready(model, taken)
    number = next((at for at, each in enumerate(ready) if digit and each.id == digit.id), None)
    if number is None:
        return ""
    return f"Ready {'digit' if taken.is_digit else 'picture'} {number}"
