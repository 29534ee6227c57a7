"""When another page is shown, what the one before took up is freed, and a drawing is kept."""

from __future__ import annotations

from app.session import state
from app.streamlit_internals import uploads
from app.upload import state as upload_state


def follow(page: str) -> None:
    """Free the uploads, read or not, when ``page`` is not the page of the run before.

    A drawing goes onto a new canvas: the old one's content is forgotten by Streamlit.
    """
    if not state.is_another_page(page):
        return
    upload_state.leave()
    state.keep_drawing()
    uploads.forget_all()
