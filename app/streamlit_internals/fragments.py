"""A run of a fragment that waits a moment for its visitor's next message, and gives way to it.

Streamlit finishes a fragment before it looks at the next message for it. What is laid out after a
digit went to the browser would then be laid out, sent and painted twice: without the browser's
answer, and milliseconds later with it.

Relied on: the script run's context, its ``fragment_ids_this_run``, and ``script_requests._state``,
which is read without its lock. If they go, strokes that wait raise AttributeError
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
    """Wait for a message at most ``seconds``; when there is one, run the fragment anew with it.

    What the page shows stays as it is until then. Returns when none came, and at once in a run of
    the whole page, which nothing may cut short.
    """
    context = get_script_run_ctx()
    if context is None or context.script_requests is None or not context.fragment_ids_this_run:
        return
    last = time.monotonic() + seconds
    while time.monotonic() < last:
        if context.script_requests._state is ScriptRequestType.RERUN:
            st.rerun(scope="fragment")
        time.sleep(STEP_SECONDS)


def is_fragment_run() -> bool:
    """Whether a fragment runs alone, and not within a run of the whole page."""
    context = get_script_run_ctx()
    return context is not None and bool(context.fragment_ids_this_run)


def run_only(key: str) -> None:
    """For the callback of a widget outside the fragment ``key``: run that fragment, not the page.

    A message from a page that was left meanwhile finds no such fragment; its own page runs then.
    """
    try:
        st.rerun(key)
    except StreamlitAPIException:
        return
