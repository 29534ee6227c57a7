"""What a visitor's session keeps for the Upload page, behind functions with types."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

if TYPE_CHECKING:  # a run and a set import much that a page which is being left needs no more
    from app.upload.run import Run
    from models.dataset import Dataset


def choose(source: str) -> None:
    """Take the test set from here on out of ``files`` or ``ready``."""
    st.session_state["upload_source"] = source


def source() -> str:
    """Where the test set comes from: ``files``, or ``ready`` for the one that is there."""
    chosen: str = st.session_state.get("upload_source", "files")
    return chosen


def dataset(key: object) -> Dataset | None:
    """The set that was read for these files and options, if it is the last one."""
    kept: tuple[object, Dataset] | None = st.session_state.get("upload_set")
    return kept[1] if kept is not None and kept[0] == key else None


def keep_dataset(key: object, data: Dataset) -> None:
    """Remember what was read, so that a rerun does not read it again; one set at a time."""
    st.session_state["upload_set"] = (key, data)


def run(key: object) -> Run | None:
    """The run of this set on these settings. A run of anything else is stopped and forgotten."""
    kept: tuple[object, Run] | None = st.session_state.get("upload_run")
    if kept is None:
        return None
    if kept[0] == key:
        return kept[1]
    kept[1].cancel()
    del st.session_state["upload_run"]
    return None


def keep_run(key: object, begun: Run) -> None:
    """Remember the run."""
    st.session_state["upload_run"] = (key, begun)


def leave() -> None:
    """Forget what was uploaded and stop its run; the ready set is shared: its results stay."""
    st.session_state.pop("upload_set", None)
    if source() == "files":
        run(None)
