"""The Upload page: a whole test set through all lanes."""

from __future__ import annotations

from pathlib import Path

import streamlit as st

from app import (
    markup,
    resources,
    served,
    state,
    upload_files,
    upload_frames,
    upload_lanes,
    upload_progress,
    upload_results,
)
from app.upload_run import Run
from models import store
from models.dataset import Dataset
from models.lanes import BACKENDS
from models.manifest import Manifest
from models.verdict import Kind, Verdict

STYLE = Path(__file__).resolve().parent.parent / "style_upload.css"


def page() -> None:
    """Choose a set, see how it was read, run it, read what every lane makes of it."""
    st.html(STYLE)
    st.header("A whole test set through every lane")
    data = upload_files.choose()
    backend = _pick_backend()
    run = None
    if data is None:
        markup.prompt(
            "Upload your test set.",
            "See how accurate each format is, and on how many images the formats agree.",
        )
    elif not len(data):
        upload_files.say(data)
        st.error("No digit could be read: there is nothing to run.", icon=":material/error:")
    else:
        data = _known(upload_files.say(data))
        run = _run(data, backend)
    upload_lanes.mount(run, model=state.model(), backend=backend)
    if data is not None and run is not None:
        _progress(run, data)
        if run.finished:
            _results(run, data, store.manifest(state.model()))


def _known(data: Dataset) -> Dataset:
    """The set with only the labels that the model has a class for; says so where some have none."""
    known = data.within(len(store.manifest(state.model()).classes))
    if len(known.skipped) > len(data.skipped):
        st.caption(f":material/info: {known.skipped[-1].reason}")
    return known


def _pick_backend() -> str:
    if served.bundle_entry() is None:
        st.info(
            "TensorFlow.js is not installed on this server, so only its own lanes run. "
            "Its operator installs it with: make install",
            icon=":material/info:",
        )
    choice = st.selectbox(
        "In your browser on", ["auto", *BACKENDS], key="upload-backend", width=180
    )
    return str(choice)


def _run(data: Dataset, backend: str) -> Run | None:
    """The run of this set: the one that is there, or a new one when it is asked for."""
    model = state.model()
    key = (data.stored.__array_interface__["data"], len(data), model, backend)
    run = state.upload_run(key)
    if run is not None:
        return run
    asked = st.button(
        f"Run {upload_frames.many(len(data), 'image')} through all lanes",
        type="primary",
        key="upload-run",
    )
    if not asked and state.upload_source() != upload_files.READY:
        return None
    manifest = store.manifest(model)
    run = Run(
        data,
        store.folder(model),
        len(manifest.classes),
        backend=state.expected_backend(backend),
        in_browser=served.bundle_entry() is not None,
        server_lanes=manifest.server_lanes,
    )
    state.keep_upload_run(key, run)
    run.start(resources.tensorflow())
    return run


def _progress(run: Run, data: Dataset) -> None:
    """The lines of all lanes: still once the run has ended, renewed twice a second before."""
    if run.finished:
        upload_progress.show(run, data)
    else:
        _live(run, data)


@st.fragment(run_every=0.5)
def _live(run: Run, data: Dataset) -> None:
    upload_progress.show(run, data)
    st.button("Stop and keep what is done", key="upload-stop", on_click=run.cancel)
    if run.finished:
        st.rerun()


def _results(run: Run, data: Dataset, manifest: Manifest) -> None:
    found = run.scores()
    said = upload_frames.headline(data, found)
    kind: Kind = "agree" if said.startswith("All") else "differ"
    ended = "stopped after" if run.cancelled else "took"
    count = sum(each.done for each in run.progress)
    detail = f"{count:,} predictions {ended} {run.seconds:.1f} s."
    markup.verdict(Verdict(kind, said, detail))
    upload_results.show(data, found, manifest, run.token[:8])
