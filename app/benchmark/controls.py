"""What a visitor chooses to measure, and the buttons that begin and end a run."""

from __future__ import annotations

import math
from collections.abc import Mapping

import streamlit as st

from app.benchmark import run
from app.benchmark import state as benchmark_state
from app.benchmark.report import LaneTimes
from app.benchmark.run import Benchmark
from app.frontend.lane_wire import formats
from app.session import ready, shared, state
from app.web import bundle_status
from models.digit.digit import Digit
from models.formats import store
from models.formats.manifest import Manifest
from models.lanes import BACKENDS, FORMATS, YARDSTICK, Backend, Format, Lane
from models.tfjs import built

DIGIT = 7  # the example digit that is measured
PRESET: tuple[Backend, ...] = ("cpu", "wasm", "webgl")
# Values of an input: for more, plain JavaScript takes seconds, in which the page stands still.
LARGE = 10_000
HELP: Mapping[Backend, str] = {
    "cpu": "Plain JavaScript; for large pictures so slow that the page stands still meanwhile.",
    "wasm": "WebAssembly, on the processor.",
    "webgl": "The graphics card through WebGL; slow where the browser only imitates one.",
    "webgpu": "The graphics card through WebGPU, in browsers that have it.",
}
YARDSTICK_HELP = (
    "Google's runtime for small devices, on the Keras original: what the server's processor can "
    "do. It takes no part in who is fastest."
)


def show(bench: Benchmark | None) -> None:
    """Show the buttons and the backends' boxes."""
    is_running = bench is not None and not bench.finished
    buttons = st.container(horizontal=True, gap="small", key="benchmark-buttons")
    _backend_boxes(disabled=is_running)
    nothing = not (_backends() or _server_lanes())
    with buttons:
        st.button(
            "Measure this device (10 seconds)",
            type="primary",
            key="benchmark-quick",
            icon=":material/timer:",
            disabled=is_running or nothing,
            on_click=_begin,
            args=(True,),
        )
        st.button(
            "Full run (half a minute)",
            key="benchmark-full",
            disabled=is_running or nothing,
            on_click=_begin,
            args=(False,),
        )
        if bench is not None and is_running:
            st.button("Cancel", key="benchmark-cancel", on_click=bench.cancel)


def unmeasured() -> list[LaneTimes]:
    """The versions that the first run would measure."""
    manifest = store.manifest(state.model())
    return [
        LaneTimes(Lane(form, f"tfjs/{backend}"))
        for backend in _preset(manifest)
        for form in formats(manifest)
    ]


def server_boxes(*, disabled: bool) -> None:
    """Show a box for each version on the server."""
    manifest = store.manifest(state.model())
    with st.container(horizontal=True, key="benchmark-server"):
        st.markdown("On the server, in TensorFlow", width="content")
        for name, lane in _on_server(manifest).items():
            st.checkbox(
                "LiteRT, a yardstick" if lane == YARDSTICK else name,
                key=f"benchmark-{name}",
                help=YARDSTICK_HELP if lane == YARDSTICK else None,
                disabled=disabled,
                width="content",
            )


def sizes(model: str) -> dict[Format, int]:
    """Bytes of each format that a browser loads."""
    manifest = store.manifest(model)
    return {form: manifest.size(form) for form in formats(manifest)}


def _backend_boxes(*, disabled: bool) -> None:
    has_tfjs = built.entry() is not None
    manifest = store.manifest(state.model())
    preset = _preset(manifest)
    with st.container(horizontal=True, key="benchmark-backends"):
        st.markdown(f"{' and '.join(formats(manifest))} on".capitalize(), width="content")
        for name in BACKENDS:
            st.checkbox(
                name,
                value=name in preset and has_tfjs,
                key=f"benchmark-{name}",
                help=HELP[name],
                disabled=disabled or not has_tfjs,
                width="content",
            )
    if not has_tfjs:
        bundle_status.say_missing("can be measured")


def _begin(quick: bool) -> None:
    model = state.model()
    started = run.begin(model, _picture(model), _backends(), _server_lanes(), quick=quick)
    benchmark_state.keep_benchmark(started)


def _backends() -> list[Backend]:
    return [name for name in BACKENDS if st.session_state.get(f"benchmark-{name}")]


def _server_lanes() -> list[Lane]:
    on_server = _on_server(store.manifest(state.model()))
    return [lane for name, lane in on_server.items() if st.session_state.get(f"benchmark-{name}")]


def _on_server(manifest: Manifest) -> dict[str, Lane]:
    """What the server can measure, by its box; what came converted has no Keras original."""
    lanes = {form: manifest.server_lane(form) for form in FORMATS} | {"litert": YARDSTICK}
    return {name: lane for name, lane in lanes.items() if lane.format in manifest.lanes}


def _picture(model: str) -> Digit:
    """What is measured: the first of the model's ready pictures, or a ready digit."""
    if store.manifest(model).pictures().is_digit:
        return shared.examples()[DIGIT]
    return ready.pictures(model).digit(0)


def _preset(manifest: Manifest) -> tuple[Backend, ...]:
    large = math.prod(manifest.pictures().picture) > LARGE
    return tuple(each for each in PRESET if each != "cpu" or not large)
