"""What seems wrong with a set, and one click that mends it. Nothing is applied unasked."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import streamlit as st

from app.session import shared
from app.session import state as session_state
from app.ui import markup
from app.upload import state
from app.upload.check import Check
from models.dataset import Dataset, Options, pixel_data
from models.dataset.remedy import Remedy
from models.formats import store


def show(data: Dataset, options: Options, rule: Any) -> None:
    """Show what would mend the set that was read with these options and labelled by ``rule``; it
    comes by itself once the reference has answered.
    """
    _show_applied(options)
    if state.source() == state.EXAMPLES:
        return
    model = session_state.model()
    key = (data.stored.__array_interface__["data"], len(data), rule, options.pixels, model)
    check = state.check(key)
    if check is None:
        now = replace(options, labels=rule)
        check = Check(data, now, store.folder(model), store.manifest(model))
        state.keep_check(key, check)
    if check.go_on(shared.tensorflow()):
        for number, each in enumerate(check.remedies or ()):
            _show(each, f"{each.option}-{number}")
    else:
        _wait(check)


@st.fragment(run_every=0.5)
def _wait(check: Check) -> None:
    if check.go_on(shared.tensorflow()):
        st.rerun()
    markup.note("Checking how the set reads …")


def _show(remedy: Remedy, key: str) -> None:
    with st.container(gap="xsmall"):
        if remedy.grave:
            st.warning(remedy.sentence, icon=":material/warning:")
        else:
            markup.note(remedy.sentence)
        if remedy.change:
            st.button(
                remedy.button,
                key=f"upload-remedy{key}",
                type="primary" if remedy.grave else "tertiary",
                on_click=apply,
                args=(remedy.change,),
            )


def apply(change: Mapping[str, Any]) -> None:
    """Set the widgets that say how files are read; the same files are read again."""
    for name, value in change.items():
        state.set_reading(name, value)


def _show_applied(options: Options) -> None:
    if options.pixels == pixel_data.WAYS[0]:
        return
    markup.note(f"Pixel data is taken {options.pixels}, not as it is in the files.")
    st.button(
        "Take it as it is",
        key="upload-undo",
        type="tertiary",
        on_click=apply,
        args=({"pixels": pixel_data.WAYS[0]},),
    )
