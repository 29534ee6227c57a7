"""The reports that a visitor has opened: by a link, and by dropping files."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import streamlit as st

from app.benchmark import report_json
from app.benchmark.results import devices, link
from app.benchmark.results.devices import Device
from models.errors import InputError
from models.formats import store

MOST = 8  # devices side by side
EXAMPLE = Path(__file__).parents[1] / "example.json"  # python -m tests.e2e.benchmark_example
_FILES = "benchmark-files"


def others() -> tuple[list[Device], list[str]]:
    """The devices of the link and of the files; and what could not be opened, a sentence each."""
    found: list[Device] = []
    problems: list[str] = []
    if token := st.query_params.get(link.REPORT):
        try:
            found.append(devices.device(link.decode(token), "link"))
        except InputError as error:
            problems.append(str(error))
    files = st.session_state.get(_FILES) or []
    for file in files[:MOST]:
        try:
            found.append(devices.device(report_json.from_file(file.getvalue()), "file"))
        except InputError as error:
            problems.append(f"{file.name}: {error}")
    if len(files) > MOST:
        problems.append(f"At most {MOST} files are opened, the first ones.")
    return found, problems


def example(model: str) -> Device | None:
    """The report that was measured for the model that ships; None for any other model."""
    if not EXAMPLE.exists():
        return None
    report = report_json.from_file(EXAMPLE.read_bytes())
    same = (report.model, report.model_version) == (model, store.version(model))
    return devices.device(report, "example") if same else None


def uploader() -> None:
    """Show where files are dropped."""
    st.file_uploader(
        "Drop reports of other devices here: the files that “Download JSON” wrote",
        type="json",
        accept_multiple_files=True,
        key=_FILES,
    )


def side_by_side(own: Device | None, opened: Sequence[Device]) -> list[Device]:
    """The devices to compare, this one first; empty for fewer than two."""
    mine = [] if own is None else [own]
    both = devices.told_apart([*mine, *opened])[:MOST]
    return both if len(both) > 1 else []
