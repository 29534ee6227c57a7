"""Running the pages of all visitors again, from any thread, when what they share has changed.

Streamlit does so itself when a source file changes, at once: a run that goes on is broken off, and
with it the reading of an upload, or a drawing that is in this run's address and not yet in the one
that Streamlit keeps. Here a page that runs is left to end, and then runs again.

Relied on: ``Runtime._session_mgr``, its ``list_active_sessions``, and ``_client_state``,
``_event_loop``, ``_scriptrunner`` and ``request_rerun`` of an ``AppSession``. If they are removed,
this raises AttributeError (tests/app/streamlit_internals/test_open_pages.py), and a page shows a
change only when its visitor does something.
"""

from __future__ import annotations

from typing import Any

from streamlit import runtime
from streamlit.proto.ClientState_pb2 import ClientState

_AGAIN = 0.2  # seconds between two looks at whether a page still runs


def rerun_all() -> None:
    """Run every connected visitor's page, once it does not run any more."""
    if not runtime.exists():
        return
    for each in runtime.get_instance()._session_mgr.list_active_sessions():
        session = each.session
        # There, what the browser sends begins a run, too, and the run's end is heard.
        session._event_loop.call_soon_threadsafe(_rerun, session)


def _rerun(session: Any) -> None:
    if session._scriptrunner is not None:
        session._event_loop.call_later(_AGAIN, _rerun, session)
        return
    state = ClientState()
    state.CopyFrom(session._client_state)
    state.ClearField("fragment_id")  # the whole page, whatever ran last
    state.ClearField("is_auto_rerun")
    session.request_rerun(state)
