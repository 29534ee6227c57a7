"""Waiting for the visitor's next message within a fragment, and rerunning single fragments.

Streamlit finishes a fragment before it handles the next message. The results that follow a digit
would be laid out, sent and painted twice: without the browser's answer, and milliseconds later with
it.

Relied on: the script run's context, its ``fragment_ids_this_run``, and ``script_requests._state``,
which is read without its lock. If they are removed, waiting raises AttributeError
(tests/app/streamlit_internals/test_fragments.py); if their meaning changes, results are laid out
twice, or lanes that answer late never appear.
"""

from __future__ import annotations

import time

import streamlit as st
from streamlit.errors import StreamlitAPIException
from streamlit.runtime.scriptrunner import get_script_run_ctx
from streamlit.runtime.scriptrunner_utils.script_requests import ScriptRequestType

STEP_SECONDS = 0.003


def give_way(seconds: float) -> None:
    """Wait at most ``seconds`` for a message, and rerun the fragment if one comes.

    The page does not change meanwhile. Returns if none comes, and at once in a run of the whole
    page, which must not be cut short.
    """
    context = get_script_run_ctx()
    if context is None or context.script_requests is None or not context.fragment_ids_this_run:
        return
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if context.script_requests._state is ScriptRequestType.RERUN:
            st.rerun(scope="fragment")
        time.sleep(STEP_SECONDS)


def is_fragment_run() -> bool:
    """Whether only a fragment runs, not the whole page."""
    context = get_script_run_ctx()
    return context is not None and bool(context.fragment_ids_this_run)


def run_only(key: str) -> None:
    """Run only the fragment ``key``, in the callback of a widget outside the fragment.

    If the visitor has left the page meanwhile, the fragment does not exist, and the page runs.
    """
    try:
        st.rerun(key)
    except StreamlitAPIException:
        return
