"""The Upload page: a whole test set through all lanes."""

from __future__ import annotations

from dataclasses import replace

import streamlit as st

from app.session import shared, state
from app.ui import markup
from app.upload import bounds, browser_lanes, progress_bars, remedies, source, what_was_read
from app.upload import state as upload_state
from app.upload.results import results
from app.upload.run import Run, has_room
from app.web import bundle_status
from models.dataset import Dataset, Options
from models.formats import store
from models.lanes import BACKENDS
from models.parity import judgement, set_verdict
from models.tfjs import built

NO_ROOM = (
    "The runs of other visitors take all the room that there is for answers. Try again in a few "
    "minutes, or with fewer images."
)


def page() -> None:
    """Choose a test set, see how it was read, run it, see every lane's results."""
    markup.lead("Does it hold on a whole test set?", "Every image goes through every lane.")
    with st.container(key="upload-studio"):
        with st.container(key="upload-source"):
            data, options = source.choose()
            backend = _pick_backend()
        with st.container(key="upload-outcome"):
            _outcome(data, options, backend)


def _outcome(data: Dataset | None, options: Options, backend: str) -> None:
    run = None
    if data is None:
        markup.prompt(
            "Upload your test set.",
            "See how accurate each format is, and on how many images the formats agree.",
        )
    elif not len(data):
        what_was_read.show(data)
        st.error("No picture could be read: there is nothing to run.", icon=":material/error:")
    else:
        verdict = st.container()
        data, rule = what_was_read.show(data)
        remedies.show(data, options, rule)
        data = _fitting(_known(data))
        run = _run(data, backend)
        if run is not None and run.finished:
            with verdict:
                _verdict(run)
    browser_lanes.mount(run, model=state.model(), backend=backend)
    if data is not None and run is not None:
        if run.finished:
            manifest = store.manifest(state.model())
            results.show(data, run.scores(), manifest, run.token[:8])
        else:
            _live(run)
            _figures(run, data)


def _known(data: Dataset) -> Dataset:
    """Drop the labels that the model has no class for, and show that some were dropped."""
    known = data.within(len(store.manifest(state.model()).classes))
    if len(known.skipped) > len(data.skipped):
        st.caption(f":material/info: {known.skipped[-1].reason}")
    return known


def _fitting(data: Dataset) -> Dataset:
    """As many images as the answers to them have room for, and a sentence where these are not all.

    They are looked at in place: a run is known by where its images lie.
    """
    manifest = store.manifest(state.model())
    most = bounds.most_images(manifest)
    if len(data) <= most:
        return data
    st.caption(
        f":material/info: Of {len(data):,} images the first {most:,} are run: every lane's answers "
        f"are kept, and one has {len(manifest.classes):,} classes."
    )
    return source.first(data, most)


def _pick_backend() -> str:
    choice = st.selectbox("In your browser on", ["auto", *BACKENDS], key="upload-backend")
    if built.entry() is None:
        bundle_status.say_missing("run")
    return str(choice)


def _run(data: Dataset, backend: str) -> Run | None:
    """The current run of this test set, or a new one if the visitor starts it."""
    model = state.model()
    key = (data.stored.__array_interface__["data"], len(data), model, backend)
    run = upload_state.run(key)
    if run is not None:
        return run
    placeholder = st.empty()
    clicked = placeholder.button(
        f"Run {set_verdict.many(len(data), 'image')} through all lanes",
        type="primary",
        key="upload-run",
    )
    if not clicked and upload_state.source() != upload_state.EXAMPLES:
        return None
    placeholder.empty()
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
def _live(run: Run) -> None:
    """Show how far every lane is."""
    if run.finished:
        st.rerun()
    progress_bars.show(run)
    st.button("Stop and keep what is done", key="upload-stop", on_click=run.cancel)


def _figures(run: Run, data: Dataset) -> None:
    """Show the figures so far. Computing them slows the run down: of ten million answers for a
    second or more, so the more there are the more seldom.
    """
    st.fragment(_so_far, run_every=max(3.0, run.memory / 10e6))(run, data)


def _so_far(run: Run, data: Dataset) -> None:
    results.lanes(data, run.scores(), store.manifest(state.model()))


def _verdict(run: Run) -> None:
    manifest = store.manifest(state.model())
    verdict = set_verdict.verdict(
        run.scores(), reference=manifest.reference, judge=judgement.stored(manifest)
    )
    ended = "stopped after" if run.cancelled else "took"
    count = sum(each.done for each in run.progress)
    took = f"{count:,} predictions {ended} {run.seconds:.1f} s."
    markup.verdict(replace(verdict, detail=f"{verdict.detail} {took}".lstrip()))
