"""HTML that Streamlit has no element for. ``markup.html`` escapes all text."""

from __future__ import annotations

import base64
import io
from collections.abc import Sequence
from functools import lru_cache, partial

import numpy as np
import streamlit as st
from markupsafe import Markup
from PIL import Image

from app.ui import templates, version_names
from models.digit.digit import Digit
from models.lanes import Lane
from models.parity.verdict import Verdict

_render = partial(templates.render, "ui/markup.html")
_SMALL = 4_096  # bytes of a picture whose PNG is kept; larger ones would take too much memory
_THUMBNAIL = 96  # pixels: twice what a button has, for a fine screen


def verdict(verdict: Verdict) -> None:
    """Show a verdict. ``live_region.js`` tells screen readers when it changes."""
    st.html(verdict_html(verdict))


def verdict_html(verdict: Verdict) -> Markup:
    """The HTML of ``verdict``."""
    return _render("verdict", verdict)


def prompt(headline: str, detail: str) -> None:
    """Show a prompt in the verdict's place while there is no digit."""
    verdict(Verdict("waiting", headline, detail))


def legend(lanes: Sequence[Lane]) -> None:
    """Show the charts' legend: lanes in the browser are filled, on the server outlined."""
    st.html(legend_html(lanes))


def legend_html(lanes: Sequence[Lane]) -> Markup:
    """The HTML of ``legend``."""
    return _render("legend", [(lane, version_names.short(lane)) for lane in lanes])


def original(reference: Lane) -> str:
    """The reference's name in a title: Keras, or the format of a model without a Keras original."""
    return "Keras" if reference.format == "keras" else f"the {version_names.form(reference)} model"


def lead(question: str, answer: str) -> None:
    """Show the page's heading: its question, and in a line how it is answered."""
    with st.container(key="lead"):
        st.html(_render("lead", question, answer))


def label(text: str) -> None:
    """Show the heading of a part of the page."""
    st.html(_render("label", text))


def chart_title(title: str, how: str) -> None:
    """Show a chart's title and the line that says how to read it."""
    st.html(chart_title_html(title, how))


def chart_title_html(title: str, how: str) -> Markup:
    """The HTML of ``chart_title``."""
    return _render("chart_title", title, how)


def listed(lines: Sequence[str]) -> None:
    """Show sentences as a list; nothing for none."""
    if lines:
        st.html(_render("listed", lines))


def note(text: str) -> None:
    """Show a line of small text, with more contrast than a caption."""
    st.html(note_html(text))


def note_html(text: str) -> Markup:
    """The HTML of ``note``."""
    return _render("note", text)


def png_url(digit: Digit) -> str:
    """The picture's very pixels as a PNG in a data: URL."""
    shape = digit.pixels.shape
    if len(digit.levels) > _SMALL:
        return _as_url(_image(digit.levels, shape))
    return _png_url(digit.levels, shape)


def example(digit: Digit) -> None:
    """Show a small version of a picture beside words that say what it is."""
    st.html(_render("example", thumbnail_url(digit)), width="content")


def thumbnail_url(digit: Digit) -> str:
    """A small version of the picture as a PNG in a data: URL; a digit as it is."""
    if max(digit.pixels.shape[:2]) <= _THUMBNAIL:
        return png_url(digit)
    image = _image(digit.levels, digit.pixels.shape)
    image.thumbnail((_THUMBNAIL, _THUMBNAIL))
    return _as_url(image)


@lru_cache(maxsize=256)
def _png_url(levels: bytes, shape: tuple[int, ...]) -> str:
    return _as_url(_image(levels, shape))


def _image(levels: bytes, shape: tuple[int, ...]) -> Image.Image:
    return Image.fromarray(np.frombuffer(levels, np.uint8).reshape(shape))


def _as_url(image: Image.Image) -> str:
    file = io.BytesIO()
    image.save(file, "PNG", compress_level=6 if image.width * image.height <= _SMALL else 1)
    return "data:image/png;base64," + base64.b64encode(file.getvalue()).decode("ascii")
