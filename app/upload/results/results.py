"""A test set's results: the answer and its table, then folded parts with everything else."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import streamlit as st

from app.ui import chart_theme, folded, markup, version_names
from app.upload.results import chart_specs, frames, images_table, tables
from app.upload.results.outcome import Outcome
from models.dataset import Dataset, Skipped
from models.formats.manifest import Manifest
from models.lanes import Lane
from models.parity import set_verdict
from models.parity.scores import FEW, Scores

_MOST_PAIRS = 30  # of classes that were confused; the JSON report has 100
Shown = tuple[folded.Part, Callable[[], Any]]  # a folded part, and what shows it


def versions(outcome: Outcome, title: str, about: str = "") -> None:
    """Show the table that is the answer's picture."""
    reference, few = outcome.seen.reference, len(outcome.classes) <= FEW
    markup.chart_title(title, f"{about} {tables.what_differs(reference)}".lstrip())
    st.html(tables.versions(outcome.versions, reference, is_few=few))


def so_far(data: Dataset, lane_scores: Sequence[Scores], manifest: Manifest) -> None:
    """Show the same table while a run goes on."""
    frame, reference = frames.lanes(data, lane_scores, manifest), manifest.reference
    markup.chart_title("So far", tables.what_differs(reference))
    st.html(tables.versions(frame, reference, is_few=len(manifest.classes) <= FEW))


def parts(outcome: Outcome, *, is_draws: bool) -> list[Shown]:
    """The folded parts of a set's result. ``is_draws`` says that the Draw page has its model."""
    images = outcome.images
    found = [f"{count:,} {what}" for count, what in _notable(outcome) if count]
    title = f"Every picture: {' and '.join(found) or 'none differs'}"
    shown: list[Shown] = [
        (
            folded.Part("upload-part-images", title if len(images) else "Every picture"),
            lambda: images_table.show(outcome, is_draws=is_draws),
        )
    ]
    if not outcome.differences.empty:
        part = folded.Part("upload-part-differences", "How far they differ")
        shown.append((part, lambda: _differences(outcome)))
    if outcome.labelled:
        part = folded.Part("upload-part-confusion", "What is read as what")
        shown.append((part, lambda: _confusion(outcome)))
    part = folded.Part("upload-part-figures", "Exact figures")
    shown.append((part, lambda: _figures(outcome)))
    return shown


def _notable(outcome: Outcome) -> list[tuple[int, str]]:
    images = outcome.images
    counts = [(int(images["disagree"].sum()), "read differently")]
    return [*counts, (int(images["wrong"].sum()), "read wrong")]


def skipped(files: Sequence[Skipped]) -> list[Shown]:
    """The part that lists what was left out; none for nothing."""
    if not files:
        return []
    part = folded.Part("upload-part-skipped", f"{set_verdict.many(len(files), 'file')} left out")
    return [(part, lambda: st.html(tables.skipped(files)))]


def _differences(outcome: Outcome) -> None:
    markup.chart_title(
        f"Differences from {markup.original(outcome.seen.reference)}",
        "How many images differ by how much: each image's largest difference, on a log "
        "scale. Equal answers are at 0.",
    )
    shown = tuple(outcome.differences["lane"].unique())
    markup.legend([Lane.parse(each) for each in shown])
    chart_theme.plot(
        chart_specs.differences(shown),
        outcome.differences,
        alt="How many images differ by how much; the versions' table has the largest.",
        key=f"differences-{outcome.key}",
    )


def _confusion(outcome: Outcome) -> None:
    few = len(outcome.classes) <= FEW
    markup.chart_title(
        "Confusion" if few else "Confused most",
        "The label, and what it was read as. Red: read wrong."
        if few
        else "Which label was read as what, the most frequent first.",
    )
    read = {each.lane: each for each in outcome.seen.read if each.done.any()}
    chosen = st.selectbox(
        "Read by",
        list(read),
        format_func=version_names.short,
        key=f"confusion-of-{outcome.key}",
        width=280,
    )
    labels, one = outcome.seen.labels, read[chosen]
    if not few:
        frame = frames.confused(labels, one, outcome.classes, _MOST_PAIRS)
        if frame.empty:
            markup.note("No labelled image was read wrong.")
        else:
            st.html(tables.confused(frame))
        return
    with st.container(key="upload-matrix"):
        chart_theme.plot(
            chart_specs.confusion(str(one.lane), outcome.classes),
            frames.confusion(labels, one, outcome.classes),
            alt="What was read as what; the CSV has every image.",
            key=f"confusion-{outcome.key}-{one.lane}",
        )


def _figures(outcome: Outcome) -> None:
    markup.chart_title(
        "Each version",
        f"{outcome.compared} The interval holds the true share in 95 of 100 sets. Times are those "
        "of batches, while all versions share the machine, and of "
        f"{tables.ENOUGH_TO_TIME} images or more: the Benchmark page measures one at a time.",
    )
    st.html(tables.details(outcome.versions))
    if not outcome.pairs.empty:
        markup.chart_title("Each two versions", "Differences are of probabilities.")
        st.html(tables.pairs(outcome.pairs))
