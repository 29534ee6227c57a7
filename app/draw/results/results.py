"""One digit's results: what all lanes read, exact values, download."""

from __future__ import annotations

import time
from collections.abc import Sequence
from urllib.parse import urljoin

import streamlit as st

from app.draw.lanes import server_lanes
from app.draw.lanes.browser_answers import Report
from app.draw.results import (
    chart_rows,
    chart_specs,
    explanation,
    result_component,
    result_view_model,
)
from app.draw.results.result_file import result_file
from app.frontend import lane_wire
from app.session import links, shared, state
from app.streamlit_internals import fragments
from app.streamlit_internals.containers import Container
from app.ui import table_columns
from models.digit.digit import Digit
from models.formats import store
from models.formats.manifest import Manifest
from models.lanes import LaneResult

# What a new visitor's browser gets for itself to put up the canvas. It would load what lies folded
# away first, and React shows all of what it waits for at once.
FIRST_LOOK_SECONDS = 0.5


def show(digit: Digit | None, report: Report | None, more: Container) -> None:
    """What every lane made of the digit. Without one, charts are empty, but there.

    What is folded away is made when it is opened, and not before. It goes to ``more``.
    """
    model, backend = state.model(), state.backend()
    manifest = store.manifest(model)
    answers = {} if digit is None else server_lanes.lanes(digit, model=model)
    found = result_view_model.results(answers, report)
    runs_on = _backend(report, backend)
    lanes = chart_specs.lanes(model, runs_on)
    with more:
        made = result_view_model.make(digit, answers, report, lanes, manifest)
        result_component.mount(made, model=model, backend=runs_on)
        if state.is_new_here():
            shared.tensorflow().hold_back()
            time.sleep(FIRST_LOOK_SECONDS)
        links.write_query(None if digit is shared.first_example() else digit, model, backend)
        if digit is not None:
            _keep(digit, found, report, manifest, backend)
        explanation.panel(found, manifest)
    # What was shown counts: a lane may have answered since.
    late = digit is not None and len(answers) < len(manifest.server_lanes)
    if late and not state.watches_server():
        state.watch_server(True)
        if fragments.is_fragment_run():
            st.rerun()  # the page, which then looks out for late lanes


def _backend(report: Report | None, asked: str) -> str:
    """What TensorFlow.js ran on, or while it loads, what it is expected to run on."""
    if report is None:
        return state.expected_backend(asked)
    state.remember_backend(report.backend)
    return report.backend or lane_wire.UNKNOWN


def _keep(
    digit: Digit,
    found: Sequence[LaneResult],
    report: Report | None,
    manifest: Manifest,
    backend: str,
) -> None:
    """The exact values, and the two ways to take them along: a file and a link."""
    exact = st.expander("Exact values, as a table", key="exact", on_change="rerun")
    if exact.open:
        table = chart_rows.table(found, manifest.classes)
        words = {"lane", "reads", "error"}
        config = {
            name: table_columns.MS if name.endswith(" ms") else table_columns.EXACT
            for name in table.column_names
            if name not in words
        }
        exact.dataframe(table, hide_index=True, column_config=config)
    with st.container(horizontal=True, gap="small"):
        st.download_button(
            "Download this result",
            data=lambda: result_file(digit, found, report, manifest),
            file_name=f"digit-parity-{digit.id}.json",
            mime="application/json",
            icon=":material/download:",
            on_click="ignore",
        )
    # Not a popover: at the end of a page there is no room for one.
    box = st.expander("Share", icon=":material/share:", key="share", on_change="rerun")
    if box.open:
        box.markdown(
            "This link opens on the same digit, model and backend. Nothing is stored here."
        )
        link = urljoin(st.context.url or "", links.link("", digit, manifest.name, backend))
        box.code(link, wrap_lines=True)
