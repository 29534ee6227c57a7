"""The Draw page's results: the reading, the explanation, exact values, download and link."""

from __future__ import annotations

import time
from collections.abc import Sequence
from urllib.parse import urljoin

import streamlit as st

from app.draw import given
from app.draw.lanes import server_lanes
from app.draw.lanes.browser_answers import BrowserAnswers
from app.draw.results import (
    chart_rows,
    chart_specs,
    explanation,
    many_classes,
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

# How long a new visitor's browser has to show the canvas before the expanders are sent: it would
# load their code first, and React would show everything at once.
FIRST_LOOK_SECONDS = 0.5

SHARED = "This link opens on the same digit, model and backend. Nothing is stored here."
NOT_SHARED = (
    "This link opens on the same model and backend. Your picture is not in it: it is too large for "
    "a link, and nothing is stored here."
)


def show(digit: Digit | None, browser_answers: BrowserAnswers | None, more: Container) -> None:
    """Show what every lane read. Without a digit the charts are there, but empty.

    ``more`` gets the expanders, whose content is made when they are opened.
    """
    model, backend = state.model(), state.backend()
    manifest = store.manifest(model)
    server_results = {} if digit is None else server_lanes.lanes(digit, model=model)
    answered = result_view_model.results(server_results, browser_answers)
    runs_on = _backend(browser_answers, backend)
    lanes = chart_specs.lanes(model, runs_on)
    with more:
        wanted = many_classes.wanted(manifest.classes)
        reading = result_view_model.reading(
            digit, server_results, browser_answers, lanes, manifest, wanted=wanted
        )
        result_component.mount(reading, model=model, backend=runs_on)
        if state.is_new_here():
            shared.tensorflow().hold_back()
            time.sleep(FIRST_LOOK_SECONDS)
        first = given.first(model, manifest.pictures())
        links.write_query(None if digit is first else digit, model, backend)
        if digit is not None:
            _exports(digit, answered, browser_answers, manifest, backend)
        explanation.show(answered, manifest)
    # Late are the lanes that are not shown: one may have answered since.
    late = digit is not None and len(server_results) < len(manifest.server_lanes)
    if late and not state.watches_server():
        state.watch_server(True)
        if fragments.is_fragment_run():
            st.rerun()  # the page, which then polls for late lanes


def _backend(browser_answers: BrowserAnswers | None, asked: str) -> str:
    """The backend that TensorFlow.js ran on, or while it loads, the expected one."""
    if browser_answers is None:
        return state.expected_backend(asked)
    state.remember_backend(browser_answers.backend)
    return browser_answers.backend or lane_wire.UNKNOWN


def _exports(
    digit: Digit,
    answered: Sequence[LaneResult],
    browser_answers: BrowserAnswers | None,
    manifest: Manifest,
    backend: str,
) -> None:
    """Show the exact values, the download and the link."""
    exact = st.expander("Exact values, as a table", key="exact", on_change="rerun")
    if exact.open:
        wanted = many_classes.wanted(manifest.classes)
        shown = many_classes.of_interest(answered, manifest.classes, wanted)
        table = chart_rows.table(answered, manifest.classes, shown)
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
            data=lambda: result_file(digit, answered, browser_answers, manifest),
            file_name=f"digit-parity-{digit.id}.json",
            mime="application/json",
            icon=":material/download:",
            on_click="ignore",
        )
    # Not a popover: there is no room for one at the end of the page.
    box = st.expander("Share", icon=":material/share:", key="share", on_change="rerun")
    if box.open:
        box.markdown(SHARED if links.carries(digit) else NOT_SHARED)
        link = urljoin(st.context.url or "", links.link("", digit, manifest.name, backend))
        box.code(link, wrap_lines=True)
