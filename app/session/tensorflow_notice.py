"""What pages say while TensorFlow's process is started anew."""

from __future__ import annotations

import streamlit as st

from models.runtimes.worker import client


def show() -> None:
    """Say that TensorFlow did not answer and is restarted; nothing while all is well.

    Every page runs when that changes (``shared.tensorflow``), so none has to ask now and then.
    """
    if trouble := client.trouble():
        st.warning(trouble, icon=":material/restart_alt:")
