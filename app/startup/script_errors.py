"""What a visitor reads when a page's run fails, in place of Streamlit's box with its links.

Streamlit has logged the error with its traceback before it calls this.
"""

from __future__ import annotations

import streamlit as st

from models.errors import DigitParityError, shown

UNEXPECTED = (
    "Something went wrong on this server, and its log says what. Reload the page to try again."
)


def show(error: Exception) -> bool:
    """Show the error on the page, and tell Streamlit that it need not."""
    told = shown(error) if isinstance(error, DigitParityError) else UNEXPECTED
    st.error(told, icon=":material/error:")
    return True
