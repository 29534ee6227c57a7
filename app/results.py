"""One digit's results below the verdict: charts, exact values, download."""

from __future__ import annotations

from collections.abc import Sequence
from urllib.parse import urljoin

import streamlit as st

from app import frames, share
from app.browser import Report
from app.download import result_file
from models.digit import Digit
from models.lanes import Lane, LaneResult
from models.manifest import Manifest


def show(
    digit: Digit | None,
    found: Sequence[LaneResult],
    everyone: Sequence[Lane],
    report: Report | None,
    manifest: Manifest,
    *,
    backend: str,
) -> None:
    """Charts with a place for every lane, whether it has answered yet or not."""
    if digit is None:
        return
    with st.expander("Exact values, as a table"):
        st.dataframe(frames.table(found, manifest.classes), hide_index=True)
    with st.container(horizontal=True, gap="small"):
        st.download_button(
            "Download this result",
            data=lambda: result_file(digit, found, report, manifest),
            file_name=f"digit-parity-{digit.id}.json",
            mime="application/json",
            icon=":material/download:",
            on_click="ignore",
        )
        _share(digit, manifest.name, backend)


def _share(digit: Digit, model: str, backend: str) -> None:
    with st.popover("Share", icon=":material/share:"):
        st.markdown("This link opens on the same digit, model and backend. Nothing is stored here.")
        st.code(
            urljoin(st.context.url or "", share.link("", digit, model, backend)), wrap_lines=True
        )
