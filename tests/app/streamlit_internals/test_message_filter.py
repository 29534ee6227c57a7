"""Over the websocket a visitor may run pages, and nothing that is others' business."""

from __future__ import annotations

from typing import Any

import pytest
from streamlit.proto.BackMsg_pb2 import BackMsg

from app.streamlit_internals.message_filter import MessageFilter
from tests.support import event_loop


def heard(*frames: dict[str, Any], kind: str = "websocket") -> list[dict[str, Any]]:
    """What the app behind the middleware is given of these messages."""
    waiting = [*frames, {"type": "websocket.disconnect"}]
    given: list[dict[str, Any]] = []

    async def app(_scope: Any, receive: Any, _send: Any) -> None:
        while not given or given[-1]["type"] != "websocket.disconnect":
            given.append(await receive())

    async def receive() -> dict[str, Any]:
        return waiting.pop(0)

    async def send(_message: Any) -> None:
        raise AssertionError("nothing is answered here")

    event_loop.run(MessageFilter(app)({"type": kind}, receive, send))
    return given[:-1]


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
def test_what_a_page_needs_gets_through_unchanged(message):
    assert heard(frame(message)) == [frame(message)]


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
def test_what_concerns_others_goes_no_further(message):
    assert heard(frame(message), frame(rerun())) == [frame(rerun())]


def test_what_is_no_message_is_left_to_streamlit_which_ends_the_connection():
    broken = frame(b"\xff\xff\xff")
    text = {"type": "websocket.receive", "text": "hello"}
    assert heard(broken, text) == [broken, text]


def test_the_server_runs_behind_it():
    import streamlit_app

    classes = [each.cls for each in streamlit_app.app._user_middleware]
    assert MessageFilter in classes
