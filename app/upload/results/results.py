"""A test set's results: figures, charts, the table of all images, downloads."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from app.ui import chart_theme, markup
from app.upload.results import chart_specs, downloads, frames, html_report, images_table, tables
from models.dataset import UNKNOWN, Dataset
from models.formats.manifest import Manifest
from models.parity.scores import FEW, Scores

_MOST_PAIRS = 30  # of classes that were confused; the JSON report has 100


def show(data: Dataset, lane_scores: Sequence[Scores], manifest: Manifest, key: str) -> None:
    """Show all results of a run that has ended. ``key`` tells it from other runs."""
    lanes(data, lane_scores, manifest)
    answered = [each for each in lane_scores if each.done.any()]
    if not answered:
        return
    with st.expander("Every pair of lanes", icon=":material/compare_arrows:"):
        st.html(tables.pairs(answered))
    _downloads(data, lane_scores, manifest)
    _charts(data, answered, manifest, key)
    images_table.show(data, answered, frames.distinct(manifest.classes), key)


def lanes(data: Dataset, lane_scores: Sequence[Scores], manifest: Manifest) -> None:
    """Show the figures of every lane, also while a run goes on."""
    markup.chart_title(
        "Lanes",
        f"{tables.what_is_compared(manifest)} Times are those of batches, while all lanes "
        f"share the machine, and of {tables.ENOUGH_TO_TIME} images or more: the Benchmark "
        "page measures one at a time.",
    )
    st.html(tables.lanes(data, lane_scores, manifest))


def _charts(data: Dataset, lane_scores: Sequence[Scores], manifest: Manifest, key: str) -> None:
    classes, reference = frames.distinct(manifest.classes), manifest.reference
    names = tuple(str(each.lane) for each in lane_scores)
    with st.container(key="upload-charts"):
        with st.container(gap="xsmall"):
            markup.chart_title(
                f"Differences from {markup.original(reference)}",
                "How many images differ by how much: each image's largest difference, on a log "
                "scale. Equal answers are at 0.",
            )
            differences = frames.differences(lane_scores, reference)
            shown = tuple(differences["lane"].unique())
            markup.legend([each.lane for each in lane_scores if str(each.lane) in shown])
            chart_theme.plot(
                chart_specs.differences(shown),
                differences,
                alt="How many images differ by how much; the lanes table has the largest.",
                key=f"differences-{key}",
            )
        if not (data.labels != UNKNOWN).any():
            return
        with st.container(gap="xsmall"):
            few = len(classes) <= FEW
            markup.chart_title(
                "Confusion" if few else "Confused most",
                "The label, and what it was read as. Red: read wrong."
                if few
                else "Which label was read as what, the most frequent first.",
            )
            chosen = st.selectbox(
                "Lane", names, key=f"confusion-of-{key}", label_visibility="collapsed"
            )
            one = next(each for each in lane_scores if str(each.lane) == chosen)
            if few:
                _matrix(data, one, classes, key)
            else:
                _confused(data, one, classes)


def _matrix(data: Dataset, one: Scores, classes: Sequence[str], key: str) -> None:
    chart_theme.plot(
        chart_specs.confusion(str(one.lane), classes),
        frames.confusion(data, one, classes),
        alt="What was read as what; the CSV has every image.",
        key=f"confusion-{key}-{one.lane}",
    )


def _confused(data: Dataset, one: Scores, classes: Sequence[str]) -> None:
    """The pairs, since nobody can read a matrix of so many classes."""
    frame = frames.confused(data, one, classes, _MOST_PAIRS)
    if frame.empty:
        markup.note("No labelled image was read wrong.")
    else:
        st.html(tables.confused(frame))


def _downloads(data: Dataset, lane_scores: Sequence[Scores], manifest: Manifest) -> None:
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
            )
