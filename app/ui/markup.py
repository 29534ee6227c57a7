"""The few pieces of HTML that Streamlit has no element for. All text is escaped here."""

from __future__ import annotations

import base64
import io
from collections.abc import Mapping, Sequence
from functools import lru_cache
from html import escape

import numpy as np
import streamlit as st
from PIL import Image

from models.digit.digit import Digit
from models.lanes import REFERENCE, Lane, LaneResult
from models.parity.figures import milliseconds, percent
from models.parity.timing import median_if_any
from models.parity.verdict import Verdict

_MARKS = {"agree": "✓", "differ": "≠", "unsure": "?", "waiting": "…", "failed": "!"}


def verdict(said: Verdict) -> None:
    """The verdict in one line. ``announce.js`` tells screen readers when it changes."""
    st.html(verdict_html(said))


def verdict_html(said: Verdict) -> str:
    """The HTML of ``verdict``."""
    return (
        f'<div class="dp-verdict" data-kind="{said.kind}">'
        f'<span class="dp-mark" aria-hidden="true">{_MARKS[said.kind]}</span>'
        f'<div><p class="dp-headline">{escape(said.headline)}</p>'
        f'<p class="dp-detail">{escape(said.detail)}</p></div></div>'
    )


def prompt(headline: str, detail: str) -> None:
    """What stands in the verdict's place while there is no digit."""
    verdict(Verdict("waiting", headline, detail))


def cards_html(
    lanes: Sequence[Lane],
    results: Mapping[Lane, LaneResult],
    classes: tuple[str, ...],
    *,
    waiting: str = "…",
) -> str:
    """One card a lane: what it reads, how sure it is, its median time; or why it cannot.

    ``waiting`` stands for the answer of a lane that has none yet.
    """
    body = "".join(_card(lane, results.get(lane), classes, waiting) for lane in lanes)
    return f'<div class="dp-lanes">{body}</div>'


def _card(lane: Lane, result: LaneResult | None, classes: tuple[str, ...], waiting: str) -> str:
    state, digit, sure, time = "waiting", "–", waiting, ""
    if result is not None and result.error is not None:
        state, digit, sure = "failed", "×", result.error
    elif result is not None:
        median = median_if_any(result.times.steady_ms)
        state, digit = "answered", classes[result.top or 0]
        sure = percent(result.confidence or 0)
        time = "" if median is None else milliseconds(median)
    long = " data-long" if len(digit) > 2 else ""  # a class's name is no digit
    return (
        f'<div class="dp-card dp-{lane.format}" data-format="{lane.format}" data-state="{state}"'
        f"{long}>"
        f'<div class="dp-name">{escape(lane.format)}</div>'
        f'<div class="dp-digit">{escape(digit)}</div>'
        f'<div class="dp-sure">{escape(sure)}</div><div class="dp-time">{escape(time)}</div></div>'
    )


def legend(lanes: Sequence[Lane]) -> None:
    """What the charts' colours mean: filled in the browser, outlined on the server."""
    st.html(legend_html(lanes))


def legend_html(lanes: Sequence[Lane]) -> str:
    """The HTML of ``legend``."""
    names = "".join(
        f'<li class="dp-{lane.format}" data-browser="{str(lane.in_browser).lower()}">'
        f"{escape(short_name(lane))}</li>"
        for lane in lanes
    )
    return f'<ul class="dp-legend" aria-label="Lanes, in the charts\' order">{names}</ul>'


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
        st.html(f'<h1 class="dp-lead">{escape(question)} <span>{escape(answer)}</span></h1>')


def label(text: str) -> None:
    """The heading of a part of the page."""
    st.html(f'<h2 class="dp-label">{escape(text)}</h2>')


def hint(text: str) -> None:
    """A word on the empty canvas; it takes no place and no pointer."""
    st.html(f'<p class="dp-hint">{escape(text)}</p>')


def chart_title(title: str, how: str) -> None:
    """A chart's title and the line that says how to read it."""
    st.html(chart_title_html(title, how))


def chart_title_html(title: str, how: str) -> str:
    """The HTML of ``chart_title``."""
    return f'<h3 class="dp-title">{escape(title)}</h3>{note_html(how)}'


def listed(lines: Sequence[str]) -> None:
    """Sentences, one below the other; nothing for none."""
    if lines:
        st.html(
            f'<ul class="dp-listed">{"".join(f"<li>{escape(each)}</li>" for each in lines)}</ul>'
        )


def note(text: str) -> None:
    """A line of small text, with more contrast than a caption has."""
    st.html(note_html(text))


def note_html(text: str) -> str:
    """The HTML of ``note``."""
    return f'<p class="dp-how">{escape(text)}</p>'


def picture_html(digit: Digit | None, *, size: int = 112) -> str:
    """The digit that the models are given, every one of its 28×28 pixels to be seen."""
    if digit is None:
        return f'<div class="dp-pixels dp-none" style="--size:{size}px"></div>'
    return (
        f'<div class="dp-pixels" style="--size:{size}px">'
        f'<img alt="The 28×28 picture that every model is given" src="{png_url(digit)}"></div>'
    )


def png_url(digit: Digit) -> str:
    """The digit as a 28×28 grey PNG in a data: address."""
    return _png_url(digit.pixels.tobytes())


@lru_cache(maxsize=256)
def _png_url(raw: bytes) -> str:
    pixels = np.frombuffer(raw, np.float32).reshape(28, 28)
    file = io.BytesIO()
    Image.fromarray(np.round(pixels * 255).astype(np.uint8)).save(file, "PNG")
    return "data:image/png;base64," + base64.b64encode(file.getvalue()).decode("ascii")
