"""The few pieces of HTML that Streamlit has no element for. ``markup.html`` escapes all text."""

from __future__ import annotations

import base64
import io
from collections.abc import Mapping, Sequence
from functools import lru_cache, partial
from typing import NamedTuple

import numpy as np
import streamlit as st
from markupsafe import Markup
from PIL import Image

from app.ui import templates
from models.digit.digit import Digit
from models.lanes import REFERENCE, Lane, LaneResult
from models.parity.figures import milliseconds, percent
from models.parity.timing import median_if_any
from models.parity.verdict import Verdict

_render = partial(templates.render, "ui/markup.html")


def verdict(said: Verdict) -> None:
    """The verdict in one line. ``live_region.js`` tells screen readers when it changes."""
    st.html(verdict_html(said))


def verdict_html(said: Verdict) -> Markup:
    """The HTML of ``verdict``."""
    return _render("verdict", said)


def prompt(headline: str, detail: str) -> None:
    """What stands in the verdict's place while there is no digit."""
    verdict(Verdict("waiting", headline, detail))


class _Card(NamedTuple):
    """What a lane's card shows, all in words."""

    format: str
    state: str
    digit: str
    sure: str
    time: str = ""


def cards_html(
    lanes: Sequence[Lane],
    results: Mapping[Lane, LaneResult],
    classes: tuple[str, ...],
    *,
    waiting: str = "…",
) -> Markup:
    """One card a lane: what it reads, how sure it is, its median time; or why it cannot.

    ``waiting`` stands for the answer of a lane that has none yet.
    """
    cards = [_card(lane.format, results.get(lane), classes, waiting) for lane in lanes]
    return _render("cards", cards)


def _card(form: str, result: LaneResult | None, classes: tuple[str, ...], waiting: str) -> _Card:
    if result is None:
        return _Card(form, "waiting", "–", waiting)
    if result.error is not None:
        return _Card(form, "failed", "×", result.error)
    median = median_if_any(result.times.steady_ms)
    time = "" if median is None else milliseconds(median)
    sure = percent(result.confidence or 0)
    return _Card(form, "answered", classes[result.top or 0], sure, time)


def legend(lanes: Sequence[Lane]) -> None:
    """What the charts' colours mean: filled in the browser, outlined on the server."""
    st.html(legend_html(lanes))


def legend_html(lanes: Sequence[Lane]) -> Markup:
    """The HTML of ``legend``."""
    return _render("legend", [(lane, short_name(lane)) for lane in lanes])


def short_name(lane: Lane) -> str:
    """A lane where there is little room: ``graph · wasm``, ``keras · server``."""
    where = lane.runtime.removeprefix("tfjs/") if lane.in_browser else "server"
    return f"{str(lane).partition(' @ ')[0]} · {where}"


def original(reference: Lane) -> str:
    """The reference in a title: Keras, or for a model without its original the lane itself."""
    return "Keras" if reference == REFERENCE else str(reference)


def lead(question: str, answer: str) -> None:
    """The page's heading: the question that it answers, and in a line how."""
    with st.container(key="lead"):
        st.html(_render("lead", question, answer))


def label(text: str) -> None:
    """The heading of a part of the page."""
    st.html(_render("label", text))


def hint(text: str) -> None:
    """A word on the empty canvas; it takes no place and no pointer."""
    st.html(_render("hint", text))


def chart_title(title: str, how: str) -> None:
    """A chart's title and the line that says how to read it."""
    st.html(chart_title_html(title, how))


def chart_title_html(title: str, how: str) -> Markup:
    """The HTML of ``chart_title``."""
    return _render("chart_title", title, how)


def listed(lines: Sequence[str]) -> None:
    """Sentences, one below the other; nothing for none."""
    if lines:
        st.html(_render("listed", lines))


def note(text: str) -> None:
    """A line of small text, with more contrast than a caption has."""
    st.html(note_html(text))


def note_html(text: str) -> Markup:
    """The HTML of ``note``."""
    return _render("note", text)


def picture_html(digit: Digit | None, *, size: int = 112) -> Markup:
    """The digit that the models are given, every one of its 28×28 pixels to be seen."""
    return _render("picture", "" if digit is None else png_url(digit), size)


def png_url(digit: Digit) -> str:
    """The digit as a 28×28 grey PNG in a data: address."""
    return _png_url(digit.pixels.tobytes())


@lru_cache(maxsize=256)
def _png_url(raw: bytes) -> str:
    pixels = np.frombuffer(raw, np.float32).reshape(28, 28)
    file = io.BytesIO()
    Image.fromarray(np.round(pixels * 255).astype(np.uint8)).save(file, "PNG")
    return "data:image/png;base64," + base64.b64encode(file.getvalue()).decode("ascii")
