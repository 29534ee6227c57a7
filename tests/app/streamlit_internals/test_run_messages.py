"""When a run of a page begins and ends, read from Streamlit's own messages."""

from __future__ import annotations

from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

from app.streamlit_internals import run_messages, uploads


def test_only_a_request_for_a_run_starts_one() -> None:
    rerun = BackMsg()
    rerun.rerun_script.query_string = ""
    assert run_messages.starts_run({"bytes": rerun.SerializeToString()})
    for other in (BackMsg(stop_script=True), BackMsg(app_heartbeat=True), BackMsg()):
        assert not run_messages.starts_run({"bytes": other.SerializeToString()})
    for odd in ({"bytes": b"\xff\xff"}, {"text": "hello"}, {}):
        assert not run_messages.starts_run(odd)


def test_a_run_ends_unless_another_follows_at_once() -> None:
    names = {
        name: run_messages.ends_run(
            {"bytes": ForwardMsg(script_finished=value).SerializeToString()}
        )
        for name, value in ForwardMsg.ScriptFinishedStatus.items()
    }
    assert names == {
        "FINISHED_SUCCESSFULLY": True,
        "FINISHED_WITH_COMPILE_ERROR": True,
        "FINISHED_EARLY_FOR_RERUN": False,
        "FINISHED_FRAGMENT_RUN_SUCCESSFULLY": True,
    }
    assert not run_messages.ends_run({"bytes": ForwardMsg(ref_hash="x").SerializeToString()})
    assert not run_messages.ends_run({"type": "websocket.accept"})


def test_the_session_is_read_from_its_first_message() -> None:
    message = ForwardMsg()
    message.new_session.initialize.session_id = "abc"
    assert uploads.session_begun({"bytes": message.SerializeToString()}) == "abc"
    assert uploads.session_begun({"bytes": ForwardMsg(ref_hash="x").SerializeToString()}) is None
    assert uploads.session_begun({"type": "websocket.accept"}) is None
    assert uploads.session_asked_for({"subprotocols": ["streamlit", "t", "abc"]}) == "abc"
    assert uploads.session_asked_for({"subprotocols": ["streamlit"]}) == ""
