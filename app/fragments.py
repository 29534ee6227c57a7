"""The Draw page's two fragments, and how the one waits for the message that runs the other.

``LIVE`` is the canvas and the browser's lanes. It alone runs as the pen is lifted, so that the
digit is in the browser as soon as can be. ``RESULTS`` is what all lanes made of it; it runs when
the browser has answered. What this needs of Streamlit's insides is here alone.
"""

from __future__ import annotations

import time

import streamlit as st
from streamlit.errors import StreamlitAPIException
from streamlit.runtime.scriptrunner import get_script_run_ctx
from streamlit.runtime.scriptrunner_utils.script_requests import ScriptRequestType

LIVE, RESULTS = "live", "results"
STEP_SECONDS = 0.003


def run(*keys: str) -> None:
    """For a widget's callback: run these fragments, in this order, and nothing else.

    A message from a page that was left meanwhile finds none of them; nothing is done then.
    """
    try:
        st.rerun(list(keys))
    except StreamlitAPIException:
        return


def message_comes(seconds: float) -> bool:
    """Wait for this visitor's next message, at most ``seconds``; whether there is one.

    It is handled when this run has ended. False at once in a run of the whole page, which is not
    to be held up.
    """
    context = get_script_run_ctx()
    if context is None or context.script_requests is None or not context.fragment_ids_this_run:
        return False
    last = time.monotonic() + seconds
    while context.script_requests._state is not ScriptRequestType.RERUN:
        if time.monotonic() > last:
            return False
        time.sleep(STEP_SECONDS)
    return True


def runs_alone() -> bool:
    """Whether this run is of one fragment, and nothing comes after it."""
    context = get_script_run_ctx()
    return context is not None and len(context.fragment_ids_this_run or ()) == 1
