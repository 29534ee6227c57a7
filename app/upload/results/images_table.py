"""The table of all images of a test set, with filters, and the way from one to the Draw page."""

from __future__ import annotations

import base64
import math
from collections.abc import Sequence
from typing import Any

import pandas as pd
import streamlit as st

from app.session import links, state
from app.streamlit_internals.containers import Container
from app.ui import markup, version_names
from app.upload.results import downloads, frames, tables
from models.dataset import UNKNOWN, Dataset
from models.digit.digit import SIZE
from models.parity import set_verdict
from models.parity.scores import Scores

PAGE = 100
_THUMBNAIL = 64  # pixels a side: larger ones make a page of the table megabytes
_SHORT = 4  # letters of a class's name
_FILTERS = ("all", "disagreeing", "wrong")


@st.fragment
def show(data: Dataset, lane_scores: Sequence[Scores], classes: tuple[str, ...], key: str) -> None:
    """Show all images in pages, with filters. A click on one shows the way to the Draw page."""
    labelled = bool((data.labels != UNKNOWN).any())
    markup.chart_title(
        "Images",
        f"Those that lanes disagree on first{', then those read wrong' if labelled else ''}. "
        + (
            "Click one for the way to the Draw page." if _is_digit(data) else "Click one to get it."
        ),
    )
    frame = frames.images(data, lane_scores, classes)
    frame = _filtered(frame, lane_scores, classes, key, labelled=labelled)
    pages = max(1, math.ceil(len(frame) / PAGE))
    with st.container(horizontal=True, vertical_alignment="bottom"):
        st.markdown(f"{len(frame):,} of {set_verdict.many(len(data), 'image')}.")
        page = 1
        if pages > 1:
            page = st.number_input(f"Page of {pages}", 1, pages, key=f"page-{key}", width=140)
        link = st.empty()
    part = frame.iloc[(page - 1) * PAGE : page * PAGE]
    shown = part[["image", "label"]].reset_index(drop=True)
    shown.insert(0, "picture", [_picture(data, int(place)) for place in part.index])
    for name in (str(each.lane) for each in lane_scores):
        answers = zip(part[name], part[f"{name} sure"], strict=True)
        shown[name] = [f"{read} · {sure:.2%}" if read else "" for read, sure in answers]
    shown["differ by"] = [tables.small(value) for value in part["largest difference"]]
    event = st.dataframe(
        shown,
        hide_index=True,
        column_config=_columns(lane_scores, classes),
        row_height=40,
        height=min(420, 42 + 40 * len(part)),
        on_select="rerun",
        selection_mode="single-cell",
        key=f"images-{key}-{page}-{len(frame)}",
    )
    _show_link(link, data, part, event)


def _columns(lane_scores: Sequence[Scores], classes: Sequence[str]) -> dict[str, Any]:
    """Columns narrow enough for five lanes side by side on a laptop."""
    text = st.column_config.TextColumn
    config: dict[str, Any] = {
        "picture": st.column_config.ImageColumn("", width=50),
        "image": text(width=140),
        "label": text(width=50 if max(map(len, classes)) <= _SHORT else 110),
        "differ by": text(width=70, help="The largest difference between any two lanes"),
    }
    for each in lane_scores:
        name = version_names.short(each.lane)
        config[str(each.lane)] = text(name, help=str(each.lane), width=110)
    return config


def _filtered(
    frame: pd.DataFrame,
    lane_scores: Sequence[Scores],
    classes: tuple[str, ...],
    key: str,
    *,
    labelled: bool,
) -> pd.DataFrame:
    names = {
        "all": f"All ({len(frame):,})",
        "disagreeing": f"Disagreeing ({frame['disagree'].sum():,})",
        "wrong": f"Wrong ({frame['wrong'].sum():,})",
    }
    width = 110 if max(map(len, classes)) <= _SHORT else 200
    with st.container(horizontal=True, vertical_alignment="bottom"):
        which = st.segmented_control(
            "Show",
            _FILTERS if labelled else _FILTERS[:2],
            default="all",
            format_func=lambda each: names[each],
            key=f"show-{key}",
        )
        label = "any"
        if labelled:
            label = st.selectbox("Label", ["any", *classes], key=f"label-{key}", width=width)
        read = st.selectbox("Read as", ["any", *classes], key=f"read-{key}", width=width)
    if which == "disagreeing":
        frame = frame[frame["disagree"]]
    elif which == "wrong":
        frame = frame[frame["wrong"]]
    if label != "any":
        frame = frame[frame["label"] == label]
    if read != "any":
        frame = frame[(frame[[str(each.lane) for each in lane_scores]] == read).any(axis=1)]
    return frame


def _show_link(placeholder: Container, data: Dataset, part: pd.DataFrame, event: object) -> None:
    """Link to the Draw page with the image that was clicked, or offer the image itself. The link
    opens a new tab, because leaving this page frees the test set.
    """
    selection = getattr(event, "selection", None) or {}
    rows = [row for row, _ in selection.get("cells", ())]
    if rows and rows[0] < len(part):
        place, name = int(part.index[rows[0]]), str(part["image"].iloc[rows[0]])
        if _is_digit(data):
            placeholder.link_button(
                f"{name} on the Draw page",
                f"./{links.link('', data.digit(place), state.model(), 'auto')}",
                icon=":material/open_in_new:",
            )
        else:  # a link cannot hold it: whoever has the file can drop it on the Draw page
            placeholder.download_button(
                f"{name} as PNG",
                lambda: downloads.png(data.stored[place]),
                f"image-{place}.png",
                "image/png",
                icon=":material/download:",
                on_click="ignore",
            )


def _is_digit(data: Dataset) -> bool:
    """Whether its pictures are as small as a link can hold."""
    return data.stored.shape[1:] == (SIZE, SIZE)


def _picture(data: Dataset, place: int) -> str:
    raw = downloads.png(data.stored[place], _THUMBNAIL)
    return "data:image/png;base64," + base64.b64encode(raw).decode("ascii")
