"""A picture for the model: drop or choose a file, paste one, or take one with the camera.

Each becomes what the model takes, and is then shown as an example is.
"""

from __future__ import annotations

from typing import Any

import streamlit as st

from app.frontend import component
from app.session import state
from app.ui import markup
from models.digit import picture
from models.errors import InputError, shown
from models.formats.model_input import Input

MOST_MB = 20  # of a picture: a phone's photograph has up to 15
PASTE = "picture-paste"
TYPES = ["png", "jpg", "jpeg", "webp", "gif", "bmp", "tif", "tiff"]

_paste = component.component(
    "digit_parity_paste",
    "draw/picture/paste.js",
    html='<div class="dp-paste" hidden></div>',
    isolate_styles=False,
)


def show(taken: Input) -> None:
    """The ways to give a picture; ``state.show_digit`` gets what was given."""
    with st.container(key="picture", gap="xsmall"):
        key = _key("picture-file")
        st.file_uploader(
            "A picture",
            type=TYPES,
            key=key,
            max_upload_size=MOST_MB,
            label_visibility="collapsed",
            on_change=_take,
            args=(key, taken),
        )
        _paste(key=PASTE, data={"into": "picture"})
        markup.note("Or paste one anywhere on this page (Ctrl+V).")
        _camera(taken)
    model, problem = st.session_state.get("picture_problem", ("", ""))
    if model == state.model():
        st.error(problem, icon=":material/broken_image:")


def _camera(taken: Input) -> None:
    """The camera, once it is asked for: a browser then asks its user whether it may be used."""
    if not st.session_state.get("picture_camera"):
        st.button(
            "Use the camera",
            key="picture-camera",
            icon=":material/photo_camera:",
            width="stretch",
            on_click=_open_camera,
            args=(True,),
        )
        return
    key = _key("picture-photo")
    st.camera_input(
        "The camera", key=key, label_visibility="collapsed", on_change=_take, args=(key, taken)
    )
    st.button("Close the camera", key="picture-no-camera", on_click=_open_camera, args=(False,))


def _open_camera(is_open: bool) -> None:
    st.session_state["picture_camera"] = is_open


def _take(key: str, taken: Input) -> None:
    """Show the picture of a widget, which begins anew: the server does not keep the file."""
    file: Any = st.session_state.get(key)
    if file is None:
        return
    st.session_state["picture_number"] = st.session_state.get("picture_number", 0) + 1
    try:
        given = picture.from_image(file.getvalue(), taken)
    except InputError as error:
        st.session_state["picture_problem"] = (state.model(), shown(error))
        return
    forget_problem()
    state.show_digit(given)


def forget_problem() -> None:
    """Forget why the last picture could not be read: another has taken its place."""
    st.session_state.pop("picture_problem", None)


def _key(name: str) -> str:
    return f"{name}-{st.session_state.get('picture_number', 0)}"
