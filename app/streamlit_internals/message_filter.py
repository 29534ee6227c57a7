"""The messages that a visitor may send to Streamlit over the websocket.

Streamlit's protocol allows more than pages need. Anyone could clear the caches that all visitors
share, and each time another TensorFlow process would start. Such messages are dropped.

Relied on: ``BackMsg`` and its types. A type that a newer Streamlit adds is dropped, and features
that need it do not work: compare ``MESSAGES`` and ``OPERATIONS`` with ``BackMsg.proto`` at each
upgrade.
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
    """ASGI middleware that drops the messages that a visitor may not send over a websocket."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let the app answer without the dropped messages."""

        async def receive_allowed() -> Message:
            while True:
                message = await receive()
                if is_allowed(message.get("bytes")):
                    return message

        await self.app(scope, receive_allowed if scope["type"] == "websocket" else receive, send)


def is_allowed(raw: bytes | None) -> bool:
    """Whether to pass a frame on to Streamlit, which itself refuses malformed messages."""
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
