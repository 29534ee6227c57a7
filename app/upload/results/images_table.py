"""The table of all images of a test set, with filters, and one of them open beside it."""

from __future__ import annotations

import base64
import math
from collections.abc import Sequence
from typing import Any

import pandas as pd
import streamlit as st

from app.ui import version_names
from app.upload.results import one_picture, tables
from app.upload.results.outcome import Outcome
from models.lanes import Lane
from models.parity import set_verdict

PAGE = 100
_THUMBNAIL = 64  # pixels a side: larger ones make a page of the table megabytes
_SHORT = 4  # letters of a class's name
_FILTERS = ("all", "disagreeing", "wrong")


@st.fragment
def show(outcome: Outcome, *, is_draws: bool) -> None:
    """Show all images in pages, with filters. A click on a row opens its picture; so does the list
    beside it, for who has no mouse.
    """
    frame = _filtered(outcome)
    pages = max(1, math.ceil(len(frame) / PAGE))
    with st.container(horizontal=True, vertical_alignment="bottom"):
        page = 1
        if pages > 1:
            page = st.number_input(
                f"Page of {pages}", 1, pages, key=f"page-{outcome.key}", width=140
            )
        st.markdown(
            f"{len(frame):,} of {set_verdict.many(len(outcome.names), 'image')}: those that "
            f"versions disagree on first{', then those read wrong' if outcome.labelled else ''}."
        )
    part = frame.iloc[(page - 1) * PAGE : page * PAGE]
    if part.empty:
        return
    with st.container(key="upload-images"):
        with st.container(key="upload-one", gap="small"):
            one_picture.show(outcome, _opened(outcome, part), is_draws=is_draws)
        _table(outcome, part, f"{page}-{len(frame)}")


def _opened(outcome: Outcome, part: pd.DataFrame) -> int:
    """Offer the pictures of a page of the table by their names; return the place of the chosen one,
    the first unless another is.
    """
    key, places = _open_key(outcome), [int(place) for place in part.index]
    if st.session_state.get(key) not in places:
        st.session_state.pop(key, None)
    names = part["image"].astype(str)
    place = st.selectbox(
        "Picture", places, format_func=lambda each: f"{names.loc[each]} ({each + 1})", key=key
    )
    return int(place)


def _open_key(outcome: Outcome) -> str:
    return f"open-{outcome.key}"


def _table(outcome: Outcome, part: pd.DataFrame, key: str) -> None:
    """The rows of a page of the table; a click opens a picture."""
    lanes = [each for each in outcome.lanes if str(each) in part.columns]
    shown = part[["image", "label"]].reset_index(drop=True)
    pictures = [_picture(outcome, int(place)) for place in part.index]
    shown.insert(0, "picture", pictures)
    for name in map(str, lanes):
        answers = zip(part[name], part[f"{name} sure"], strict=True)
        shown[name] = [f"{read} · {sure:.2%}" if read else "" for read, sure in answers]
    shown["differ by"] = [tables.small(value) for value in part["largest difference"]]
    if not any(pictures):
        shown = shown.drop(columns="picture")
    if not outcome.labelled:
        shown = shown.drop(columns="label")
    table = f"images-{outcome.key}-{key}"
    places = [int(place) for place in part.index]

    def opened() -> None:
        selection = getattr(st.session_state.get(table), "selection", None) or {}
        rows = [row for row, _ in selection.get("cells", ())]
        if rows and rows[0] < len(places):
            st.session_state[_open_key(outcome)] = places[rows[0]]

    st.dataframe(
        shown,
        hide_index=True,
        column_config=_columns(lanes, outcome.classes),
        row_height=40,
        height=min(460, 42 + 40 * len(part)),
        on_select=opened,
        selection_mode="single-cell",
        key=table,
        alt="Every picture and what each version read",
    )


def _columns(lanes: Sequence[Lane], classes: Sequence[str]) -> dict[str, Any]:
    """Columns narrow enough for five versions side by side on a laptop."""
    text = st.column_config.TextColumn
    config: dict[str, Any] = {
        "picture": st.column_config.ImageColumn("", width=50),
        "image": text(width=120),
        "label": text(width=50 if max(map(len, classes)) <= _SHORT else 110),
        "differ by": text(width=70, help="The largest difference between any two versions"),
    }
    for each in lanes:
        name = version_names.short(each)
        config[str(each)] = text(name, help=f"{name}: {each}", width=110)
    return config


def _filtered(outcome: Outcome) -> pd.DataFrame:
    frame, classes, key = outcome.images, outcome.classes, outcome.key
    names = {
        "all": f"All ({len(frame):,})",
        "disagreeing": f"Disagreeing ({frame['disagree'].sum():,})",
        "wrong": f"Wrong ({frame['wrong'].sum():,})",
    }
    width = 110 if max(map(len, classes)) <= _SHORT else 200
    with st.container(horizontal=True, vertical_alignment="bottom"):
        which = st.segmented_control(
            "Show",
            _FILTERS if outcome.labelled else _FILTERS[:2],
            default="all",
            format_func=lambda each: names[each],
            key=f"show-{key}",
        )
        label = "any"
        if outcome.labelled:
            label = st.selectbox("Label", ["any", *classes], key=f"label-{key}", width=width)
        read = st.selectbox("Read as", ["any", *classes], key=f"read-{key}", width=width)
    if which == "disagreeing":
        frame = frame[frame["disagree"]]
    elif which == "wrong":
        frame = frame[frame["wrong"]]
    if label != "any":
        frame = frame[frame["label"] == label]
    if read != "any":
        lanes = [str(each) for each in outcome.lanes if str(each) in frame.columns]
        frame = frame[(frame[lanes] == read).any(axis=1)]
    return frame


def _picture(outcome: Outcome, place: int) -> str | None:
    raw = outcome.pictures.png(place, _THUMBNAIL)
    if raw is None:
        return None
    return "data:image/png;base64," + base64.b64encode(raw).decode("ascii")
