"""Pages are run again through what Streamlit calls itself when a source file changes."""

from __future__ import annotations

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest
from streamlit import runtime
from streamlit.proto.ClientState_pb2 import ClientState
from streamlit.runtime.app_session import AppSession
from streamlit.runtime.runtime import Runtime
from streamlit.runtime.websocket_session_manager import WebsocketSessionManager

from app.streamlit_internals import open_pages


class Loop:
    """An event loop in which nothing happens by itself."""

    def __init__(self) -> None:
        self.due: list[tuple[Callable[..., None], tuple[Any, ...]]] = []

    def call_soon_threadsafe(self, call: Callable[..., None], *given: Any) -> None:
        self.due.append((call, given))

    def call_later(self, _seconds: float, call: Callable[..., None], *given: Any) -> None:
        self.due.append((call, given))

    def run_once(self) -> None:
        due, self.due = self.due, []
        for call, given in due:
            call(*given)


class Session:
    """A visitor's, whose page runs if ``_scriptrunner`` is set."""

    def __init__(self, loop: Loop, state: ClientState) -> None:
        self._event_loop, self._client_state = loop, state
        self._scriptrunner: object | None = None
        self.asked: list[ClientState] = []

    def request_rerun(self, state: ClientState) -> None:
        self.asked.append(state)


@pytest.fixture
def session(monkeypatch: pytest.MonkeyPatch) -> Session:
    state = ClientState(query_string="digit=x", fragment_id="studio", is_auto_rerun=True)
    session = Session(Loop(), state)
    manager = SimpleNamespace(list_active_sessions=lambda: [SimpleNamespace(session=session)])
    monkeypatch.setattr(runtime, "exists", lambda: True)
    monkeypatch.setattr(runtime, "get_instance", lambda: SimpleNamespace(_session_mgr=manager))
    return session


def test_streamlit_has_what_is_relied_on() -> None:
    assert "_session_mgr" in Runtime.__init__.__code__.co_names
    names = AppSession.__init__.__code__.co_names
    assert {"_client_state", "_event_loop", "_scriptrunner"} <= set(names)
    assert callable(AppSession.request_rerun)
    assert callable(WebsocketSessionManager.list_active_sessions)


def test_every_page_runs_as_a_whole_with_its_own_address(session: Session) -> None:
    open_pages.rerun_all()
    assert not session.asked, "only the event loop starts runs"
    session._event_loop.run_once()
    assert session.asked == [ClientState(query_string="digit=x")]
    assert session._client_state.fragment_id == "studio", "Streamlit's own is not changed"
    assert not session._event_loop.due


def test_a_run_that_goes_on_ends_first_and_its_address_is_kept(session: Session) -> None:
    """It reads an upload, or has written a new digit's address that Streamlit learns at its end."""
    session._scriptrunner = object()
    open_pages.rerun_all()
    for _ in range(3):
        session._event_loop.run_once()
    assert not session.asked
    session._scriptrunner, session._client_state = None, ClientState(query_string="digit=new")
    session._event_loop.run_once()
    assert session.asked == [ClientState(query_string="digit=new")]
    assert not session._event_loop.due


def test_without_a_server_nothing_happens() -> None:
    open_pages.rerun_all()
    assert not runtime.exists()
