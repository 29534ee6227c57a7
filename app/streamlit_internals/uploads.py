"""The files that a visitor has uploaded to Streamlit.

Relied on: ``uploaded_file_mgr`` and ``session_id`` of the script run's context. If they are
removed, a change of the page raises AttributeError (tests/app/startup/test_page_change.py).
"""

from __future__ import annotations

from streamlit.runtime.scriptrunner import get_script_run_ctx


def forget_all() -> None:
    """Free this session's files, which Streamlit keeps until the session ends."""
    context = get_script_run_ctx()
    if context is not None:
        context.uploaded_file_mgr.remove_session_files(context.session_id)
