"""A visitor is told of a lost connection only when there was one."""

from __future__ import annotations

import pytest
import streamlit
from streamlit.testing.v1 import AppTest


def page() -> None:
    from app.session import reconnect

    reconnect.follow()


def toasts(monkeypatch: pytest.MonkeyPatch, *protocols: str) -> list[int]:
    """How many messages the page shows in its first and second run."""
    headers = {"Sec-WebSocket-Protocol": ", ".join(protocols)} if protocols else {}
    monkeypatch.setattr(type(streamlit.context), "headers", headers)
    test = AppTest.from_function(page)
    shown = [len(test.run().toast) for _ in range(2)]
    assert not test.exception
    return shown


def test_a_visitor_with_another_servers_session_is_told_once(monkeypatch):
    assert toasts(monkeypatch, "streamlit", "token", "a-session") == [1, 0]


def test_only_what_the_address_holds_is_said_to_be_here_still(monkeypatch):
    headers = {"Sec-WebSocket-Protocol": "streamlit, token, a-session"}
    monkeypatch.setattr(type(streamlit.context), "headers", headers)
    (toast,) = AppTest.from_function(page).run().toast
    kept, lost = toast.value.split(";")
    assert "digit" in kept and "settings" in kept and "picture" not in kept
    assert "other pictures" in lost and "files" in lost


@pytest.mark.parametrize("protocols", [(), ("streamlit",), ("streamlit", "token"), ("a", "b", "")])
def test_a_first_time_visitor_is_told_nothing(monkeypatch, protocols):
    assert toasts(monkeypatch, *protocols) == [0, 0]
