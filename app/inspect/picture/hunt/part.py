"""The folded part of the Inspect page: two buttons, and what the search found."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from app.inspect.picture.hunt import run
from app.inspect.picture.hunt import words as hunt_words
from app.inspect.picture.hunt.found import Found, Levels, judge
from app.inspect.picture.hunt.run import Asked, Hunt
from app.session import links
from app.ui import markup, templates
from app.ui.folded import Part
from app.web import bundle_status
from models.digit.digit import Digit, from_levels
from models.formats import store
from models.parity.apart import NO_BOUND
from models.tfjs import built

PART = Part("inspect-part-hunt", "Where do the two formats differ most?")
HOW = (
    "Your browser changes the picture above and ready ones a little, again and again, asks both "
    "formats for each, and goes on from those on which they differ most."
)
_KEPT = "inspect_hunt"


def show(asked: Asked) -> None:
    """Show the part. What was found of other weights, or on another backend, is not shown."""
    markup.note(HOW)
    if judge(store.manifest(asked.model)) is None:
        markup.note(f"There is nothing to compare it with: {NO_BOUND}")
    elif built.entry() is None:
        bundle_status.say_missing("answer: nothing can be searched")
    else:
        _search(asked)


def forget_what_was_cut_off(asked: Asked) -> None:
    """Drop a search that ended because the part was closed, the page left, or another model, other
    weights or another backend chosen: it would begin anew when they come back.
    """
    kept = _kept()
    is_asked = st.session_state.get(PART.is_open) and kept and kept[0] == asked.key
    if kept is not None and kept[1].is_running and not is_asked:
        del st.session_state[_KEPT]


@st.fragment
def _search(asked: Asked) -> None:
    kept = _kept()
    hunt = kept[1] if kept is not None and kept[0] == asked.key else None
    buttons = st.container(horizontal=True, gap="small", key="inspect-hunt-buttons")
    run.mount(hunt)
    is_running = hunt is not None and hunt.is_running
    with buttons:
        st.button(
            f"Look for {run.SECONDS} seconds",
            type="primary",
            key="inspect-hunt",
            icon=":material/search:",
            disabled=is_running,
            on_click=_begin,
            args=(asked,),
        )
        if hunt is not None and is_running:
            st.button("Stop", key="inspect-hunt-stop", on_click=hunt.stop, disabled=hunt.stopped)
    if hunt is not None and not is_running:
        _result(hunt)


def _begin(asked: Asked) -> None:
    """Another search than the last one: its seed is the next."""
    kept = _kept()
    seed = 0 if kept is None else kept[1].seed + 1
    st.session_state[_KEPT] = (asked.key, run.begin(asked, seed))


def _kept() -> tuple[object, Hunt] | None:
    kept: tuple[object, Hunt] | None = st.session_state.get(_KEPT)
    return kept


def _result(hunt: Hunt) -> None:
    ended = hunt.ended
    problem = hunt.problem or (ended.error if ended is not None else None)
    if problem is not None:
        st.error(problem, icon=":material/error:")
    elif ended is None or not ended.found:
        markup.note("Stopped before a picture was compared.")
    else:
        manifest = store.manifest(hunt.model)
        markup.listed(list(hunt_words.sentences(ended.found, manifest.classes)))
        _pictures(hunt, ended.found)
        markup.note(hunt_words.how(ended, hunt.seed))


def _pictures(hunt: Hunt, found: Sequence[Found]) -> None:
    """Each beside the real one that it began at, and a link to the first."""
    with st.container(horizontal=True, gap="small", key="inspect-hunt-pictures"):
        for each in found:
            _figure(_digit(hunt, hunt.real[each.origin]), hunt.names[each.origin])
            _figure(_digit(hunt, each.levels), hunt_words.caption(each, found))
    digit = _digit(hunt, found[0].levels)
    if links.carries(digit) and store.manifest(hunt.model).pictures().is_digit:
        backend = found[0].lanes[0].runtime.removeprefix("tfjs/")
        st.link_button(
            "See it on the Draw page",
            f"./{links.link('', digit, hunt.model, backend, weights=hunt.weights)}",
            icon=":material/open_in_new:",
        )


def _figure(digit: Digit, says: str) -> None:
    shown = templates.render("inspect/picture/picture.html", "picture", markup.png_url(digit), says)
    st.html(shown, width="content")


def _digit(hunt: Hunt, levels: Levels) -> Digit:
    return from_levels(levels.tobytes(), store.manifest(hunt.model).pictures().picture)
