"""What a new visitor sees: the report of a run that was made before, by the shipped model.

``python -m benchmarks.upload_example`` makes it.
"""

from __future__ import annotations

from pathlib import Path

import streamlit as st

from app.upload.results.outcome import Outcome
from app.upload.saved import opened, parsed
from app.upload.saved.parsed import Report
from models.errors import InputError
from models.formats import store

PATH = Path(__file__).with_name("example.json")
WHAT = "100 digits of MNIST's test set"
WHERE = "Run before: in TensorFlow on a server, and in TensorFlow.js on wasm in Chromium."


def of(model: str) -> Outcome | None:
    """The example's outcome for this model; None for one that it was not made with."""
    report = read()
    if report is None or store.folder(model) != store.SHIPPED or not is_of(report, model):
        return None
    return opened.outcome(report, "example")


def is_of(report: Report, model: str) -> bool:
    """Whether the report is of these very files of the model."""
    files = store.manifest(model).files
    return dict(report.files) == {name: record.sha256 for name, record in files.items()}


@st.cache_resource(show_spinner=False)
def read() -> Report | None:
    """The example; None for one of another version of this page, which makes it again."""
    try:
        return parsed.from_file(PATH.read_bytes())
    except (FileNotFoundError, InputError):
        return None
