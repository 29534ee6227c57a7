"""Which messages of the websocket begin and end a run of a page.

Relied on: ``BackMsg.rerun_script`` begins a run, ``ForwardMsg.script_finished`` ends it, and
``FINISHED_EARLY_FOR_RERUN`` says that another follows at once. If they change, a visitor's run
counts until its time is over (``counts_seconds`` in app/web/limits.py), and others wait so long
(tests/app/streamlit_internals/test_run_messages.py).
"""

from __future__ import annotations

from google.protobuf.message import DecodeError
from starlette.types import Message
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

_LONGEST_END = 200  # bytes: a status and the run's id; others are not looked at


def starts_run(received: Message) -> bool:
    """Whether this ASGI message asks for a run of a page or of a fragment."""
    try:
        return bool(BackMsg.FromString(received.get("bytes") or b"").HasField("rerun_script"))
    except DecodeError:
        return False


def ends_run(sent: Message) -> bool:
    """Whether this ASGI message tells the browser that a run is over and none follows."""
    raw = sent.get("bytes")
    if raw is None or len(raw) > _LONGEST_END:
        return False
    message = ForwardMsg.FromString(raw)
    is_end = message.WhichOneof("type") == "script_finished"
    return is_end and bool(message.script_finished != ForwardMsg.FINISHED_EARLY_FOR_RERUN)
