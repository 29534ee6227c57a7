"""What a visitor may ask of Streamlit over the websocket: runs of the page, and what belongs to it.

Streamlit's protocol has more. It lets anyone clear the caches that all visitors share, and each
time another TensorFlow process would start. Such a message goes no further.

Relied on: ``BackMsg`` and its kinds. A kind that a newer Streamlit adds is dropped, and what needs
it does nothing: compare ``MESSAGES`` and ``OPERATIONS`` with ``BackMsg.proto`` at each upgrade.
"""

from __future__ import annotations

from google.protobuf.message import DecodeError
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from streamlit.proto.BackMsg_pb2 import BackMsg

MESSAGES = {
    "rerun_script",
    "stop_script",
    "file_urls_request",
    "app_heartbeat",
    "backend_operation_request",
}
OPERATIONS = {"deferred_file", "dataframe_chunk"}  # a download's content, a long table's rows


class MessageFilter:
    """ASGI middleware: of a websocket's messages, only those that a visitor may send."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer as the app does, which never hears of the others."""

        async def receive_allowed() -> Message:
            while True:
                message = await receive()
                if is_allowed(message.get("bytes")):
                    return message

        await self.app(scope, receive_allowed if scope["type"] == "websocket" else receive, send)


def is_allowed(raw: bytes | None) -> bool:
    """Whether Streamlit may have this frame. What is no message at all, it refuses itself."""
    if raw is None:
        return True
    try:
        message = BackMsg.FromString(raw)
    except DecodeError:
        return True
    kind = message.WhichOneof("type")
    if kind == "backend_operation_request":
        return message.backend_operation_request.WhichOneof("payload") in OPERATIONS
    return kind in MESSAGES
