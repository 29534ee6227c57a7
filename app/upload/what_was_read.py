"""What was read of the files, and by what rule they are labelled."""

from __future__ import annotations

import io
from collections.abc import Sequence

import streamlit as st
from PIL import Image, ImageDraw, ImageFont

from app.ui import markup
from app.upload import state
from app.upload.results import tables
from models import dataset
from models.dataset import Cut, Dataset, Skipped, labels
from models.parity.set_verdict import many

_FEW = 3  # notes, that are shown at once
_OF_DATA = {"auto": "the data", "off": "nowhere: no labels"}
_BOX, _NUMBER = "#1d66b5", 14  # colour of the box around each digit, height of its number in pixels
_LABELS = {
    "auto": "the folder, else the file name",
    "folder": "the folder",
    "name": "the file name",
    "none": "nowhere: ignore names",
    "off": "nowhere at all: no labels",
}


def show(data: Dataset) -> tuple[Dataset, labels.Rule]:
    """Show what was read and where labels came from; return the set with the chosen labels, and
    the rule by which they were chosen.
    """
    rule = _pick_rule(data)
    data = data.relabelled(rule)
    if len(data):
        count = int((data.labels != dataset.UNKNOWN).sum())
        parts = [f"{each:,} from {where}" for where, each in data.labelled_by.items()]
        summary = f"**{many(len(data), 'image')}**, " + (
            f"{count:,} with a label: {'; '.join(parts)}."
            if count
            else "none with a label: lanes are compared, accuracy is not known."
        )
        st.markdown(summary)
    _show_notes(data)
    _show_skipped(data)
    _show_cuts(data.cuts)
    return data, rule


def _pick_rule(data: Dataset) -> labels.Rule:
    """By what rule pictures are labelled. Of labels that came with the data nobody is asked, until
    a click ignores them.
    """
    auto, *_, off = labels.RULES
    if data.named.any():
        rules, words = labels.RULES, _LABELS
    elif state.reading("labels") == off:
        rules, words = (auto, off), _OF_DATA
    else:
        return auto
    return st.selectbox(
        "Read labels from",
        rules,
        format_func=lambda each: words[each],
        key=state.reading_key("labels"),
        width=320,
    )


def _show_notes(data: Dataset) -> None:
    """What readers guessed, or left out of files that were read."""
    notes: Sequence[Skipped] = data.notes
    if not notes:
        return
    with st.expander(
        many(len(notes), "note") + " on how files were read",
        icon=":material/info:",
        expanded=len(notes) <= _FEW,
    ):
        for each in notes:
            markup.note(f"{each.file}: {each.reason}")


def _show_skipped(data: Dataset) -> None:
    if not data.skipped:
        return
    count = len(data.skipped)
    title = f"{many(count, 'file')} left out"
    with st.expander(title, icon=":material/warning:", expanded=count <= 5):
        st.html(tables.skipped(data))


def _show_cuts(cuts: Sequence[Cut]) -> None:
    if not cuts:
        return
    title = f"{many(len(cuts), 'picture')} cut apart"
    with st.expander(title, icon=":material/content_cut:", expanded=len(cuts) <= 2):
        for cut in cuts:
            st.image(_with_boxes(cut))
            markup.note(f"{cut.name}: {len(cut.boxes)} digits")


def _with_boxes(cut: Cut) -> bytes:
    image = Image.fromarray(cut.preview).convert("RGB")
    draw, font = ImageDraw.Draw(image), ImageFont.load_default(_NUMBER)
    for number, (left, top, right, bottom) in enumerate(cut.boxes, 1):
        draw.rectangle((left - 3, top - 3, right + 3, bottom + 3), outline=_BOX, width=2)
        draw.rectangle((left - 3, top - _NUMBER - 3, left + _NUMBER, top - 3), fill=_BOX)
        center = (left - 1.5 + _NUMBER / 2, top - 3 - _NUMBER / 2)
        draw.text(center, str(number), "white", font, "mm")
    file = io.BytesIO()
    image.save(file, "PNG")
    return file.getvalue()
