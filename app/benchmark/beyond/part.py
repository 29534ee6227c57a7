"""The part's button, and what was measured on this device."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import streamlit as st

from app.benchmark.beyond import lanes, run
from app.benchmark.beyond.run import Run
from app.benchmark.results.alternatives import tables
from app.frontend import component, report_values
from app.ui import markup
from models.errors import ModelError, escaped, shown
from models.formats import store
from models.parity.figures import fixed
from models.tfjs.alternatives import packages
from models.verify.alternatives import advice, text

HOW = (
    "This device can run the model above on LiteRT.js, on ONNX Runtime Web and, beside them, on "
    "TensorFlow.js: one after the other, on the same inputs, by one clock, each answer judged as "
    "everywhere here."
)
DEVICE = "This device"
_KEPT = "benchmark_beyond"
_SECONDS = 0.5  # between two looks at what the browser has said

_component = component.component(
    "digit_parity_beyond",
    "benchmark/beyond/runner.js",
    html='<div class="dp-beyond"></div>',
    isolate_styles=False,
)


@st.fragment
def show(model: str) -> None:
    """Show the button and the result; or why ``model`` cannot be run, in a sentence."""
    try:
        if why := packages.missing():
            raise ModelError(why)
        version = lanes.version(model)
    except ModelError as error:
        markup.note(shown(error))
        return
    kept = _kept(model, version)
    markup.note(HOW)
    with st.container(horizontal=True, gap="small", key="benchmark-beyond-buttons"):
        is_running = kept is not None and kept.is_running
        st.button(
            "Run them on this device",
            key="benchmark-beyond-run",
            icon=":material/play_arrow:",
            disabled=is_running,
            on_click=_begin,
            args=(model,),
        )
        if is_running:
            st.button("Cancel", key="benchmark-beyond-cancel", on_click=_cancel)
    if kept is None:
        markup.note(_sizes(model))
    elif is_running:
        _watch(kept)
    else:
        _result(kept)


def _kept(model: str, version: str) -> Run | None:
    """The run of this model as it is now."""
    kept: Run | None = st.session_state.get(_KEPT)
    return kept if kept is not None and (kept.model, kept.version) == (model, version) else None


def _begin(model: str) -> None:
    _cancel()
    st.session_state[_KEPT] = run.begin(model)


def _cancel() -> None:
    before: Run | None = st.session_state.pop(_KEPT, None)
    if before is not None:
        run.end(before)


def _sizes(model: str) -> str:
    """What the browser would fetch."""
    wasm, card = (
        sum(lanes.download(model, each) for each in lanes.offered(model, webgpu=webgpu))
        for webgpu in (False, True)
    )
    return (
        f"Your browser then fetches {_megabytes(wasm)}, and {_megabytes(card)} more where it has "
        "WebGPU."
    )


def _megabytes(count: int) -> str:
    return f"{fixed(count / 1e6, 1 if count < 1e7 else 0)} MB"


@st.fragment(run_every=_SECONDS)
def _watch(kept: Run) -> None:
    """Let the browser run what is next, and show how far it is; the page runs again at the end."""
    kept.tick()
    if not kept.is_running:
        st.rerun()
    at, lane = len(kept.measured), kept.lane
    try:
        worker = None if lane is None else lanes.url_path(kept.model, lane)
    except ModelError:  # what was made has gone meanwhile, which the part says then
        _cancel()
        st.rerun()
    told = _component(
        key="benchmark-beyond-lanes",
        data={
            "run": {
                "token": kept.token,
                "lane": at,
                "worker": worker,
            }
        },
        on_card_change=lambda: None,
        on_failed_change=lambda: None,
    )
    take(kept, told)
    done = 0.0 if lane is None else at / len(kept.lanes)
    name = "looking for WebGPU" if lane is None else advice.named(lane)
    st.progress(done, f"In your browser: {name}")


def take(kept: Run, told: Mapping[str, Any]) -> None:
    """Keep what the component tells of this run; untrusted as it is, anything else is left."""
    for name in ("card", "failed"):
        raw = told.get(name)
        if not isinstance(raw, Mapping) or raw.get("token") != kept.token:
            continue
        why = raw.get("why")
        reason = escaped(report_values.text(why)) if isinstance(why, str) else None
        if name == "card":
            kept.told(reason)
        elif isinstance(raw.get("lane"), int):
            kept.failed(raw["lane"], reason or "Its worker broke off.")


def _result(kept: Run) -> None:
    """The table of this device, and what follows from it."""
    run.end(kept)
    found = text.kept(f"{store.manifest(kept.model).title}, on this device", kept.alternatives())
    rows = [tables.Row(**each) for each in found["rows"]]
    st.html(tables.html(tables.Model(found["title"], rows, found["sentences"])))
    markup.listed(found["sentences"])
    card = f", {kept.images(kept.lanes[-1])} on WebGPU; on wasm one thread."
    if kept.no_card is not None:
        card = f", one thread. WebGPU was not asked. {kept.no_card}"
    markup.note(f"{kept.made.images} inputs{card}")
