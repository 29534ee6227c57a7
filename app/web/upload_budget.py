"""ASGI middleware: how much visitors may upload, each and all together.

Counted is what is on its way and what Streamlit has accepted, whether a page reads it or not. Both
are in memory, and nothing of them on disk.
"""

from __future__ import annotations

import asyncio
from collections import Counter

from starlette.datastructures import Headers
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.streamlit_internals import uploads
from app.web.limits import LIMITS, MIB, Limits

FULL = "The server holds as many uploads as it can. Try again in a minute."


_STEP = 1 * MIB  # between two checks while an upload arrives


class _RefusedError(Exception):
    """An upload that would take too much."""

    def __init__(self, status: int, reason: str) -> None:
        super().__init__(reason)
        self.status = status


class UploadBudget:
    """Around Streamlit, which is served below the path ``base``."""

    def __init__(self, app: ASGIApp, base: str = "", limits: Limits = LIMITS) -> None:
        self._app, self._base, self._limits = app, base, limits
        self._coming: Counter[str] = Counter()  # bytes on their way, by session
        self._count: Counter[str] = Counter()  # uploads on their way, by session
        uploads.keep_in_memory()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Refuse an upload as soon as it is too much; free a session's when its socket closes."""
        if scope["type"] == "websocket":
            await self._serve_socket(scope, receive, send)
        elif scope["type"] == "http" and scope["method"] == "PUT" and self._is_upload(scope):
            await self._take(scope, receive, send)
        else:
            await self._app(scope, receive, send)

    def _is_upload(self, scope: Scope) -> bool:
        return bool(scope["path"].startswith(self._base + uploads.PATH))

    async def _take(self, scope: Scope, receive: Receive, send: Send) -> None:
        session = uploads.session_of(scope["path"].removeprefix(self._base))
        came, unchecked, answered = 0, 0, False

        async def count() -> Message:
            nonlocal came, unchecked
            message = await receive()
            size = len(message.get("body", b""))
            came, unchecked = came + size, unchecked + size
            self._coming[session] += size
            if unchecked > _STEP:
                unchecked = 0
                self._check(session, 0)
            return message

        async def note(message: Message) -> None:
            nonlocal answered
            answered = True
            await send(message)

        self._count[session] += 1
        try:
            self._check(session, _declared(scope))
            await self._app(scope, count, note)
        except _RefusedError as refused:
            if not answered:
                await PlainTextResponse(str(refused), refused.status)(scope, receive, send)
        finally:
            self._coming[session] -= came
            self._count[session] -= 1
            self._coming, self._count = +self._coming, +self._count
            self._free_later(session)

    def _check(self, session: str, more: int) -> None:
        """Raise _RefusedError when ``more`` bytes would be too many."""
        limits = self._limits
        if self._count[session] > limits.uploads_at_once:
            raise _RefusedError(
                429, f"At most {limits.uploads_at_once} files are uploaded at once."
            )
        if uploads.held(session, limits.upload_overhead) + self._coming[session] + more > (
            limits.upload_session
        ):
            allowed = limits.upload_session // MIB
            raise _RefusedError(
                413, f"Your files would take more than {allowed} MiB. Remove some first."
            )
        held = uploads.held_by_all(limits.upload_overhead)
        if (
            self._count.total() > limits.uploads_at_once_all
            or held + self._coming.total() + more > limits.upload_all
        ):
            raise _RefusedError(503, FULL)

    async def _serve_socket(self, scope: Scope, receive: Receive, send: Send) -> None:
        session = uploads.session_asked_for(scope)
        is_told = False

        async def listen(message: Message) -> None:
            nonlocal session, is_told
            if not is_told and (begun := uploads.session_begun(message)):
                session, is_told = begun, True
            await send(message)

        try:
            await self._app(scope, receive, listen)
        finally:
            self._free_later(session)

    def _free_later(self, session: str) -> None:
        """Free the files of a session whose socket is closed and not opened again."""
        asyncio.get_running_loop().call_later(
            self._limits.upload_grace_seconds, uploads.free, session
        )


def _declared(scope: Scope) -> int:
    text = Headers(scope=scope).get("content-length", "")
    return int(text) if text.isascii() and text.isdigit() else 0
