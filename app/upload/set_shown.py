"""A set that was given: what was read, its run, and its result."""

from __future__ import annotations

from dataclasses import replace

import streamlit as st

from app.session import shared, state
from app.streamlit_internals.containers import Container
from app.ui import markup
from app.upload import answers, bounds, options, remedies, what_was_read
from app.upload import state as upload_state
from app.upload.progress import bars
from app.upload.results import download_row, outcome, results
from app.upload.results.results import Shown
from app.upload.run import Run, has_room
from app.upload.source import Given
from models.dataset import Dataset
from models.formats import store
from models.parity import set_verdict
from models.parity.verdict import Verdict
from models.tfjs import built

NO_ROOM = (
    "The runs of other visitors take all the room that there is for answers. Try again in a few "
    "minutes, or with fewer images."
)


def show(answer: Container, given: Given, data: Dataset) -> tuple[Run | None, list[Shown]]:
    """Show what was read, then its run, then its result; return the run while it goes on, and the
    folded parts.
    """
    read = what_was_read.labelled(data)
    data = _known(read.data)
    parts = what_was_read.parts(replace(read, data=data))
    parts = [*results.skipped(data.skipped), *parts]
    left = outcome.left_out(data.skipped)
    if not len(data):
        answers.say(answer, Verdict("failed", "No picture could be read.", _why_none(data)))
        return None, parts
    fitting = _fitting(data)
    asked = st.empty()
    run = _run(fitting, asked)
    remedies.show(data, given.options, read.rule)
    if run is None:
        said = "Nothing has been run yet."
        if left:
            said = f"{set_verdict.many(left, 'file')} left out. {said}"
        answers.say(answer, Verdict("waiting", what_was_read.sentence(data), said))
        what_was_read.sheet(data)
    elif run.finished:
        return None, [*_finished(answer, run, fitting), *parts]
    else:
        _live(answer, run)
        _figures(run, fitting)
    return run, parts


def _why_none(data: Dataset) -> str:
    """Why there is nothing to run: of the first file; a list below has the others."""
    if not data.skipped:
        return "There is nothing to run."
    first, *others = data.skipped
    more = f" {set_verdict.many(len(others), 'more file')} left out; see below." if others else ""
    return f"{first.file}: {first.reason}{more}"


def _known(data: Dataset) -> Dataset:
    """Drop the labels that the model has no class for, and show that some were dropped."""
    known = data.within(len(store.manifest(state.model()).classes))
    if len(known.skipped) > len(data.skipped):
        markup.note(known.skipped[-1].reason)
    return known


def _fitting(data: Dataset) -> Dataset:
    """As many images as the answers to them have room for, and a sentence where these are not all.

    They are looked at in place: a run is known by where its images lie.
    """
    manifest = store.manifest(state.model())
    most = bounds.most_images(manifest)
    if len(data) <= most:
        return data
    markup.note(
        f"Of {len(data):,} images the first {most:,} are run: every version's answers are kept, "
        f"and one has {len(manifest.classes):,} classes."
    )
    return data.first(most)


def _run(data: Dataset, place: Container) -> Run | None:
    """The current run of this test set, or a new one if the visitor starts it."""
    model, backend = state.model(), options.backend()
    key = (data.stored.__array_interface__["data"], len(data), model, backend)
    run = upload_state.run(key)
    if run is not None:
        return run
    clicked = place.button(
        f"Run {set_verdict.many(len(data), 'image')} through all versions",
        type="primary",
        key="upload-run",
        icon=":material/play_arrow:",
    )
    if not clicked and upload_state.source() != upload_state.EXAMPLES:
        return None
    place.empty()
    manifest = store.manifest(model)
    if not has_room(len(data), manifest):
        st.warning(NO_ROOM, icon=":material/hourglass_disabled:")
        return None
    run = Run(
        data,
        store.folder(model),
        manifest,
        backend=state.expected_backend(backend),
        in_browser=built.entry() is not None,
    )
    upload_state.keep_run(key, run)
    run.start(shared.tensorflow())
    return run


@st.fragment(run_every=1)
def _live(answer: Container, run: Run) -> None:
    """Show how far every version is."""
    if run.finished:
        st.rerun()
    done, total = bars.counts(run)
    said = f"{done:,} of {total:,} predictions are done, here and on the server."
    answers.say(
        answer, Verdict("waiting", f"Reading {set_verdict.many(len(run.data), 'image')} …", said)
    )
    bars.show(run)
    st.button("Stop and keep what is done", key="upload-stop", on_click=run.cancel)


def _figures(run: Run, data: Dataset) -> None:
    """Show the figures so far. Computing them slows the run down: of ten million answers for a
    second or more, so the more there are the more seldom.
    """
    st.fragment(_so_far, run_every=max(3.0, run.memory / 10e6))(run, data)


def _so_far(run: Run, data: Dataset) -> None:
    results.so_far(data, run.scores(), store.manifest(state.model()))


def _finished(answer: Container, run: Run, data: Dataset) -> list[Shown]:
    manifest, scores = store.manifest(state.model()), run.scores()
    shown = outcome.of_run(data, scores, manifest, run.token[:8])
    verdict = set_verdict.conclude(shown.seen)
    ended = "stopped after" if run.cancelled else "took"
    count = sum(each.done for each in run.progress)
    took = f"{count:,} predictions {ended} {run.seconds:.1f} s."
    answers.say(answer, replace(verdict, detail=f"{verdict.detail} {took}".lstrip()))
    results.versions(shown, set_verdict.many(len(data), "image"))
    if not any(each.done.any() for each in scores):
        return []
    download_row.show(data, scores, manifest)
    return results.parts(shown, is_draws=True)
