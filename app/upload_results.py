"""A set's results: figures, charts, the table of all images, downloads."""

from __future__ import annotations

import base64
import math
from collections.abc import Sequence
from typing import Any

import pandas as pd
import streamlit as st

from app import markup, report_html, share, state, upload_charts, upload_download, upload_frames
from app.views import draw
from models.dataset import UNKNOWN, Dataset
from models.lanes import Lane
from models.manifest import Manifest
from models.scores import Scores

PAGE = 100
_FILTERS = ("all", "disagreeing", "wrong")
_PERCENT = st.column_config.NumberColumn(format="percent")
_SMALL = st.column_config.NumberColumn(format="%.1e")
_MS = st.column_config.NumberColumn(format="%.3f")


def show(data: Dataset, found: Sequence[Scores], manifest: Manifest, key: str) -> None:
    """Everything about a run that has ended. ``key`` tells it from other runs."""
    found = [each for each in found if each.done.any() or each.error]
    _figures(data, found, manifest.reference)
    answered = [each for each in found if each.done.any()]
    if not answered:
        return
    _charts(data, answered, manifest, key)
    _table(data, answered, manifest.classes, key)
    _downloads(data, found, manifest)


def _figures(data: Dataset, found: Sequence[Scores], reference: Lane) -> None:
    frame = upload_frames.lanes(data, found, reference)
    config = {
        "accuracy": _PERCENT,
        "low": st.column_config.NumberColumn("95 % from", format="percent"),
        "high": st.column_config.NumberColumn("to", format="percent"),
        "same digit as reference": _PERCENT,
        "largest difference": _SMALL,
        "mean difference": _SMALL,
        "images/s": st.column_config.NumberColumn(format="%.0f"),
        "ms an image": _MS,
    }
    st.subheader("Lanes")
    st.dataframe(frame.dropna(axis="columns", how="all"), hide_index=True, column_config=config)
    st.caption(
        "Times are those of batches, while all lanes shared the machine. "
        "The Benchmark page measures one lane at a time."
    )
    with st.expander("Every pair of lanes", icon=":material/compare_arrows:"):
        pairs = {"same_top": st.column_config.NumberColumn("same digit", format="percent")}
        pairs |= {
            "max_abs_diff": st.column_config.NumberColumn("largest difference", format="%.1e"),
            "mean_abs_diff": st.column_config.NumberColumn("mean difference", format="%.1e"),
        }
        st.dataframe(upload_frames.pairs(found), hide_index=True, column_config=pairs)


def _charts(data: Dataset, found: Sequence[Scores], manifest: Manifest, key: str) -> None:
    classes, reference = manifest.classes, manifest.reference
    lanes = tuple(str(each.lane) for each in found)
    left, right = st.columns([3, 2], gap="medium")
    with left:
        whose = markup.original(reference)
        st.markdown(f"**How far each image's probabilities are from {whose}'s**")
        st.caption("The largest difference of an image, by powers of ten. Equal ones are at 0.")
        apart = upload_frames.differences(found, reference)
        shown = tuple(apart["lane"].unique())
        st.vega_lite_chart(
            apart,
            upload_charts.differences(shown),
            alt="How many images differ by how much; the lanes table has the largest.",
            key=f"differences-{key}",
        )
    if not (data.labels != UNKNOWN).any():
        return
    with right:
        chosen = st.selectbox("Confusion matrix of", lanes, key=f"confusion-of-{key}")
        one = next(each for each in found if str(each.lane) == chosen)
        st.vega_lite_chart(
            upload_frames.confusion(data, one, classes),
            upload_charts.confusion(chosen, classes, dark=st.context.theme.type == "dark"),
            alt="What was read as what; the CSV has every image.",
            key=f"confusion-{key}-{chosen}",
        )


