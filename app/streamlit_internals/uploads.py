"""The files that a visitor has uploaded to Streamlit.

Relied on: ``uploaded_file_mgr`` and ``session_id`` of the script run's context. If they go, another
page than the one before raises AttributeError (tests/app/startup/test_page_change.py).
"""

from __future__ import annotations

from streamlit.runtime.scriptrunner import get_script_run_ctx


def forget_all() -> None:
    """Free this session's files; Streamlit keeps each as long as its session, shown or not."""
    context = get_script_run_ctx()
    if context is not None:
        context.uploaded_file_mgr.remove_session_files(context.session_id)
