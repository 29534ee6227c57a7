"""The Upload page: a whole test set through all versions of a model."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from app.session import state
from app.streamlit_internals.containers import Container
from app.ui import folded, markup
from app.upload import answers, browser_lanes, options, set_shown, source
from app.upload.progress import reading
from app.upload.results.results import Shown
from app.upload.run import Run
from app.upload.source import Given
from models.formats import store
from models.parity.verdict import Verdict


def page() -> None:
    """The answer and its table, then what to do, then everything else, folded."""
    markup.lead("Does it hold on a whole test set?", "Every picture goes through every version.")
    with st.container(key="upload-studio"):
        with st.container(key="upload-outcome"):
            with st.container(key="upload-answer"):
                answer = st.empty()
            picture = st.container(key="upload-picture")
        is_new = source.is_nothing()
        parts = answers.newcomer(answer, picture) if is_new else []
        with st.container(key="upload-source"):
            given = source.choose(lambda *how_far: reading.show(answer, *how_far))
    worker, details = st.container(), st.container(key="upload-details")
    run = None
    if not is_new:
        with picture:
            run, parts = _given(answer, given)
    with worker:
        browser_lanes.mount(run, model=state.model(), backend=options.backend())
    _folded(details, parts)


def _folded(details: Container, parts: Sequence[Shown]) -> None:
    """The parts. How files are read is always among them."""
    manifest = store.manifest(state.model())
    how = folded.Part("upload-part-reading", "How files are read and run", has_controls=True)
    with details:
        for part, show in [*parts, (how, lambda: options.show(manifest))]:
            folded.show(part, show)


def _given(answer: Container, given: Given) -> tuple[Run | None, list[Shown]]:
    """What is shown of what was given, and its run while that goes on."""
    if given.problem is not None:
        answers.say(answer, Verdict("failed", "This report cannot be opened.", given.problem))
    elif given.report is not None:
        return None, answers.report_of(answer, given.report)
    elif given.data is not None:
        return set_shown.show(answer, given, given.data)
    else:  # files that were freed, or are on their way
        said = Verdict("waiting", "Drop your test set again.", "Its files are no longer here.")
        answers.say(answer, said)
    return None, []
