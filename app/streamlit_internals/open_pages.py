"""Running the pages of all visitors again, from any thread, when what they share has changed.

Streamlit does so itself when a source file changes. Relied on: ``Runtime._session_mgr``, its
``list_active_sessions``, and ``_client_state`` and ``request_rerun`` of an ``AppSession``. If they
are removed, this raises AttributeError (tests/app/streamlit_internals/test_open_pages.py), and a
page shows a change only when its visitor does something.
"""

from __future__ import annotations

from streamlit import runtime
from streamlit.proto.ClientState_pb2 import ClientState


def rerun_all() -> None:
    """Run every connected visitor's page."""
    if not runtime.exists():
        return
    for each in runtime.get_instance()._session_mgr.list_active_sessions():
        state = ClientState()
        state.CopyFrom(each.session._client_state)
        state.ClearField("fragment_id")  # the whole page, whatever ran last
        state.ClearField("is_auto_rerun")
        each.session.request_rerun(state)
