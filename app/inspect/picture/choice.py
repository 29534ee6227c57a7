"""Which picture is looked at: the visitor's own, drawn, uploaded or given here, or a ready one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import streamlit as st

from app.inspect.picture import given
from app.session import ready, shared, state, test_set
from app.ui import markup, templates
from models.digit.digit import Digit
from models.formats import store
from models.formats.manifest import Manifest

FIRST_EXAMPLE = 7
MOST = 10  # ready pictures to pick one from


@dataclass(frozen=True)
class Picture:
    """A picture to look at: ``button`` is its name among the others, ``says`` what it is;
    ``is_ready`` where every visitor is offered it.
    """

    button: str
    says: str
    digit: Digit
    is_ready: bool = False


def choose() -> Picture:
    """Show the picture that is looked at, and the others; return the chosen one."""
    manifest = store.manifest(state.model())
    with st.container(key="inspect-picture", horizontal=True, gap="small"):
        shown, beside = st.empty(), st.container(gap="small")
    with beside:
        chosen = _pick(_own(manifest), _ready(manifest))
    url = markup.png_url(chosen.digit)
    shown.html(
        templates.render("inspect/picture/picture.html", "picture", url, chosen.says),
        width="content",
    )
    return chosen


def _pick(own: Sequence[Picture], others: Sequence[Picture]) -> Picture:
    """One of the buttons: the visitor's own come first, the latest of them is the default."""
    alike = {each.digit.id: each for each in others}
    first = own[0] if own else others[min(FIRST_EXAMPLE, len(others) - 1)]
    first = alike.get(first.digit.id, first)  # the Draw page shows ready ones too
    offered = [*(each for each in own if each.digit.id not in alike), *others]
    picked = st.pills(
        "Picture",
        [each.button for each in offered],
        default=first.button,
        required=True,
        wrap=True,
        key=f"inspect-picture-{first.button}-{first.digit.id}",
        help="What goes through every layer: what you drew, uploaded or give here, or a ready one.",
    )
    return next((each for each in offered if each.button == picked), first)


def _own(manifest: Manifest) -> list[Picture]:
    """The visitor's own pictures, the latest first."""
    file, uploaded, drawn = given.offer(manifest), test_set.picture(), state.digit()
    found = []
    if file is not None and file.digit is not None:
        found.append(Picture("given here", f"{file.name}, given here", file.digit))
    if drawn is not None:
        found.append(Picture("drawn", "Yours, from the Draw page", drawn))
    if uploaded is not None:
        at = len(found) - 1 if drawn is not None and uploaded.is_latest else len(found)
        says = f"{uploaded.name}, from the Upload page"
        found.insert(at, Picture("uploaded", says, uploaded.digit))
    return found


def _ready(manifest: Manifest) -> list[Picture]:
    """The ready ones: digits, the model's own examples, or generated pictures."""
    if manifest.pictures().is_digit:
        digits = enumerate(shared.examples())
        return [Picture(str(place), f"A ready {place}", digit, True) for place, digit in digits]
    pictures = ready.pictures(state.model())
    return [
        Picture(str(place), f"Ready: {pictures.names[place]}", pictures.digit(place), True)
        for place in range(min(MOST, len(pictures)))
    ]
