"""One picture of a set, large, with what every version made of it."""

from __future__ import annotations

import base64
from functools import partial
from typing import Any

import streamlit as st

from app.session import links, state, test_set
from app.ui import markup, templates
from app.upload.results import tables
from app.upload.results.outcome import Outcome

_LARGE = 320  # pixels a side, of a picture that is larger
_render = partial(templates.render, "upload/results/one_picture.html")


def show(outcome: Outcome, place: int, *, is_draws: bool) -> None:
    """Show the picture at ``place``. ``is_draws`` says that the Draw page has its model."""
    row: dict[Any, Any] = outcome.images.loc[place].to_dict()
    name, label = str(row["image"]), str(row["label"])
    png = outcome.pictures.png(place, _LARGE)
    url = None if png is None else "data:image/png;base64," + base64.b64encode(png).decode("ascii")
    st.html(_render("picture", name, label, url))
    apart = outcome.pictures.differences(place)
    rows = [
        (each, str(row[str(each)]), row[f"{each} sure"], apart.get(each))
        for each in outcome.lanes
        if str(each) in row
    ]
    st.html(tables.read(rows, outcome.seen.reference))
    if png is None:
        markup.note("The report holds no picture of it, but of the first ones of the table alone.")
        return
    digit = outcome.pictures.digit(place)
    if is_draws and digit is not None:
        test_set.remember(digit, name)  # the Inspect page looks into it
    with st.container(horizontal=True, gap="small"):
        if is_draws and digit is not None:
            # It opens a new tab, because leaving this page frees the test set.
            st.link_button(
                "See it on the Draw page",
                f"./{links.link('', digit, state.model(), 'auto')}",
                icon=":material/open_in_new:",
            )
        st.download_button(
            "Picture as PNG",
            lambda: outcome.pictures.png(place) or b"",
            f"image-{place}.png",
            "image/png",
            icon=":material/download:",
            on_click="ignore",
        )