@st.fragment
def _table(data: Dataset, found: Sequence[Scores], classes: tuple[str, ...], key: str) -> None:
    """All images, a page at a time, with filters. A click on a row opens it on the Draw page."""
    st.subheader("Images")
    frame = upload_frames.images(data, found, classes)
    frame = _filtered(frame, found, classes, key)
    pages = max(1, math.ceil(len(frame) / PAGE))
    with st.container(horizontal=True, vertical_alignment="bottom"):
        st.markdown(
            f"{len(frame):,} of {upload_frames.many(len(data), 'image')}. "
            "Click one to see it on the Draw page."
        )
        page = 1
        if pages > 1:
            page = st.number_input(f"Page of {pages}", 1, pages, key=f"page-{key}", width=140)
    part = frame.iloc[(page - 1) * PAGE : page * PAGE]
    shown = part.drop(columns=["disagree", "wrong"]).reset_index(drop=True)
    shown.insert(0, "digit", [_picture(data, int(place)) for place in part.index])
    lanes = [str(each.lane) for each in found]
    config: dict[str, Any] = {
        "digit": st.column_config.ImageColumn("", width="small"),
        "largest difference": _SMALL,
        **{
            f"{lane} sure": st.column_config.NumberColumn("sure", format="percent")
            for lane in lanes
        },
    }
    event = st.dataframe(
        shown,
        hide_index=True,
        column_config=config,
        row_height=40,
        height=420,
        on_select="rerun",
        selection_mode=["single-row", "single-cell"],
        key=f"images-{key}-{page}-{len(frame)}",
    )
    _open(data, part, event)


def _filtered(
    frame: pd.DataFrame, found: Sequence[Scores], classes: tuple[str, ...], key: str
) -> pd.DataFrame:
    names = {
        "all": f"All ({len(frame):,})",
        "disagreeing": f"Disagreeing ({frame['disagree'].sum():,})",
        "wrong": f"Wrong ({frame['wrong'].sum():,})",
    }
    with st.container(horizontal=True, vertical_alignment="bottom"):
        which = st.segmented_control(
            "Show", _FILTERS, default="all", format_func=lambda each: names[each], key=f"show-{key}"
        )
        label = st.selectbox("Label", ["any", *classes], key=f"label-{key}", width=110)
        read = st.selectbox("Read as", ["any", *classes], key=f"read-{key}", width=110)
    if which == "disagreeing":
        frame = frame[frame["disagree"]]
    elif which == "wrong":
        frame = frame[frame["wrong"]]
    if label != "any":
        frame = frame[frame["label"] == label]
    if read != "any":
        frame = frame[(frame[[str(each.lane) for each in found]] == read).any(axis=1)]
    return frame


def _open(data: Dataset, part: pd.DataFrame, event: object) -> None:
    selection = getattr(event, "selection", None) or {}
    rows = [*selection.get("rows", ()), *(row for row, _ in selection.get("cells", ()))]
    if rows and rows[0] < len(part):
        digit = data.digit(int(part.index[rows[0]]))
        page = st.Page(draw.page, url_path="draw", default=True)
        st.switch_page(page, query_params=share.query(digit, state.model(), "auto"))


def _picture(data: Dataset, place: int) -> str:
    raw = upload_download.png(data.stored[place])
    return "data:image/png;base64," + base64.b64encode(raw).decode("ascii")


def _downloads(data: Dataset, found: Sequence[Scores], manifest: Manifest) -> None:
    files = (
        ("csv", "text/csv", lambda: upload_download.csv(data, found, manifest.classes)),
        ("json", "application/json", lambda: upload_download.json_report(data, found, manifest)),
        ("html", "text/html", lambda: report_html.page(data, found, manifest)),
    )
    with st.container(horizontal=True, gap="small"):
        for kind, mime, make in files:
            what = "Table" if kind == "csv" else "Report"
            st.download_button(
                f"{what} as {kind.upper()}",
                make,
                f"digit-parity-set.{kind}",
                mime,
                icon=":material/download:",
                on_click="ignore",
            )
