"""When another page is shown, free the previous page's uploads."""

from __future__ import annotations

from app.session import state
from app.streamlit_internals import uploads
from app.upload import state as upload_state


def follow(page: str) -> None:
    """Free the uploads, read or not, when the previous run showed another page than ``page``."""
    if not state.is_another_page(page):
        return
    upload_state.leave()
    uploads.forget_all()
