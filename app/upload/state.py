"""What a visitor's session keeps for the Upload page, behind functions with types."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

if TYPE_CHECKING:  # leaving a page calls this module, and must not import what a run needs
    from app.upload.check import Check
    from app.upload.results.outcome import Outcome
    from app.upload.run import Run
    from models.dataset import Dataset


FILES, EXAMPLES = "files", "examples"  # where a test set can come from


def choose(source: str) -> None:
    """Take the test set from ``FILES`` or ``EXAMPLES`` from now on, read as ever: what was changed
    for one set is not for the next.
    """
    st.session_state["upload_source"] = source
    for name in ("pixels", "labels"):
        st.session_state.pop(reading_key(name), None)


def source() -> str:
    """Where the test set comes from: ``FILES``, or ``EXAMPLES`` for the digits that ship."""
    chosen: str = st.session_state.get("upload_source", FILES)
    return chosen


def dataset(key: object) -> Dataset | None:
    """The test set last read, if it was read from these files with these options."""
    kept: tuple[object, Dataset] | None = st.session_state.get("upload_set")
    return kept[1] if kept is not None and kept[0] == key else None


def keep_dataset(key: object, data: Dataset) -> None:
    """Remember the test set, so that a rerun does not read it again; one at a time."""
    st.session_state["upload_set"] = (key, data)


def opened_report(key: object) -> Outcome | str | None:
    """The report of these files, or why it is none."""
    kept: tuple[object, Outcome | str] | None = st.session_state.get("upload_report")
    return kept[1] if kept is not None and kept[0] == key else None


def keep_report(key: object, report: Outcome | str) -> None:
    """Remember the report, and no other."""
    st.session_state["upload_report"] = (key, report)


def run(key: object) -> Run | None:
    """The run of this test set with these settings. Any other run is stopped and forgotten."""
    kept: tuple[object, Run] | None = st.session_state.get("upload_run")
    if kept is None:
        return None
    if kept[0] == key:
        return kept[1]
    kept[1].cancel()
    del st.session_state["upload_run"]
    return None


def keep_run(key: object, run: Run) -> None:
    """Remember the run."""
    st.session_state["upload_run"] = (key, run)


def check(key: object) -> Check | None:
    """The check of this set, read this way."""
    kept: tuple[object, Check] | None = st.session_state.get("upload_check")
    return kept[1] if kept is not None and kept[0] == key else None


def keep_check(key: object, check: Check) -> None:
    """Remember the check, and no other."""
    st.session_state["upload_check"] = (key, check)


def reading_key(name: str) -> str:
    """The key of the widget that says this of how files are read."""
    return f"upload-{name}"


def set_reading(name: str, value: object) -> None:
    """Choose ``value`` in that widget."""
    st.session_state[reading_key(name)] = value


def reading(name: str) -> object:
    """What is chosen there; None where nothing is, or was shown yet."""
    return st.session_state.get(reading_key(name))


def leave() -> Dataset | None:
    """Forget the upload, which is returned, and stop its run. A run of the shared example digits is
    kept.
    """
    kept: tuple[object, Dataset] | None = st.session_state.pop("upload_set", None)
    st.session_state.pop("upload_check", None)
    st.session_state.pop("upload_report", None)
    if source() == FILES:
        run(None)
    return None if kept is None else kept[1]
