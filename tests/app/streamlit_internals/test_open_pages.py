"""Pages are run again through what Streamlit calls itself when a source file changes."""

from __future__ import annotations

from types import SimpleNamespace

import pytest
from streamlit import runtime
from streamlit.proto.ClientState_pb2 import ClientState
from streamlit.runtime.app_session import AppSession
from streamlit.runtime.runtime import Runtime
from streamlit.runtime.websocket_session_manager import WebsocketSessionManager

from app.streamlit_internals import open_pages


def test_streamlit_has_what_is_relied_on() -> None:
    assert "_session_mgr" in Runtime.__init__.__code__.co_names
    assert "_client_state" in AppSession.__init__.__code__.co_names
    assert callable(AppSession.request_rerun)
    assert callable(WebsocketSessionManager.list_active_sessions)


def test_every_page_runs_as_a_whole_with_its_own_widgets(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[ClientState] = []
    state = ClientState(query_string="digit=x", fragment_id="studio", is_auto_rerun=True)
    session = SimpleNamespace(_client_state=state, request_rerun=asked.append)
    manager = SimpleNamespace(list_active_sessions=lambda: [SimpleNamespace(session=session)] * 2)
    monkeypatch.setattr(runtime, "exists", lambda: True)
    monkeypatch.setattr(runtime, "get_instance", lambda: SimpleNamespace(_session_mgr=manager))
    open_pages.rerun_all()
    assert asked == [ClientState(query_string="digit=x")] * 2
    assert state.fragment_id == "studio", "Streamlit's own is not changed"


def test_without_a_server_nothing_happens() -> None:
    open_pages.rerun_all()
    assert not runtime.exists()
