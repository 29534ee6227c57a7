"""What was read of the files, and by what rule they are labelled."""

from __future__ import annotations

import base64
import io
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np
import streamlit as st
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont

from app.ui import folded, markup, templates
from app.upload import state
from app.upload.results.results import Shown
from models import dataset
from models.dataset import Cut, Dataset, labels
from models.parity.set_verdict import many

_render = partial(templates.render, "upload/results/one_picture.html")
_OF_DATA = {"auto": "the data", "off": "nowhere: no labels"}
_MOST, _ACROSS, _SIDE = 36, 12, 56  # pictures that are shown, pixels a side
_BOX, _NUMBER = "#1d66b5", 14  # colour of the box around each digit, height of its number in pixels
_LABELS = {
    "auto": "the folder, else the file name",
    "folder": "the folder",
    "name": "the file name",
    "none": "nowhere: ignore names",
    "off": "nowhere at all: no labels",
}


@dataclass(frozen=True)
class Labelled:
    """A set with its labels by the chosen rule, and the rules that can be chosen."""

    data: Dataset
    rule: labels.Rule
    rules: tuple[labels.Rule, ...]


def labelled(data: Dataset) -> Labelled:
    """The set by the rule that is chosen in the labels' part. Of labels that came with the data
    nobody is asked, until a click ignores them.
    """
    auto, *_, off = labels.RULES
    rules: tuple[labels.Rule, ...] = (auto,)
    if data.named.any():
        rules = labels.RULES
    elif state.reading("labels") == off:
        rules = (auto, off)
    rule = next((each for each in rules if each == state.reading("labels")), auto)
    return Labelled(data.relabelled(rule), rule, rules)


def sentence(data: Dataset) -> str:
    """How many images were read, and where their labels come from."""
    count = int((data.labels != dataset.UNKNOWN).sum())
    parts = [f"{each:,} from {where}" for where, each in data.labelled_by.items()]
    if not count:
        return f"{many(len(data), 'image')}, none with a label."
    return f"{many(len(data), 'image')}, {count:,} with a label: {'; '.join(parts)}."


def sheet(data: Dataset) -> None:
    """Show the first pictures as the model takes them."""
    count = min(len(data), _MOST)
    some = "the first " if count < len(data) else ""
    what = f"{some}{many(count, 'picture')}, as the model takes {'them' if count > 1 else 'it'}"
    pictures = [np.asarray(_small(data.stored[at])) for at in range(count)]
    across = min(count, _ACROSS)
    rows = -(-count // across)
    sheet = Image.new("RGBA", (across * (_SIDE + 4) - 4, rows * (_SIDE + 4) - 4))
    for at, each in enumerate(pictures):
        sheet.paste(Image.fromarray(each), (at % across * (_SIDE + 4), at // across * (_SIDE + 4)))
    file = io.BytesIO()
    sheet.save(file, "PNG")
    st.html(_render("sheet", what, _as_url(file)))


def _small(pixels: NDArray[np.uint8]) -> Image.Image:
    image = Image.fromarray(pixels).convert("RGB")
    return image.resize((_SIDE, _SIDE), Image.Resampling.NEAREST)


def parts(read: Labelled) -> list[Shown]:
    """The folded parts that say how files were read, each with its count."""
    data, shown = read.data, list[Shown]()
    count = int((data.labels != dataset.UNKNOWN).sum())
    title = f"Labels: {count:,} of {len(data):,}"
    part = folded.Part("upload-part-labels", title, has_controls=True)
    if len(data):
        shown.append((part, lambda: _labels(read)))
    if data.notes:
        title = many(len(data.notes), "note") + " on how files were read"
        part = folded.Part("upload-part-notes", title)
        shown.append(
            (part, lambda: markup.listed([f"{each.file}: {each.reason}" for each in data.notes]))
        )
    if data.cuts:
        part = folded.Part("upload-part-cuts", f"{many(len(data.cuts), 'picture')} cut apart")
        shown.append((part, lambda: _cuts(data.cuts)))
    return shown


def _labels(read: Labelled) -> None:
    data, rules = read.data, read.rules
    words = _LABELS if data.named.any() else _OF_DATA
    found = [f"{count:,} from {where}" for where, count in data.labelled_by.items()]
    markup.note(f"Labels: {', '.join(found)}." if found else "No image has a label.")
    if len(rules) > 1:
        st.selectbox(
            "Read labels from",
            rules,
            format_func=lambda each: words[each],
            key=state.reading_key("labels"),
            width=320,
        )


def _cuts(cuts: Sequence[Cut]) -> None:
    for cut in cuts:
        st.html(_render("cut", cut.name, many(len(cut.boxes), "digit"), _with_boxes(cut)))


def _with_boxes(cut: Cut) -> str:
    """The picture with a box around each digit, as a data: URL."""
    image = Image.fromarray(cut.preview).convert("RGB")
    draw, font = ImageDraw.Draw(image), ImageFont.load_default(_NUMBER)
    for number, (left, top, right, bottom) in enumerate(cut.boxes, 1):
        draw.rectangle((left - 3, top - 3, right + 3, bottom + 3), outline=_BOX, width=2)
        draw.rectangle((left - 3, top - _NUMBER - 3, left + _NUMBER, top - 3), fill=_BOX)
        center = (left - 1.5 + _NUMBER / 2, top - 3 - _NUMBER / 2)
        draw.text(center, str(number), "white", font, "mm")
    file = io.BytesIO()
    image.save(file, "PNG")
    return _as_url(file)


def _as_url(file: io.BytesIO) -> str:
    return "data:image/png;base64," + base64.b64encode(file.getvalue()).decode("ascii")
