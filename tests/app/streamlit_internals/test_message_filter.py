"""Over the websocket a visitor may run pages, but not affect other visitors."""

from __future__ import annotations

from typing import Any

import pytest
from streamlit.proto.BackMsg_pb2 import BackMsg

from app.streamlit_internals.message_filter import MessageFilter
from tests.support import event_loop


def received(*frames: dict[str, Any], kind: str = "websocket") -> list[dict[str, Any]]:
    """The messages that the app behind the middleware receives."""
    waiting = [*frames, {"type": "websocket.disconnect"}]
    passed: list[dict[str, Any]] = []

    async def app(_scope: Any, receive: Any, _send: Any) -> None:
        while not passed or passed[-1]["type"] != "websocket.disconnect":
            passed.append(await receive())

    async def receive() -> dict[str, Any]:
        return waiting.pop(0)

    async def send(_message: Any) -> None:
        raise AssertionError("nothing is answered here")

    event_loop.run(MessageFilter(app)({"type": kind}, receive, send))
    return passed[:-1]


def frame(message: BackMsg | bytes) -> dict[str, Any]:
    raw = message if isinstance(message, bytes) else message.SerializeToString()
    return {"type": "websocket.receive", "bytes": raw}


def rerun() -> BackMsg:
    message = BackMsg()
    message.rerun_script.query_string = "digit=x"
    return message


def operation(name: str) -> BackMsg:
    message = BackMsg()
    request = message.backend_operation_request
    request.request_id = "1"
    getattr(request, name).SetInParent()
    return message


@pytest.mark.parametrize(
    "message",
    [
        rerun(),
        BackMsg(stop_script=True),
        BackMsg(app_heartbeat=True),
        operation("deferred_file"),
        operation("dataframe_chunk"),
    ],
    ids=lambda message: str(message)[:30],
)
def test_what_a_page_needs_is_passed_on_unchanged(message):
    assert received(frame(message)) == [frame(message)]


@pytest.mark.parametrize(
    "message",
    [
        BackMsg(clear_cache=True),
        BackMsg(set_run_on_save=True),
        BackMsg(load_git_info=True),
        BackMsg(debug_disconnect_websocket=True),
        BackMsg(debug_shutdown_runtime=True),
        operation("install_skills"),
        operation("dismiss_skills_nudge"),
        BackMsg(),
    ],
    ids=lambda message: str(message)[:30],
)
def test_what_affects_others_is_dropped(message):
    assert received(frame(message), frame(rerun())) == [frame(rerun())]


def test_a_malformed_message_is_left_to_streamlit():
    broken = frame(b"\xff\xff\xff")
    text = {"type": "websocket.receive", "text": "hello"}
    assert received(broken, text) == [broken, text]


def test_the_server_has_it():
    import streamlit_app

    classes = [each.cls for each in streamlit_app.app._user_middleware]
    assert MessageFilter in classes
