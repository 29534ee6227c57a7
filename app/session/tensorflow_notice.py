"""What pages say while TensorFlow's process is started anew."""

from __future__ import annotations

import streamlit as st

from app.session import shared


def show() -> None:
    """Say that TensorFlow did not answer and is restarted; nothing while all is well.

    For the fragments that poll while a page waits for the server's lanes.
    """
    if trouble := shared.tensorflow().trouble:
        st.warning(trouble, icon=":material/restart_alt:")
