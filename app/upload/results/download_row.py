"""A set's results to keep: the table, and the report, to read and to open here again."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from app.upload.results import downloads, html_report
from models.dataset import Dataset
from models.formats.manifest import Manifest
from models.parity.scores import Scores

_HELP = {
    "csv": "Every image with what each version read",
    "json": "All figures, with small pictures of the first rows. Drop it on this page, here or "
    "elsewhere, to see this result again",
    "html": "The result as a page of its own, to send and to print",
}


def show(data: Dataset, lane_scores: Sequence[Scores], manifest: Manifest) -> None:
    """Show a button for each; what it sends is made when it is clicked."""
    files = (
        ("csv", "text/csv", lambda: downloads.csv(data, lane_scores, manifest.classes)),
        ("json", "application/json", lambda: downloads.json_report(data, lane_scores, manifest)),
        ("html", "text/html", lambda: html_report.page(data, lane_scores, manifest)),
    )
    with st.container(horizontal=True, gap="small"):
        for kind, mime, content in files:
            name = "Table" if kind == "csv" else "Report"
            st.download_button(
                f"{name} as {kind.upper()}",
                content,
                f"digit-parity-set.{kind}",
                mime,
                icon=":material/download:",
                on_click="ignore",
                help=_HELP[kind],
            )
